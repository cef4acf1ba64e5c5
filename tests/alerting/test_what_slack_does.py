"""What Slack, networks and people do to alerts, and what must come of it: the rows that no other test here holds.

The others: kills and two senders in ``test_faults``; late arrivals, an unreadable history and tokens in
``test_delivery``; deleted messages in ``test_earlier_messages``; reactions in ``test_answers``; names from hell in
``test_rendering``; flapping in ``test_due`` and ``test_episodes``; refused channels and proxies in ``test_slack``.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import student_track
from student_track.alerting import delivery, outbox
from student_track.alerting import slack as slack_module
from student_track.alerting.due import due_today
from student_track.alerting.episodes import Episode, decide
from student_track.alerting.owners import Owners, Place
from student_track.alerting.rendering import should_fit_slack
from student_track.alerting.slack import Slack
from student_track.alerting.standings import AlertDay
from student_track.errors import CheckFailedError, InputError
from tests.alerting.conftest import ANN, BEN, DAY, NOBODY, prepared, shipped_rules, standing, states
from tests.slack_server import Fault

POST, HISTORY, LOOK_UP = "chat.postMessage", "conversations.history", "users.lookupByEmail"
RULES = shipped_rules()


@pytest.mark.parametrize("retry_after", ["0", "1", "30", "1.5", None, "soon"])
def test_in_a_burst_of_429_each_channel_waits_and_none_is_lost(run, workspace, empty_lake, retry_after):
    workspace.faults = [Fault(POST, "429", times=3, retry_after=retry_after)]
    run(ANN, BEN)
    run(ANN, BEN)
    assert workspace.everything_read() == {ANN: ["news"], BEN: ["news"]}
    assert set(states(empty_lake).values()) == {"sent"}


LOST = ("close", "reset", "silence", "500", "503", "fatal_error", "truncate", "short")


@pytest.mark.parametrize("do", LOST)
@pytest.mark.parametrize("is_accepted", [True, False], ids=["after acceptance", "before acceptance"])
def test_whatever_answer_is_lost_exactly_one_message_stands_there(
    empty_lake, workspace, clock, monkeypatch, do, is_accepted
):
    monkeypatch.setattr(slack_module, "TIMEOUT_SECONDS", 0.3)
    slack = Slack(workspace.token, workspace.url, clock)
    workspace.faults = [Fault(POST, do, is_accepted)]
    for _ in range(2):
        clock.wait(300)
        delivery.settle(empty_lake, slack, clock, "run")
        outbox.put_in_outbox(empty_lake, [prepared(clock, ANN)], "run")
        delivery.deliver(empty_lake, slack, outbox.DIGESTS, NOBODY, "", clock, "run")
    assert workspace.everything_read() == {ANN: ["news"]}
    assert states(empty_lake) == {ANN: "sent"}


def test_a_history_that_asks_to_wait_is_waited_for_before_anything_is_sent_again(run, workspace, empty_lake, clock):
    workspace.faults = [Fault(POST, "close", is_accepted=True), Fault(HISTORY, "429", times=2, retry_after="7")]
    run(ANN)
    assert workspace.everything_read() == {ANN: ["news"]}
    assert clock.waits[-2:] == [7.0, 7.0]
    assert states(empty_lake) == {ANN: "sent"}


def test_a_message_on_the_third_page_of_a_history_is_found(run, workspace, empty_lake):
    workspace.page_size = 2
    workspace.faults = [Fault(POST, "close", is_accepted=True), Fault(HISTORY, "503", times=4)]
    run(ANN)
    channel = workspace.direct_message(ANN)
    ts = float(channel.messages[0]["ts"])
    channel.messages += [{"ts": f"{ts + number:.6f}", "text": "thanks", "blocks": []} for number in range(1, 6)]
    run(ANN)
    assert channel.read() == ["news", *[""] * 5]
    assert states(empty_lake) == {ANN: "sent"}


@pytest.mark.parametrize(
    "code",
    [
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "invalid_blocks",
        "msg_blocks_too_long",
        "restricted_action",
    ],
)
def test_what_slack_is_sure_of_fails_alone_is_told_once_and_not_tried_again_that_run(run, workspace, empty_lake, code):
    workspace.faults = [Fault(POST, code)]
    sent = run(ANN, BEN)
    assert states(empty_lake) == {ANN: "failed", BEN: "sent"}
    assert sent.errors == {code: 1}
    with pytest.raises(InputError, match=f"1 of 2 messages could not be delivered: {code}"):
        delivery.refuse_what_was_not_delivered(sent)
    assert [method for method, _ in workspace.calls].count(POST) == 2


def block(length):
    return {"type": "section", "text": {"type": "plain_text", "text": "x" * length}}


@pytest.mark.parametrize(
    ("blocks", "fits"),
    [
        ([block(5)] * 49, True),
        ([block(5)] * 50, True),
        ([block(5)] * 51, False),
        ([block(2999)], True),
        ([block(3000)], True),
        ([block(3001)], False),
        ([block(2500)] * 4, True),
        ([block(2700)] * 4, False),
        ([block(2800)] * 5, False),
    ],
    ids=["49 blocks", "50", "51", "2999 characters", "3000", "3001", "10300 in all", "11100", "14400"],
)
def test_what_fits_is_what_slack_takes(emulator, slack, blocks, fits):
    emulator.add_channel("C0")
    payload = {"text": "x", "blocks": blocks}
    if not fits:
        with pytest.raises(CheckFailedError):
            should_fit_slack({"id": payload})
        return
    should_fit_slack({"id": payload})
    assert slack.post("C0", payload, "id").state == "sent"


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        ("unknown@example.org", "users_not_found"),
        ("gone@example.org", "user_disabled"),
        ("Ms A; Mr B", "no_channel_and_no_email"),
        (f"{ANN}, {BEN}", "no_channel_and_no_email"),
    ],
)
def test_an_owner_slack_cannot_tell_is_counted_and_the_others_are_told(run, workspace, empty_lake, owner, reason):
    workspace.add_person("gone@example.org")
    workspace.deactivated = {"gone@example.org"}
    sent = run(owner, ANN)
    assert (sent.errors, workspace.everything_read()) == ({reason: 1}, {ANN: ["news"]})


def test_an_owner_whose_address_has_changed_is_told_at_the_new_one(run, workspace, empty_lake):
    run(ANN)
    workspace.people["ann.new@example.org"] = workspace.people.pop(ANN)
    assert run(ANN, "ann.new@example.org").states == {"sent": 1}
    assert workspace.everything_read() == {"ann.new@example.org": ["news", "news"]}


def test_a_channel_that_was_made_public_is_told_nothing_more(empty_lake, slack, emulator, clock):
    channel = emulator.add_channel("C0TUTORS")
    owners = Owners({}, {ANN: Place(channel="C0TUTORS")}, ())
    for number, is_private in enumerate((True, False)):
        clock.wait(300)
        channel.is_private = is_private
        outbox.put_in_outbox(empty_lake, [prepared(clock, ANN, as_of_date=DAY + timedelta(days=number))], "run")
        connection = Slack(emulator.token, emulator.url, clock)
        sent = delivery.deliver(empty_lake, connection, outbox.DIGESTS, owners, "", clock, "run")
    assert (channel.read(), sent.errors) == (["news"], {"channel_is_public": 1})


def test_when_the_year_turns_what_cannot_be_decided_waits_and_a_recovery_is_said_once():
    """The first weeks of a year give no tier: an episode of last year stays, says nothing, and ends when they do."""
    told = {"notified_date": DAY, "last_told_date": DAY}
    remembered = [Episode("a" * 16, "tier_entered", 1, "notified", DAY, DAY, ANN, **told)]
    owners, said = Owners({"7A": ANN}, {}, ()), []
    days = tuple(DAY + timedelta(days=number) for number in range(1, 31))
    for number, day in enumerate(days):
        is_early = number < 20
        tier = {"tier": "too_early", "undecided": {"tier_entered"}} if is_early else {"tier": "satisfactory"}
        alert_day = replace(AlertDay(day, 2027, "school", 0), school_days=days[: number + 1])
        found = [standing(**tier)]
        remembered = decide(remembered, found, RULES.by_name, owners.of_cohort, alert_day)
        due = due_today(remembered, found, RULES.by_name, owners, alert_day)
        said += [(number, one.what) for one in due]
        remembered = [replace(one, recovery_told_date=day) if not one.is_open else one for one in remembered]
    assert said == [(20, "recovery")]


def test_thirty_days_that_are_made_up_for_say_nothing():
    said = []
    for number in range(30):
        day = replace(AlertDay(DAY - timedelta(days=number + 1), 2026, "school", 30), undecided_because="back_fill")
        found = [standing(opens={"tier_entered"})]
        episodes = decide([], found, RULES.by_name, {"7A": ANN}, day)
        said += [*episodes, *due_today(episodes, found, RULES.by_name, Owners({"7A": ANN}, {}, ()), day)]
    assert said == []


def test_no_message_is_ever_scheduled():
    """A scheduled message with metadata is never posted, and nobody is told."""
    sources = [path.read_text() for path in Path(student_track.__file__).parent.rglob("*.py")]
    assert len(sources) > 100
    assert not [source for source in sources if "scheduleMessage" in source or "chat_schedule" in source]
