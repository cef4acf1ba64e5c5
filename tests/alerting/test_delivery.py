"""The outbox through faults and kills: read from the channels, every message stands there once, and none is missing."""

from datetime import timedelta

import pytest

from student_track.alerting import delivery, memory, outbox
from student_track.alerting.episodes import Episode
from student_track.alerting.owners import Owners, Place
from student_track.alerting.slack import Slack
from student_track.errors import InputError, OutsideServiceError
from tests.alerting.conftest import ANN, BEN, DAY, NOBODY, prepared, states
from tests.slack_emulator import ALL_SCOPES, SlackEmulator
from tests.slack_server import Fault

POST, HISTORY = "chat.postMessage", "conversations.history"


def test_a_day_run_twice_sends_once(run, workspace, empty_lake):
    run(ANN, BEN)
    run(ANN, BEN)
    assert workspace.everything_read() == {ANN: ["news"], BEN: ["news"]}
    assert states(empty_lake) == {ANN: "sent", BEN: "sent"}


def test_whatever_answer_is_lost_each_message_stands_there_once_in_the_end(run, workspace, empty_lake):
    faults = [
        Fault(POST, do, is_accepted)
        for do in ("500", "close", "truncate", "fatal_error")
        for is_accepted in (True, False)
    ]
    owners = [f"owner{number}@example.org" for number in range(len(faults))]
    for owner in owners:
        workspace.add_person(owner)
    workspace.faults = list(faults)
    run(*owners)
    lost = {owner for owner, fault in zip(owners, faults, strict=True) if not fault.is_accepted}
    assert states(empty_lake) == {owner: "unknown" if owner in lost else "sent" for owner in owners}
    run(*owners)
    assert workspace.everything_read() == {owner: ["news"] for owner in owners}
    assert set(states(empty_lake).values()) == {"sent"}


def test_a_message_that_came_late_is_removed_by_the_next_run(run, workspace, empty_lake, clock):
    """Slack takes the first attempt only after it was looked up in vain and sent once more."""
    workspace.faults = [Fault(POST, "500")]
    run(ANN)
    run(ANN)
    channel = workspace.direct_message(ANN)
    (known,) = channel.messages
    late = {**known, "ts": f"{float(known['ts']) + 1:.6f}", "text": "late", "blocks": []}
    channel.messages.append(late)
    run(ANN, minutes_later=24 * 60)
    assert channel.messages == [known]


def test_a_late_one_of_a_message_that_another_replaced_is_removed(run, workspace, empty_lake, clock, day):
    yesterday = prepared(clock, ANN, "yesterday", DAY - timedelta(days=1))
    outbox.put_in_outbox(empty_lake, [yesterday], "run")
    workspace.faults = [Fault(POST, "500")]
    run()
    clock.wait(600)
    delivery.settle(empty_lake, Slack(workspace.token, workspace.url, clock), clock, "run")
    outbox.withdraw_unsent(empty_lake, [], day, clock.now(), "run")
    metadata = {"event_type": "attendance_alert", "event_payload": {"d": yesterday.delivery_id}}
    ts = f"{clock.now().timestamp():.6f}"
    workspace.direct_message(ANN).messages.append({"ts": ts, "text": "yesterday", "blocks": [], "metadata": metadata})
    run(ANN)
    assert workspace.everything_read() == {ANN: ["news"]}


def test_two_messages_of_one_attempt_that_was_in_doubt_become_one(run, workspace, empty_lake):
    workspace.faults = [Fault(POST, "close", is_accepted=True), Fault(HISTORY, "not_in_channel")]
    run(ANN)
    channel = workspace.direct_message(ANN)
    channel.messages.append({**channel.messages[0], "ts": f"{float(channel.messages[0]['ts']) + 1:.6f}"})
    run(ANN)
    assert workspace.everything_read() == {ANN: ["news"]}


def test_what_was_sent_or_replaced_keeps_no_text(run, workspace, empty_lake, clock, day):
    held = prepared(clock, BEN, "held", DAY - timedelta(days=1), state=outbox.HELD)
    outbox.put_in_outbox(empty_lake, [held], "run")
    run(ANN)
    outbox.withdraw_unsent(empty_lake, [], day, clock.now(), "run")
    assert {row.owner: row.payload for row in empty_lake.table("alert_outbox").collect()} == {ANN: "", BEN: ""}


def test_what_may_still_arrive_is_not_sent_again_yet(run, workspace, empty_lake):
    workspace.faults = [Fault(POST, "500")]
    run(ANN)
    run(ANN, minutes_later=1)
    assert states(empty_lake) == {ANN: "unknown"}
    assert workspace.everything_read() == {}


def test_nothing_is_sent_again_while_the_history_cannot_be_read(run, workspace, empty_lake, clock):
    workspace.faults = [
        Fault(POST, "close", is_accepted=True),
        Fault("conversations.history", "not_in_channel", times=99),
    ]
    run(ANN)
    run(ANN)
    assert states(empty_lake) == {ANN: "unknown"}
    assert workspace.everything_read() == {ANN: ["news"]}
    workspace.faults = []
    run(ANN)
    assert states(empty_lake) == {ANN: "sent"}
    assert workspace.everything_read() == {ANN: ["news"]}


