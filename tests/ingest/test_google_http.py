"""Requests to Google that go wrong (S1 to S8, S10): what is asked again, what ends the run, and with which words."""

import json
import logging
import time

import pytest
from google.auth.exceptions import RefreshError

from student_track.errors import InputError, OutsideServiceError
from student_track.ingest.google_answers import Kind, SheetMovedError, trouble_of_error
from student_track.ingest.google_http import DRIVE, SHEETS, Clock, Patience, connect, placed
from tests.sheets_emulator import errors
from tests.sheets_emulator.account import EMAIL
from tests.sheets_emulator.emulator import SheetsEmulator
from tests.sheets_emulator.server import Fault

HTML = "<html><title>Error 502 (Server Error)!!1</title></html>"
QUICK = Patience(connect_seconds=1, read_seconds=0.2, attempt_seconds=0.4, run_seconds=900)
FOR_EVER = 1000


@pytest.fixture
def emulator(emulator):
    """With the one spreadsheet that is asked for."""
    emulator.add_tab([["id"]])
    return emulator


@pytest.fixture
def client(emulator, clock):
    return connect(emulator.key_file, emulator.url, QUICK, clock)


def status(code, body="", times=1, match="/v4/", **headers):
    text = body if isinstance(body, str) else json.dumps(body.body)
    return Fault(match, "status", times=times, status=code, body=text, headers=headers)


def title(client):
    return client.fetch_sheet_metadata("KEY")["properties"]["title"]


@pytest.mark.parametrize(
    "fault",
    [
        status(429, errors.READ_QUOTA, times=3),
        status(503, errors.UNAVAILABLE, times=2),
        status(500, errors.sheets_error(500, "INTERNAL", "Internal error encountered."), times=2),
        status(502, HTML, times=2),
        status(503, HTML, times=2),
        status(408, HTML),
        status(503, '{"error": "x"}'),
        status(200, ""),
        status(200, HTML),
        status(200, "[]"),
        Fault("/v4/", "truncate"),
        Fault("/v4/", "short"),
        Fault("/v4/", "drop"),
        Fault("/v4/", "reset"),
        Fault("/v4/", "silence"),
        Fault("/v4/", "trickle"),
        status(502, HTML, match="/token"),
        status(503, HTML, match="/token"),
        status(200, HTML, match="/token"),
        Fault("/token", "drop"),
        Fault("/token", "silence"),
    ],
    ids=lambda fault: f"{fault.match} {fault.do} {fault.status} {fault.body[:9]}",
)
def test_what_passes_by_itself_is_asked_again(emulator, client, clock, fault):
    emulator.faults = [fault]
    assert title(client) == "Register"
    retried = [request for request in emulator.requests if fault.match in request.path]
    assert len(retried) == fault.times + 1
    assert len(clock.waits) == fault.times


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(429, errors.READ_QUOTA, FOR_EVER), "quota of .* used up .*ReadRequestsPerMinutePerUser: 60"),
        (status(429, HTML, FOR_EVER), r"quota of .* used up \(HTTP status 429\)"),
        (status(503, HTML, FOR_EVER), r"does not answer \(HTTP status 503\)"),
        (status(200, HTML, FOR_EVER), r"does not answer \(an answer that is no JSON object\)"),
        (Fault("/v4/", "drop", times=FOR_EVER), r"does not answer \(ConnectionError\)"),
        (status(503, HTML, FOR_EVER, "/token"), r"does not answer \(HTTP status 503 for the token\)"),
    ],
)
def test_what_does_not_pass_ends_after_six_attempts_with_its_name(emulator, client, clock, fault, words):
    emulator.faults = [fault]
    with pytest.raises(OutsideServiceError, match=f"google:KEY: .*{words}"):
        title(client)
    assert fault.count == 6
    assert len(clock.waits) == 5
    assert max(clock.waits) <= 60


