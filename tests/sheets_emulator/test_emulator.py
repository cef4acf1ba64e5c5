"""The emulator refuses what Google refuses, whoever asks: without this its tests would prove little."""

import time

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from student_track.errors import InputError
from student_track.ingest.google_http import connect
from tests.sheets_emulator.account import key_file
from tests.sheets_emulator.clock import StillClock
from tests.sheets_emulator.emulator import SheetsEmulator
from tests.sheets_emulator.workbook import SheetCell


@pytest.fixture
def emulator(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with SheetsEmulator(StillClock().now) as running:
        running.add_tab([["id", "", "x"], [], ["00123"]], title="D3")
        yield running


def other_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


@pytest.mark.parametrize("changes", [{"private_key": other_key()}, {"client_email": "other@example.org"}])
def test_a_request_signed_by_another_gets_no_token(emulator, changes):
    client = connect(key_file(**changes), emulator.url, clock=StillClock())
    with pytest.raises(InputError, match="invalid_grant"):
        client.fetch_sheet_metadata("KEY")
    assert emulator.tokens.scopes_of == {}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v4/spreadsheets/KEY", 401),
        ("GET", "/drive/v3/files/KEY", 401),
        ("GET", "/drive/v3/files", 501),
        ("GET", "/v4/spreadsheets/KEY/developerMetadata/1", 501),
        ("POST", "/v4/spreadsheets/KEY:batchUpdate", 501),
        ("PUT", "/v4/spreadsheets/KEY/values/A1", 501),
    ],
)
def test_no_token_no_answer_and_an_unknown_call_is_none(emulator, method, path, status):
    assert requests.request(method, emulator.url + path, timeout=5).status_code == status


def test_values_are_trimmed_and_their_range_is_repeated(emulator):
    client = connect(emulator.key_file, emulator.url)
    assert client.values_get("KEY", "'D3'!A1:D9") == {
        "range": "'D3'!A1:D9",
        "majorDimension": "ROWS",
        "values": [["id", "", "x"], [], ["00123"]],
    }
    assert client.values_get("KEY", "D3!A900:ZZ9999") == {"range": "'D3'!A900:Z1000", "majorDimension": "ROWS"}


def test_metadata_hold_what_the_mask_asks_for(emulator):
    client = connect(emulator.key_file, emulator.url)
    mask = {"fields": "properties(locale),sheets(properties(title,gridProperties(rowCount)))"}
    assert client.fetch_sheet_metadata("KEY", mask) == {
        "properties": {"locale": "en_US"},
        "sheets": [{"properties": {"title": "D3", "gridProperties": {"rowCount": 1000}}}],
    }
    assert client.fetch_sheet_metadata("KEY")["sheets"][0]["properties"]["sheetType"] == "GRID"


def test_a_cell_has_one_value_and_two_renderings(emulator):
    emulator.workbooks["KEY"].tabs[0].write(1, [SheetCell(123, "00000"), SheetCell(True), SheetCell(46272, "d mmm")])
    client = connect(emulator.key_file, emulator.url)
    assert client.values_get("KEY", "D3!A1:C1")["values"] == [["00123", "TRUE", "7 Sep"]]
    held = client.values_get("KEY", "D3!A1:C1", {"valueRenderOption": "UNFORMATTED_VALUE"})
    assert held["values"] == [[123, True, 46272]]


def test_an_old_request_of_a_token_is_refused(emulator):
    emulator.tokens.now = lambda: time.time() + 7200
    with pytest.raises(InputError, match="invalid_grant"):
        connect(emulator.key_file, emulator.url, clock=StillClock()).fetch_sheet_metadata("KEY")