def test_slack_is_waited_for_as_long_as_it_asks(run, workspace, clock):
    workspace.faults = [Fault(POST, "429", times=2, retry_after="20")]
    run(ANN)
    assert workspace.everything_read() == {ANN: ["news"]}
    assert clock.waits[-2:] == [20.0, 20.0]


def test_and_not_longer_than_a_minute(run, workspace, empty_lake):
    workspace.faults = [Fault(POST, "429", times=1, retry_after="3600")]
    sent = run(ANN, BEN)
    assert states(empty_lake) == {ANN: "pending", BEN: "sent"}
    with pytest.raises(OutsideServiceError, match=r"1 of 2 messages wait: ratelimited"):
        delivery.refuse_what_was_not_delivered(sent)
    run(ANN, BEN)
    assert workspace.everything_read() == {ANN: ["news"], BEN: ["news"]}


def test_an_unknown_owner_fails_alone_and_is_sent_to_once_mended(run, workspace, empty_lake):
    sent = run("new@example.org", "Mr Nobody", ANN)
    assert states(empty_lake) == {"new@example.org": "failed", "Mr Nobody": "failed", ANN: "sent"}
    with pytest.raises(InputError, match=r"2 of 3 .*no_channel_and_no_email \(1\), users_not_found \(1\)") as refused:
        delivery.refuse_what_was_not_delivered(sent)
    assert "Nobody" not in str(refused.value)
    workspace.add_person("new@example.org")
    run("new@example.org", ANN)
    assert workspace.everything_read() == {ANN: ["news"], "new@example.org": ["news"]}


def test_a_token_refused_in_the_middle_leaves_the_rest_pending(run, workspace, empty_lake):
    workspace.faults = [Fault(POST, "token_revoked")]
    with pytest.raises(OutsideServiceError, match="token_revoked"):
        run(ANN, BEN)
    assert states(empty_lake) == {ANN: "pending", BEN: "pending"}
    run(ANN, BEN)
    assert workspace.everything_read() == {ANN: ["news"], BEN: ["news"]}


def test_a_held_message_is_never_sent(run, workspace, empty_lake, clock):
    outbox.put_in_outbox(empty_lake, [prepared(clock, ANN, "held", state=outbox.HELD)], "run")
    run(ANN)
    assert workspace.everything_read() == {ANN: ["news"]}
    assert sorted(row.state for row in empty_lake.table("alert_outbox").collect()) == ["held", "sent"]


def test_what_an_earlier_day_left_unsent_is_withdrawn(empty_lake, run, workspace, clock, day):
    yesterday = prepared(clock, ANN, "yesterday", DAY - timedelta(days=1))
    outbox.put_in_outbox(empty_lake, [yesterday], "run")
    assert outbox.withdraw_unsent(empty_lake, [], day, clock.now(), "run") == 1
    run(ANN)
    assert workspace.everything_read() == {ANN: ["news"]}


def test_only_what_slack_has_taken_counts_as_told(run, workspace, empty_lake):
    memory.write_episodes(empty_lake, [Episode("k", "streak", 1, "new", DAY, DAY, ANN)], "run")
    workspace.faults = [Fault(POST, "500")]
    run(ANN)
    assert [episode.state for episode in memory.recall(empty_lake, [])] == ["new"]
    run(ANN)
    (told,) = memory.recall(empty_lake, [])
    assert told.transitions == (f"{DAY}|notified|told|run",)
    assert (told.state, told.notified_date) == ("notified", DAY)


def test_the_metadata_of_a_message_tell_nothing_but_its_id(run, workspace):
    run(ANN)
    (message,) = workspace.direct_message(ANN).messages
    assert message["metadata"]["event_type"] == "attendance_alert"
    assert list(message["metadata"]["event_payload"]) == ["d"]
    assert len(message["metadata"]["event_payload"]["d"]) == 32


@pytest.mark.parametrize("state", [outbox.PENDING, outbox.HELD])
def test_an_id_says_nothing_without_the_secret(state):
    one = outbox.delivery_id(b"a secret of the lake", state, outbox.DIGEST, ANN, DAY)
    assert one != outbox.delivery_id(b"another secret", state, outbox.DIGEST, ANN, DAY)
    assert one == outbox.delivery_id(b"a secret of the lake", state, outbox.DIGEST, ANN, DAY)


def test_without_the_scope_to_read_history_what_is_in_doubt_stays_so(empty_lake, clock):
    with SlackEmulator(scopes=ALL_SCOPES - {"im:history"}) as emulator:
        emulator.add_person(ANN)
        emulator.faults = [Fault(POST, "close", is_accepted=True)]
        slack = Slack(emulator.token, emulator.url, clock)
        outbox.put_in_outbox(empty_lake, [prepared(clock, ANN)], "run")
        delivery.deliver(empty_lake, slack, outbox.DIGESTS, Owners({}, {ANN: Place(email=ANN)}, ()), "", clock, "run")
        clock.wait(600)
        assert delivery.settle(empty_lake, slack, clock, "run") == 1
        delivery.deliver(empty_lake, slack, outbox.DIGESTS, NOBODY, "", clock, "run")
        assert emulator.everything_read() == {ANN: ["news"]}
