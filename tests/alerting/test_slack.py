"""The client against the emulator: what is known after each kind of answer, and which channels are refused."""

from datetime import timedelta

import pytest

from student_track.alerting import slack as slack_module
from student_track.alerting.connection import connect
from student_track.alerting.owners import Place
from student_track.alerting.slack import Slack
from student_track.alerting.slack_answers import CannotDeliverError
from student_track.errors import InputError, OutsideServiceError
from student_track.settings import load_settings
from tests.slack_emulator import ALL_SCOPES, SlackEmulator
from tests.slack_server import Fault

PAYLOAD = {"text": "news", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "body"}}]}
POST = "chat.postMessage"


@pytest.fixture
def channel(emulator):
    return emulator.add_channel("C123")


@pytest.mark.parametrize(
    ("fault", "state", "count_messages"),
    [
        (None, "sent", 1),
        (Fault(POST, "500", is_accepted=True), "unknown", 1),
        (Fault(POST, "503", is_accepted=True), "unknown", 1),
        (Fault(POST, "close", is_accepted=True), "unknown", 1),
        (Fault(POST, "truncate", is_accepted=True), "unknown", 1),
        (Fault(POST, "fatal_error", is_accepted=True), "unknown", 1),
        (Fault(POST, "silence", is_accepted=True), "unknown", 1),
        (Fault(POST, "500"), "unknown", 0),
        (Fault(POST, "close"), "unknown", 0),
        (Fault(POST, "429", retry_after="30"), "pending", 0),
        (Fault(POST, "ratelimited"), "pending", 0),
        (Fault(POST, "invalid_auth"), "pending", 0),
        (Fault(POST, "not_in_channel"), "failed", 0),
        (Fault(POST, "msg_blocks_too_long"), "failed", 0),
        (Fault(POST, "is_archived"), "failed", 0),
    ],
    ids=lambda value: (
        f"{value.do}{' after acceptance' if value.is_accepted else ''}" if isinstance(value, Fault) else None
    ),
)
def test_one_post_is_one_attempt_and_says_what_is_known(
    emulator, clock, channel, monkeypatch, fault, state, count_messages
):
    monkeypatch.setattr(slack_module, "TIMEOUT_SECONDS", 0.2)
    emulator.faults = [fault] if fault else []
    slack = Slack(emulator.token, emulator.url, clock)
    assert slack.post("C123", PAYLOAD, "id").state == state
    assert len(channel.messages) == count_messages
    assert [method for method, _ in emulator.calls] == [POST]


@pytest.mark.parametrize(("header", "seconds"), [("1.5", 1.5), ("30", 30), ("0", 1), (None, 1), ("soon", 1)])
def test_slack_says_how_long_to_wait(slack, emulator, channel, header, seconds):
    emulator.faults = [Fault(POST, "429", retry_after=header)]
    assert slack.post("C123", PAYLOAD, "id").retry_after == seconds


def test_a_refused_connection_is_certainly_no_message(clock):
    with SlackEmulator() as stopped:
        url = stopped.url
    assert Slack("xoxb-1", url, clock).post("C123", PAYLOAD, "id").state == "pending"


def test_two_posts_to_one_channel_are_a_second_apart_and_to_two_are_not(slack, emulator, channel, clock):
    emulator.add_channel("C456")
    slack.post("C123", PAYLOAD, "one")
    slack.post("C456", PAYLOAD, "two")
    assert clock.waits == []
    slack.post("C123", PAYLOAD, "three")
    assert clock.waits == [1.0]


def test_a_message_is_found_by_its_delivery_id_beyond_the_first_page(slack, emulator, channel, clock):
    emulator.page_size = 2
    for number in range(5):
        slack.post("C123", PAYLOAD, f"id{number}")
    since = clock.now() - timedelta(days=1)
    assert slack.find("C123", "id0", since) == [channel.messages[0]["ts"]]
    assert slack.find("C123", "id9", since) == []


def test_a_message_before_the_time_asked_for_is_not_looked_at(slack, channel, clock):
    slack.post("C123", PAYLOAD, "id")
    assert slack.find("C123", "id", clock.now() + timedelta(seconds=1)) == []


def test_without_waiting_slack_would_refuse_the_second_post(emulator, channel, clock):
    first, second = (Slack(emulator.token, emulator.url, clock).post("C123", PAYLOAD, "id") for _ in range(2))
    assert (first.state, second.state) == ("sent", "pending")


def test_an_owner_is_found_by_e_mail_and_told_directly(slack, emulator):
    own = emulator.add_person("ann@example.org")
    assert slack.channel_of(Place(email="ann@example.org")) == own.id


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (Place(email="nobody@example.org"), "users_not_found"),
        (Place(channel="C404"), "channel_not_found"),
        (Place(channel="C1PUBLIC"), "channel_is_public"),
        (Place(channel="C1SHARED"), "channel_is_shared"),
        (Place(channel="C1OLD"), "is_archived"),
    ],
)
def test_a_place_nobody_may_be_told_in_is_refused(slack, emulator, place, reason):
    emulator.add_channel("C1PUBLIC", is_private=False)
    emulator.add_channel("C1SHARED", is_ext_shared=True)
    emulator.add_channel("C1OLD", is_archived=True)
    with pytest.raises(CannotDeliverError, match=reason):
        slack.channel_of(place)


def test_what_posts_nothing_is_asked_again_and_then_given_up(slack, emulator, clock):
    emulator.add_person("ann@example.org")
    emulator.faults = [Fault("users.lookupByEmail", "503"), Fault("users.lookupByEmail", "429", retry_after="7")]
    slack.channel_of(Place(email="ann@example.org"))
    assert clock.waits == [1.0, 7.0]
    emulator.faults = [Fault("auth.test", "close", times=99)]
    with pytest.raises(OutsideServiceError, match=r"Slack does not answer auth\.test"):
        slack.check_token()


def test_a_missing_scope_is_named(clock):
    with SlackEmulator(scopes=ALL_SCOPES - {"users:read.email"}) as emulator:
        slack = Slack(emulator.token, emulator.url, clock)
        with pytest.raises(OutsideServiceError, match=r"missing_scope.*users:read\.email"):
            slack.channel_of(Place(email="ann@example.org"))


def test_the_token_stands_in_no_error(emulator, clock):
    with pytest.raises(OutsideServiceError, match="refuses the bot's token: invalid_auth") as refused:
        Slack("xoxb-a-wrong-one", emulator.url, clock).check_token()
    shown = f"{refused.value} {refused.value.__cause__} {refused.value.__context__!r}"
    assert "xoxb-a-wrong-one" not in shown


@pytest.fixture
def delivering(tmp_path):
    path = tmp_path / "hill.yml"
    path.write_text("deliver_alerts: true\n")
    return load_settings(path)


@pytest.mark.parametrize(
    ("token", "reason"), [("", "env:SLACK_BOT_TOKEN is empty"), ("https://hooks.slack.com/services/T/B/x", "webhook")]
)
def test_without_a_bot_token_nothing_is_begun(delivering, monkeypatch, token, reason):
    monkeypatch.setenv("SLACK_BOT_TOKEN", token)
    with pytest.raises(InputError, match=reason):
        connect(delivering)


def test_delivery_is_off_unless_a_school_turns_it_on():
    assert connect(load_settings("params/sample.yml")) is None


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy"])
def test_a_slack_on_this_machine_is_not_looked_for_behind_a_proxy(emulator, clock, monkeypatch, name):
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert Slack(emulator.token, emulator.url, clock).check_token() == "attendance"
