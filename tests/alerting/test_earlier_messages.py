"""Messages of earlier days: answered in their thread, and told in place what has become of those they told of."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from student_track import tables
from student_track.alerting import delivery, outbox
from student_track.alerting.digest import digests
from student_track.alerting.due import due_today
from student_track.alerting.earlier_messages import in_their_threads, updates
from student_track.alerting.episodes import Episode
from student_track.alerting.owners import Owners, Place
from student_track.alerting.rendering import Messages, with_status
from student_track.alerting.standings import AlertDay
from tests.alerting.conftest import ALERTS, ANN, BEN, DAY, NOBODY, prepared, shipped_rules, standing, states
from tests.slack_blocks import as_a_reader_sees
from tests.slack_server import Fault

YESTERDAY = DAY - timedelta(days=1)
KEY, OTHER = "a" * 16, "b" * 16
POST, UPDATE, HISTORY = "chat.postMessage", "chat.update", "conversations.history"


def episode(state, key=KEY, **facts):
    told = {"notified_date": YESTERDAY, "last_told_date": YESTERDAY}
    return Episode(key, "streak", 1, state, YESTERDAY, DAY, ANN, **told | facts)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (episode("notified"), None),
        (episode("acknowledged"), ("in hand", "in hand since 20 Nov")),
        (episode("snoozed", snoozed_until_date=DAY), ("held back", "held back until 20 Nov")),
        (
            episode("escalated", escalated_to="deputy"),
            ("passed on", "nobody has answered; the deputy was told 20 Nov"),
        ),
        (episode("notified", last_told_date=DAY), None),
        (episode("resolved", cause="recovered"), ("no longer the case", "no longer the case since 20 Nov")),
        (episode("resolved", cause="left"), ("closed", "has left, 20 Nov")),
    ],
    ids=lambda value: value.state if isinstance(value, Episode) else None,
)
def test_what_has_become_of_a_student(clock, now, said):
    sent = prepared(clock, ANN, as_of_date=YESTERDAY, episodes=(f"{KEY}|streak|1~3",))
    found = [(change.word, change.text) for update in updates([sent], {now.key: now}) for change in update.changes]
    assert found == ([said] if said else [])


def test_of_two_episodes_the_open_one_decides(clock):
    sent = prepared(clock, ANN, as_of_date=YESTERDAY, episodes=(f"{KEY}|streak|1", f"{KEY}|fell|1"))
    over = episode("resolved", cause="recovered")
    for state, count in (("notified", 0), ("acknowledged", 1)):
        fell = replace(episode(state), rule="fell")
        assert len(updates([sent], {over.key: over, fell.key: fell})) == count


@pytest.fixture
def told(empty_lake, slack, clock, workspace):
    """Yesterday's message to Ann about two students, as it stands in her direct message."""
    clock.moment -= timedelta(days=1)
    message = Messages(ALERTS / "messages").render(
        "operator", school="Hill School", day="Thursday", lines=["Student A", "Student B"]
    )
    sent = prepared(clock, ANN, as_of_date=YESTERDAY, episodes=(f"{KEY}|streak|1~3", f"{OTHER}|streak|1~3"))
    outbox.put_in_outbox(empty_lake, [replace(sent, payload=json.dumps(message))], "run")
    delivery.deliver(empty_lake, slack, outbox.DIGESTS, NOBODY, "", clock, "run")
    clock.moment += timedelta(days=1)
    (known,) = outbox.read_outbox(empty_lake, [outbox.SENT])
    return known


def change_of(told, clock, text="Student A: in hand", kind=outbox.UPDATE):
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": f"Since then: 1.\n{text}"}]}
    blocks = [{"type": "rich_text", "block_id": "status", "elements": [section]}]
    return replace(
        prepared(clock, ANN),
        kind=kind,
        delivery_id=outbox.delivery_id(b"a secret", outbox.PENDING, kind, ANN, DAY, text),
        payload=json.dumps({"text": text, "blocks": blocks}),
        channel=told.channel,
        target_ts=told.slack_ts,
    )


def write_into(spark, slack, clock, *changes, owners=NOBODY):
    clock.wait(300)
    delivery.settle(spark, slack, clock, "run")
    outbox.put_in_outbox(spark, changes, "run")
    return delivery.deliver(spark, slack, outbox.TO_OWNERS, owners, "", clock, "run")