def test_a_machine_that_is_not_there_is_an_outside_service(clock, emulator):
    with SheetsEmulator(clock.now) as stopped:
        gone = stopped.url
    with pytest.raises(OutsideServiceError, match=r"does not answer \(ConnectionError\)"):
        title(connect(emulator.key_file, gone, QUICK, clock))


@pytest.mark.parametrize(
    ("header", "least"), [("40", 40), ("0.5", 1), (None, 7.5), ("Wed, 25 Nov 2026 07:00:00 GMT", 7.5)]
)
def test_google_says_how_long_to_wait(emulator, client, clock, header, least):
    emulator.faults = [status(429, errors.READ_QUOTA, **({"Retry-After": header} if header else {}))]
    assert title(client) == "Register"
    assert least <= clock.waits[0] <= 60


def test_nothing_is_waited_for_that_comes_after_the_end_of_the_run(emulator, clock):
    emulator.faults = [status(429, errors.READ_QUOTA, FOR_EVER, **{"Retry-After": "30"})]
    client = connect(emulator.key_file, emulator.url, Patience(run_seconds=70), clock)
    with pytest.raises(OutsideServiceError, match="quota"):
        title(client)
    assert clock.waits == [30, 30]
    emulator.faults = []
    clock.seconds = 71
    with pytest.raises(OutsideServiceError, match="the time of this run for it is over"):
        title(client)


@pytest.mark.parametrize("do", ["silence", "trickle"])
def test_a_server_that_never_finishes_is_left_when_the_time_is_over(emulator, do):
    emulator.faults = [Fault("/v4/", do, times=FOR_EVER)]
    patience = Patience(read_seconds=30, run_seconds=0.5)
    began = time.monotonic()
    with pytest.raises(OutsideServiceError, match=r"does not answer \(TimeoutError\)"):
        title(connect(emulator.key_file, emulator.url, patience, Clock()))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("body", ['{"error": "x"}', '{"error": {}}', '{"error": null}', "[]", "", HTML])
@pytest.mark.parametrize("code", [400, 409])
def test_a_refusal_in_any_form_is_not_asked_again(emulator, client, code, body):
    emulator.faults = [status(code, body, FOR_EVER)]
    with pytest.raises(OutsideServiceError, match=rf"google:KEY: the Google Sheets API refuses .*HTTP status {code}"):
        title(client)
    assert emulator.paths() == ["token", "metadata"]


def drive(client):
    return client.request("get", f"{DRIVE}/drive/v3/files/KEY", params={"fields": "version"}).json()


def not_shared(emulator):
    emulator.workbooks["KEY"].shared_with.clear()


def sheets_disabled(emulator):
    emulator.disabled_apis.add("sheets")


def drive_disabled(emulator):
    emulator.disabled_apis.add("drive")


def scope_withheld(emulator):
    emulator.tokens.withheld_scopes = frozenset(
        {
            "https://www.googleapis.com/auth/spreadsheets.readonly",
            "https://www.googleapis.com/auth/drive.metadata.readonly",
        }
    )


def office_file(emulator):
    emulator.workbooks["KEY"].is_office_file = True


def no_file(emulator):
    emulator.workbooks.clear()


def key_deleted(emulator):
    emulator.faults = [status(400, '{"error": "invalid_grant", "error_description": "x"}', FOR_EVER, "/token")]


@pytest.mark.parametrize(
    ("cause", "ask", "words"),
    [
        (not_shared, title, "is not shared with the account that reads it"),
        (not_shared, drive, "knows no such spreadsheet, or hides it"),
        (no_file, title, "knows no such spreadsheet, or hides it"),
        (sheets_disabled, title, "the Google Sheets API is not switched on in the Google Cloud project"),
        (drive_disabled, drive, "the Google Drive API is not switched on in the Google Cloud project"),
        (scope_withheld, title, "lacks a scope for the Google Sheets API"),
        (scope_withheld, drive, "lacks a scope for the Google Drive API"),
        (key_deleted, title, r"does not accept the key .*\(invalid_grant\)"),
        (office_file, title, "is an Office file kept in Google Drive"),
    ],
)
def test_what_a_person_has_to_mend_is_said_once_and_tells_what_to_do(emulator, client, clock, cause, ask, words):
    cause(emulator)
    with pytest.raises(InputError, match=f"google:KEY: .*{words}") as refused:
        ask(client)
    assert EMAIL in str(refused.value) or cause is office_file
    assert clock.waits == []
    assert len(emulator.paths()) <= 2


