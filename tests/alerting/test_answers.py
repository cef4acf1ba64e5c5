"""Answers to alerts: whose reaction counts, what the Actions tab says, and what if reactions cannot be read."""

from datetime import timedelta

import pyarrow as pa
import pytest

from student_track import tables
from student_track.alerting import delivery, outbox
from student_track.alerting.answers import gather_answers
from student_track.alerting.episodes import Episode
from student_track.alerting.owners import Owners, Place
from student_track.alerting.rules import Reactions
from student_track.alerting.slack import Slack
from student_track.frames import frame_from_rows
from student_track.schemas import ACTIONS
from tests.alerting.conftest import DAY, prepared, standing
from tests.slack_emulator import ALL_SCOPES

KEY = "a" * 16
ANN, DEPUTY = "ann@example.org", "deputy@example.org"
PEOPLE = {ANN: Place(channel="C0ANN", user="U0000"), DEPUTY: Place(email=DEPUTY)}
OWNERS = Owners({"7A": ANN}, PEOPLE, (), {("deputy", "7A"): DEPUTY})
TOLD = Episode(KEY, "streak", 1, "notified", DAY, DAY, ANN, notified_date=DAY, last_told_date=DAY)


class Choices:
    reactions = Reactions()


@pytest.fixture
def message(empty_lake, emulator, slack, clock):
    """The message in the owner's channel that tells of the episode."""
    emulator.add_person(ANN)
    emulator.add_person(DEPUTY)
    emulator.add_channel("C0ANN")
    sent = prepared(clock, ANN, episodes=(f"{KEY}|streak|1~3",))
    outbox.put_in_outbox(empty_lake, [sent], "run")
    delivery.deliver(empty_lake, slack, outbox.DIGESTS, OWNERS, "", clock, "run")
    (posted,) = emulator.channels["C0ANN"].messages
    return posted


def answers(spark, slack, day, remembered=(TOLD,)):
    return gather_answers(spark, slack, remembered, [standing(KEY)], OWNERS, Choices, day)


@pytest.mark.parametrize(
    ("who", "reaction", "kinds"),
    [
        ([ANN], "eyes", ["acknowledge"]),
        ([DEPUTY], "white_check_mark", ["acknowledge"]),
        ([DEPUTY], "white_check_mark::skin-tone-3", ["acknowledge"]),
        ([ANN], "zzz", ["snooze"]),
        ([ANN], "tada", []),
        (["U9STRANGER"], "eyes", []),
        (["B1"], "eyes", []),
        ([*(f"U9{number:03}" for number in range(60)), ANN], "eyes", ["acknowledge"]),
        ([], "eyes", []),
    ],
    ids=["owner", "deputy", "in any colour", "snooze", "another reaction", "stranger", "bot", "among many", "removed"],
)
def test_only_the_students_own_staff_answer(empty_lake, emulator, slack, day, message, who, reaction, kinds):
    for one in who:
        emulator.react(one, message, reaction)
    found = answers(empty_lake, slack, day)
    assert [(one.kind, one.student_key, one.rule, one.number, one.on_date) for one in found.signals] == [
        (kind, KEY, "streak", 1, DAY) for kind in kinds
    ]
    assert [one.until_date for one in found.signals if one.kind == "snooze"] == [DAY + timedelta(days=7)] * (
        kinds == ["snooze"]
    )


def test_of_a_message_that_was_deleted_there_is_no_answer(empty_lake, emulator, slack, day, message):
    emulator.channels["C0ANN"].messages.clear()
    assert answers(empty_lake, slack, day).signals == ()


def test_what_is_acknowledged_is_not_asked_about(empty_lake, emulator, slack, day, message):
    emulator.calls.clear()
    seen = TOLD.moved("acknowledged", "acknowledged by a reaction", DAY)
    assert answers(empty_lake, slack, day, [seen]).signals == ()
    assert emulator.calls == []


def test_without_the_scope_alerts_go_on_and_the_reason_is_known(empty_lake, emulator, clock, day, message):
    emulator.scopes = ALL_SCOPES - {"reactions:read"}
    slack = Slack(emulator.token, emulator.url, clock)
    assert answers(empty_lake, slack, day).unread_because == "missing_scope"


def test_the_actions_tab_answers_too_also_where_delivery_is_off(empty_lake, day):
    rows = [
        ("seen", KEY, DAY, "acknowledgement", "Ann", "a note"),
        ("called", KEY, DAY, "call", "Ann", None),
        ("later", KEY, DAY + timedelta(days=9), "snooze", "Ann", None),
        ("typed wrong", KEY, DAY + timedelta(days=9), "acknowledgement", "Ann", None),
        ("another student's", "b" * 16, DAY, "acknowledgement", "Ann", None),
    ]
    dates = {"action_date": pa.date32()}
    tables.merge(empty_lake, "actions", frame_from_rows(empty_lake, ACTIONS.column_names, rows, dates))
    found = answers(empty_lake, None, day).signals
    assert [(one.kind, one.on_date, one.until_date, one.source) for one in found] == [
        ("acknowledge", DAY, None, "in the Actions tab"),
        ("snooze", DAY + timedelta(days=9), DAY + timedelta(days=9), "in the Actions tab"),
    ]