def test_a_change_stands_below_the_header_once_and_calls_nobody(told, empty_lake, slack, clock, workspace):
    before = dict(workspace.direct_message(ANN).messages[0])
    write_into(empty_lake, slack, clock, change_of(told, clock))
    write_into(empty_lake, slack, clock, change_of(told, clock, "Student A: over"))
    (message,) = workspace.direct_message(ANN).messages
    header, *lines = before["blocks"]
    assert message["blocks"] == [header, message["blocks"][1], *lines]
    assert as_a_reader_sees({"blocks": message["blocks"][1:2]}) == "Since then: 1.\nStudent A: over"
    assert (message["text"], message["metadata"]) == (before["text"], before["metadata"])
    assert [method for method, _ in workspace.calls].count(POST) == 1


@pytest.mark.parametrize(
    ("do", "is_accepted"), [("close", True), ("500", True), ("503", False), ("truncate", True), ("429", False)]
)
def test_a_change_in_doubt_is_made_again(told, empty_lake, slack, clock, workspace, do, is_accepted):
    workspace.faults = [Fault(UPDATE, do, is_accepted)]
    write_into(empty_lake, slack, clock, change_of(told, clock))
    write_into(empty_lake, slack, clock, change_of(told, clock))
    (text,) = workspace.direct_message(ANN).read()
    assert text.count("in hand") == 1
    assert {row.state for row in empty_lake.table("alert_outbox").collect()} == {"sent"}


def test_many_changes_cost_one_commit_after_the_messages(told, empty_lake, slack, clock, workspace):
    changes = [change_of(told, clock, f"Student {number}: in hand") for number in range(6)]
    outbox.put_in_outbox(empty_lake, [*changes, prepared(clock, BEN)], "run")
    before = tables.version(empty_lake, "alert_outbox")
    delivery.deliver(empty_lake, slack, outbox.TO_OWNERS, NOBODY, "", clock, "run")
    assert tables.version(empty_lake, "alert_outbox") - before == 2
    called = [method for method, _ in workspace.calls]
    assert called.index(UPDATE) > max(place for place, method in enumerate(called) if method == POST)
    assert set(states(empty_lake).values()) == {"sent"}


