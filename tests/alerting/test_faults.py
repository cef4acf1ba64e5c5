"""Many messages through many faults, a sender killed at any of its statements, and two at once: read from the channels.

Nothing here looks at what the outbox says of itself: a message counts where a reader sees it.
"""

import os
import random
import subprocess
import sys

import pytest

from student_track import tables
from student_track.alerting import delivery, outbox
from student_track.lake import table_folder
from tests.alerting.conftest import NOBODY, prepared
from tests.lakes import ROOT
from tests.slack_server import Fault

POST, HISTORY = "chat.postMessage", "conversations.history"
AFTER = ("close", "500", "503", "truncate", "fatal_error", "internal_error")
BEFORE = ("close", "503", "429")
KINDS = [(do, True) for do in AFTER] + [(do, False) for do in BEFORE]
MOST_RUNS = 25


def send(spark, slack, clock, owners):
    clock.wait(300)
    delivery.settle(spark, slack, clock, "run")
    outbox.put_in_outbox(spark, [prepared(clock, owner, f"for {owner}") for owner in owners], "run")
    delivery.deliver(spark, slack, outbox.DIGESTS, NOBODY, "", clock, "run")


def through_faults(spark, emulator, slack, clock, seed, count):
    """Send so many messages, three of ten answers at fault, until nothing waits; return what stands where."""
    owners = [f"owner{number}@example.org" for number in range(count)]
    for owner in owners:
        emulator.add_person(owner)
    draw = random.Random(seed)

    def chance(method):
        if method not in (POST, HISTORY) or draw.random() >= 0.3:
            return None
        return Fault(method, *draw.choice(KINDS)) if method == POST else Fault(method, "503")

    emulator.chance = chance
    for _ in range(MOST_RUNS):
        send(spark, slack, clock, owners)
        if {row.state for row in spark.table("alert_outbox").select("state").distinct().collect()} == {outbox.SENT}:
            break
    return emulator.everything_read(), {owner: [f"for {owner}"] for owner in owners}


@pytest.mark.parametrize("seed", range(3))
def test_through_nine_kinds_of_faults_nothing_is_lost_and_nothing_stands_there_twice(
    empty_lake, emulator, slack, clock, seed
):
    read, wanted = through_faults(empty_lake, emulator, slack, clock, seed, 30)
    assert read == wanted


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(20))
def test_three_hundred_messages_through_nine_kinds_of_faults(empty_lake, emulator, slack, clock, seed):
    read, wanted = through_faults(empty_lake, emulator, slack, clock, seed, 300)
    assert read == wanted


class PowerCut(BaseException):
    """The process ends here."""


class Killer:
    """Ends the sender before its n-th statement; after that it can write nothing any more."""

    def __init__(self, monkeypatch, at=0):
        self.at, self.count, self.is_dead = at, 0, False
        whole = tables.merge

        def merge(*arguments, **options):
            if self.is_dead:
                raise PowerCut
            return whole(*arguments, **options)

        monkeypatch.setattr(tables, "merge", merge)

    def _trace(self, frame, event, _):
        if "student_track/alerting" not in frame.f_code.co_filename:
            return None
        if event == "line":
            self.count += 1
            if self.count == self.at:
                self.is_dead = True
                raise PowerCut
        return self._trace

    def watch(self, action):
        before = sys.gettrace()
        sys.settrace(self._trace)
        try:
            action()
        except PowerCut:
            assert self.is_dead
        finally:
            sys.settrace(before)


@pytest.fixture
def killed_at(empty_lake, emulator, slack, clock, monkeypatch):
    """Send two messages, the sender killed at a statement, and then again; return statements and what stands where."""
    owners = ["ann@example.org", "ben@example.org"]
    for owner in owners:
        emulator.add_person(owner)

    def kill(number):
        empty_lake.sql("DELETE FROM alert_outbox").collect()
        for channel in emulator.channels.values():
            channel.messages.clear()
        with monkeypatch.context() as patch:
            killer = Killer(patch, number)
            killer.watch(lambda: send(empty_lake, slack, clock, owners))
        send(empty_lake, slack, clock, owners)
        return killer.count, emulator.everything_read() == {owner: [f"for {owner}"] for owner in owners}

    return kill