def test_a_quota_of_drive_comes_as_a_refusal_and_is_waited_for(emulator, client, clock):
    emulator.faults = [status(403, errors.DRIVE_QUOTA, match="/drive/")]
    assert drive(client) == {"version": "1"}
    assert len(clock.waits) == 1


def test_a_range_that_is_gone_is_told_apart(emulator, client):
    for gone in ("'Nowhere'!A1:B2", "'7A'!A2000:B2001"):
        with pytest.raises(SheetMovedError):
            client.values_batch_get("KEY", [gone], {})


def test_a_token_that_ends_in_the_middle_of_a_run_is_replaced_unseen(emulator, client, clock):
    assert title(client) == "Register"
    emulator.tokens.expire()
    assert title(client) == "Register"
    assert emulator.paths() == ["token", "metadata", "metadata", "token", "metadata"]
    assert clock.waits == []


def test_a_token_that_google_cannot_give_just_now_is_no_refused_key():
    answer = {"error": "temporarily_unavailable"}
    assert trouble_of_error(RefreshError("x", answer, retryable=True)).is_passing
    assert trouble_of_error(RefreshError("x", answer)) == (Kind.KEY_REFUSED, "temporarily_unavailable", None)


def test_a_token_that_is_never_accepted_ends_the_run(emulator, client):
    emulator.faults = [status(401, errors.UNAUTHENTICATED, FOR_EVER)]
    with pytest.raises(InputError, match="does not accept the key"):
        title(client)
    assert emulator.paths().count("metadata") == 3


def test_sixty_reads_a_minute_are_not_exceeded(emulator, client, clock):
    for _ in range(130):
        title(client)
    assert len(emulator.requests) == 1 + 130
    assert 120 <= clock.seconds <= 130


def test_without_pacing_google_would_refuse(emulator, clock):
    hasty = [connect(emulator.key_file, emulator.url, Patience(attempts=1), clock) for _ in range(2)]
    for _ in range(30):
        assert [title(client) for client in hasty] == ["Register", "Register"]
    with pytest.raises(OutsideServiceError, match="ReadRequestsPerMinutePerUser: 60"):
        title(hasty[0])


def test_what_could_write_is_asked_once(emulator, client):
    emulator.faults = [status(503, HTML, FOR_EVER)]
    with pytest.raises(OutsideServiceError):
        client.batch_update("KEY", {})
    assert emulator.paths() == ["token", "metadata"]


def test_no_secret_is_logged_or_said(emulator, client, caplog):
    caplog.set_level(logging.DEBUG)
    title(client)
    emulator.faults = [status(401, errors.UNAUTHENTICATED, FOR_EVER)]
    with pytest.raises(InputError) as refused:
        title(client)
    said = caplog.text + str(refused.value)
    assert caplog.text
    assert "ya29" not in said
    assert "assertion" not in said
    assert json.loads(emulator.key_file)["private_key"][40:80] not in said


def test_only_reading_is_asked_for(emulator, client):
    title(client)
    assert [sorted(scopes) for scopes in emulator.tokens.scopes_asked] == [
        [
            "https://www.googleapis.com/auth/drive.metadata.readonly",
            "https://www.googleapis.com/auth/spreadsheets.readonly",
        ]
    ]


def test_in_production_google_is_asked_at_its_own_address():
    assert placed(f"{SHEETS}/v4/spreadsheets/KEY", "") == "https://sheets.googleapis.com/v4/spreadsheets/KEY"
    assert (
        placed(f"{DRIVE}/drive/v3/files/KEY", "https://gateway/google") == "https://gateway/google/drive/v3/files/KEY"
    )