@pytest.mark.parametrize("why", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_message_that_cannot_be_changed_is_left_and_nobody_hears_of_it(
    told, empty_lake, slack, clock, workspace, why
):
    if why == "message_not_found":
        workspace.direct_message(ANN).messages.clear()
    else:
        workspace.faults = [Fault(UPDATE, why)]
    sent = write_into(empty_lake, slack, clock, change_of(told, clock))
    assert (sent.states, sent.errors) == ({}, {})
    (row,) = outbox.read_outbox(empty_lake, [outbox.FAILED])
    assert (row.kind, row.error) == (outbox.UPDATE, why)


def test_an_owner_who_is_told_elsewhere_now_has_nothing_changed_there(told, empty_lake, slack, clock, workspace):
    workspace.add_channel("C0NEW")
    elsewhere = Owners({}, {ANN: Place(channel="C0NEW")}, ())
    write_into(empty_lake, slack, clock, change_of(told, clock), owners=elsewhere)
    assert "in hand" not in str(workspace.everything_read())


def test_of_many_changes_as_many_are_shown_as_there_is_room_for():
    def status(*texts):
        elements = [{"type": "text", "text": text} for text in texts]
        section = {"type": "rich_text_section", "elements": elements}
        return {"text": "", "blocks": [{"type": "rich_text", "block_id": "status", "elements": [section]}]}

    def message(size):
        blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Head"}}]
        blocks += [{"type": "section", "text": {"type": "plain_text", "text": "x" * 100}} for _ in range(size)]
        return {"text": "t", "blocks": blocks}

    few = with_status(message(3), status("Since then: 2.", "\none", "\ntwo"))
    assert as_a_reader_sees(few).startswith("HeadSince then: 2.\none\ntwo")
    most = with_status(message(48), status("Since then: 2.", "\none", "\n" + "y" * 1500, "\n" + "z" * 9000))
    assert as_a_reader_sees(most).startswith("HeadSince then: 2.\none" + "\n" + "y" * 1500 + "x")
    assert with_status(message(49), status("Since then: 2.")) is None


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_recovery_answers_the_message_that_told_of_it_or_stands_alone(
    told, empty_lake, slack, clock, workspace, is_gone
):
    channel = workspace.direct_message(ANN)
    if is_gone:
        channel.messages.clear()
    over = replace(change_of(told, clock, "over", outbox.RESOLVE), episodes=(f"{KEY}|streak|1+",))
    write_into(empty_lake, slack, clock, over)
    assert [one.get("thread_ts") for one in channel.messages[-1:]] == [None if is_gone else told.slack_ts]
    assert len(channel.messages) == 2 - is_gone
    assert set(states(empty_lake).values()) == {"sent"}


@pytest.mark.parametrize(("do", "is_gone"), [("close", False), ("500", True), ("truncate", True)])
def test_an_answer_in_a_thread_stands_there_once_whatever_answer_is_lost(
    told, empty_lake, slack, clock, workspace, do, is_gone
):
    """Also where the message it answers is deleted between the post and the look-up."""
    workspace.faults = [Fault(POST, do, is_accepted=True), Fault("conversations.replies", "503", times=4)]
    over = replace(change_of(told, clock, "over", outbox.RESOLVE), episodes=(f"{KEY}|streak|1+",))
    write_into(empty_lake, slack, clock, over)
    channel = workspace.direct_message(ANN)
    if is_gone:
        channel.messages[:] = [one for one in channel.messages if one["ts"] != told.slack_ts]
        channel.messages[0].pop("thread_ts")  # what answered it is a message of the channel now
    write_into(empty_lake, slack, clock, over)
    assert sum("over" in text for text in channel.read()) == 1


RULES = shipped_rules()
STAFF = Owners({"7A": ANN}, {}, (), {("deputy", "7A"): BEN})


def message_of(episodes, owners, sent):
    days = tuple(DAY - timedelta(days=number) for number in range(40))
    day = AlertDay(DAY, 2026, "school", 0, school_days=days)
    found = [standing(one.student_key, stays={"streak"} if one.is_open else set()) for one in episodes]
    due = due_today(episodes, found, RULES.by_name, owners, day)
    return in_their_threads(digests(due, episodes, found, {ANN, BEN}, set()), sent, owners)


def test_what_only_tells_of_recoveries_is_an_answer_and_with_anything_new_a_digest(clock):
    sent = [replace(prepared(clock, ANN, episodes=(f"{KEY}|streak|1~3",)), slack_ts="1.2", channel="D1")]
    over = episode("resolved", cause="recovered")
    (alone,) = message_of([over], STAFF, sent)
    assert (alone.kind, alone.answers) == ("resolve", sent[0])
    (both,) = message_of([over, episode("new", OTHER, notified_date=None, last_told_date=None)], STAFF, sent)
    assert (both.kind, both.answers) == ("digest", None)


@pytest.mark.parametrize(
    ("owner", "deputy", "is_in_thread", "mentions"),
    [
        (Place(channel="C1TUTORS", user="U001"), Place(channel="C1TUTORS", user="U002"), True, "U002"),
        (Place(channel="C1TUTORS", user="U001"), Place(channel="C1TUTORS"), True, ""),
        (Place(channel="C1TUTORS", user="U001"), Place(channel="C2OTHERS", user="U002"), False, ""),
        (Place(email=ANN), Place(email=BEN), False, ""),
    ],
)
def test_an_escalation_is_in_the_owners_thread_where_both_read_one_channel(
    clock, owner, deputy, is_in_thread, mentions
):
    owners = replace(STAFF, places={ANN: owner, BEN: deputy})
    sent = [
        replace(prepared(clock, ANN, episodes=(f"{KEY}|streak|1~3",)), slack_ts="1.2", channel=owner.channel or "D1")
    ]
    unanswered = episode("notified", notified_date=DAY - timedelta(days=5))
    raised = next(one for one in message_of([unanswered], owners, sent) if one.kind == "escalation")
    assert (raised.owner, raised.answers, raised.mentions) == (BEN, sent[0] if is_in_thread else None, mentions)