def test_a_sender_killed_at_some_of_its_statements_loses_nothing_and_sends_nothing_twice(killed_at):
    statements, is_whole = killed_at(0)
    assert is_whole
    assert statements > 150
    step = statements // 12
    assert {number: killed_at(number)[1] for number in range(step, statements, step)} == dict.fromkeys(
        range(step, statements, step), True
    )


PARTS = 6


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_sender_killed_at_any_of_its_statements(killed_at, part):
    statements, _ = killed_at(0)
    assert [number for number in range(1 + part, statements + 1, PARTS) if not killed_at(number)[1]] == []


SENDER = """
import sys, time
from student_track import session
from student_track.alerting import delivery, outbox
from student_track.alerting.owners import Owners
from student_track.alerting.slack import Clock, Slack
from student_track.settings import load_settings
address, token, run_id = sys.argv[1:]
spark, clock = session.spark(load_settings("params/sample.yml")), Clock()
slack = Slack(token, address, clock)
spark.table("alert_outbox").collect()
print("ready", flush=True)
sys.stdin.readline()
delivery.deliver(spark, slack, outbox.DIGESTS, Owners({}, {}, ()), "", clock, run_id)
"""


def test_two_senders_at_once_send_each_message_once(empty_lake, emulator, clock):
    owners = [f"owner{number}@example.org" for number in range(12)]
    for owner in owners:
        emulator.add_person(owner)
    outbox.put_in_outbox(empty_lake, [prepared(clock, owner) for owner in owners], "run")
    environment = {**os.environ, "STUDENT_TRACK_LAKE": str(table_folder(empty_lake, "alert_outbox").parent.parent)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, emulator.url, emulator.token, f"run{number}"],
            cwd=ROOT,
            env=environment,
            **pipes,
        )
        for number in range(2)
    ]
    ready = [sender.stdout.readline() for sender in senders]
    assert ready == ["ready\n", "ready\n"], [sender.communicate()[1] for sender in senders]
    ended = []
    for sender in senders:
        sender.stdin.write("go\n")
        sender.stdin.flush()
    for sender in senders:
        ended.append((sender.communicate(timeout=120)[1], sender.returncode))
    assert [code for _, code in ended] == [0, 0], ended
    assert emulator.everything_read() == {owner: ["news"] for owner in owners}
    assert {row.state for row in empty_lake.table("alert_outbox").collect()} == {"sent"}
    looked_up = [method for method, _ in emulator.calls if method == "users.lookupByEmail"]
    assert len(looked_up) > len(owners)  # each looks up whom it means to tell: both meant to tell some of them


def test_what_another_run_has_claimed_meanwhile_is_not_prepared_anew(empty_lake, clock, monkeypatch):
    """The other run claims after this one has read the outbox, and before it writes what it prepared."""
    first = prepared(clock, "ann@example.org")
    outbox.put_in_outbox(empty_lake, [first], "run0")
    whole = outbox.read_deliveries
    claimed = first.became(outbox.CLAIMED, clock.now(), channel="D0000", count_attempts=1, first_attempt_at=clock.now())

    def read_and_be_overtaken(spark, ids):
        known = whole(spark, ids)
        assert outbox.claim(spark, claimed, [], "run0")
        return known

    monkeypatch.setattr(outbox, "read_deliveries", read_and_be_overtaken)
    outbox.put_in_outbox(empty_lake, [prepared(clock, "ann@example.org", "other words")], "run1")
    (row,) = empty_lake.table("alert_outbox").collect()
    assert (row.state, row.run_id) == ("claimed", "run0")
    assert not outbox.claim(empty_lake, claimed, [], "run1")
