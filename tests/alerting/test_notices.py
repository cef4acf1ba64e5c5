"""Notices: registers not taken and cells to mend, each to its own owner, once, and again when it stays undone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from student_track.alerting import delivery, outbox, preparation
from student_track.alerting.context import Context
from student_track.alerting.notices import Item, Notice, gather_notices
from student_track.alerting.owners import Owners, Place, read_owners
from student_track.alerting.rendering import Messages, render_notice, should_fit_slack
from student_track.alerting.rules import Notices
from student_track.alerting.standings import AlertDay
from student_track.alerting.today import Today
from student_track.alerting.wording import Style
from student_track.frames import frame_from_rows
from tests.alerting.conftest import ALERTS, ANN, BEN, DAY, POLICY, shipped_rules
from tests.slack_server import Fault
from tests.table_rows import append_rows

OFFICE = "office@example.org"
OWNERS = Owners({"7A": ANN, "7B": ANN}, {}, (), {}, {"7A": ANN, "7B": BEN}, OFFICE)
RULES = Notices()
SCHOOL_DAYS = tuple(DAY - timedelta(days=number) for number in range(60, -1, -1))
TODAY = AlertDay(DAY, 2026, "school", 1, school_days=SCHOOL_DAYS)


def put(spark, name, rows):
    spark.sql(f"DELETE FROM {name}").collect()
    append_rows(spark, name, *rows)


def session(cohort, days_ago, **facts):
    day = DAY - timedelta(days=days_ago)
    usual = {"is_taken": False, "is_cancelled": False, "is_in_sheet": True, "is_in_calendar": True, "school_year": 2026}
    identity = f"{cohort}|{day}|{facts.get('period', '')}"
    return {"session_id": identity, "cohort_id": cohort, "session_date": day, "period": "", **usual, **facts}


def cell(name, tab="7A", reason="unknown_mark", **facts):
    usual = {"source_id": "s", "what_to_do": "write a mark of the code table", "count_marks": 1, "is_resolved": False}
    seen = {"first_seen_at": datetime(2026, 11, 20, tzinfo=UTC), "raw_value": "Ann Lee is ill"}
    return {"tab": tab, "cell": name, "reason": reason, **usual, **seen, **facts}


@pytest.fixture
def lake(empty_lake):
    """Two cohorts; nothing is missing and nothing is to be mended yet."""
    put(empty_lake, "cohorts", [{"cohort_id": name, "is_held": False} for name in ("7A", "7B")])
    put(empty_lake, "sessions", [])
    put(empty_lake, "quarantine", [])
    return empty_lake


def gathered(spark, day=TODAY, rules=RULES, owners=OWNERS):
    notices = gather_notices(spark, owners, rules, POLICY, day)
    return {(one.kind, one.owner): [f"{item.where}: {item.what}" for item in one.items] for one in notices}


def test_a_missing_register_is_said_to_who_takes_it_and_what_is_none_to_nobody(lake):
    sessions = [
        *(session("7A", 2), session("7B", 1), session("7B", 1, period="2")),
        *(session("7A", 3, is_taken=True), session("7A", 4, is_cancelled=True), session("7A", 28)),
    ]
    put(lake, "sessions", sessions)
    assert gathered(lake) == {
        ("registers", ANN): ["7A: Wed 18 Nov"],
        ("registers", BEN): ["7B: Thu 19 Nov (2 sessions)"],
    }


def test_the_register_of_today_is_not_missing_yet(lake):
    put(lake, "sessions", [session("7A", 0)])
    assert gathered(lake, replace(TODAY, age_days=0)) == {}
    assert gathered(lake) == {("registers", ANN): ["7A: Fri 20 Nov"]}


def test_cells_are_said_by_cause_without_what_stands_in_them(lake):
    cells = [cell("B2"), cell("B3"), cell("C9", "7B", "bad_date", what_to_do="write the date", count_marks=30)]
    put(lake, "quarantine", [*cells, cell("D4", is_resolved=True)])
    assert gathered(lake) == {
        ("mend", OFFICE): ["7B: cell C9: write the date", "7A: 2 cells, such as B2: write a mark of the code table"]
    }
    assert "Ann Lee" not in str(gathered(lake))


def test_without_anybody_named_the_operators_hear_of_it(lake):
    put(lake, "quarantine", [cell("B2")])
    put(lake, "sessions", [session("7A", 1)])
    assert set(gathered(lake, owners=Owners({}, {}, ("7A",)))) == {("mend", "operators"), ("registers", "operators")}


@pytest.mark.parametrize("because", ["stale", "back_fill"])
def test_old_data_says_nothing(lake, because):
    put(lake, "sessions", [session("7A", 1)])
    assert gathered(lake, replace(TODAY, undecided_because=because)) == {}


@pytest.mark.parametrize(("tell", "kinds"), [(("registers",), {"registers"}), (("mend",), {"mend"}), ((), set())])
def test_a_school_says_what_is_told(lake, tell, kinds):
    put(lake, "quarantine", [cell("B2")])
    put(lake, "sessions", [session("7A", 1)])
    assert {kind for kind, _ in gathered(lake, rules=Notices(tell=tell))} == kinds


@pytest.fixture
def send(lake, slack, clock, workspace):
    """One run of the sender on a day so many school days after the first, from the tables to Slack."""
    workspace.add_person(OFFICE)

    def run(days_later=0):
        clock.wait(3600)
        day = replace(TODAY, as_of_date=DAY + timedelta(days=days_later))
        days = tuple(day.as_of_date - timedelta(days=number) for number in range(60, -1, -1))
        notices = gather_notices(lake, OWNERS, RULES, POLICY, replace(day, school_days=days))
        today = Today([], [], [], set(), notices, [])
        context = Context("Hill School", day.as_of_date, shipped_rules(), {}, {}, {}, Style("none", "", "day"))
        sending = preparation.Sending(b"a secret", True, "", clock.now())
        delivery.settle(lake, slack, clock, "run")
        outbox.put_in_outbox(lake, preparation.prepare(today, Messages(ALERTS / "messages"), context, sending), "run")
        delivery.deliver(lake, slack, outbox.TO_OWNERS, OWNERS, "", clock, "run")
        return {who: len(texts) for who, texts in workspace.everything_read().items()}

    return run


def test_each_thing_is_said_once_and_again_after_five_school_days_with_all_there_is(lake, send, workspace):
    put(lake, "sessions", [session("7A", 1)])
    assert [send(), send(), send(1), send(4)] == [{ANN: 1}] * 4
    assert send(5) == {ANN: 2}
    put(lake, "sessions", [session("7A", 1), session("7A", -5)])
    assert send(6) == {ANN: 3}
    assert "Thu 19 Nov, Wed 25 Nov" in workspace.direct_message(ANN).read()[-1]
    put(lake, "sessions", [session("7A", 1, is_taken=True), session("7A", -5, is_taken=True)])
    assert send(12) == {ANN: 3}


def test_what_is_mended_is_said_no_more(lake, send):
    put(lake, "quarantine", [cell("B2")])
    assert send() == {OFFICE: 1}
    put(lake, "quarantine", [cell("B2", is_resolved=True)])
    assert send(9) == {OFFICE: 1}


def test_a_notice_in_doubt_is_waited_for(lake, send, workspace):
    put(lake, "sessions", [session("7A", 1)])
    workspace.faults = [Fault("chat.postMessage", "500"), Fault("conversations.history", "503", times=9)]
    assert send() == {}
    workspace.faults = []
    assert send() == {ANN: 1}
    assert send() == {ANN: 1}


def test_many_registers_and_cells_fit_a_message():
    items = tuple(
        Item(f"Cohort {place}", "x" * 400, f"r|{place}|{number}") for place in range(60) for number in range(30)
    )
    context = Context("S" * 200, DAY, shipped_rules(), {}, {}, {}, Style("none", "https://p.example.org", "day"))
    for kind in outbox.NOTICES:
        payload = render_notice(Messages(ALERTS / "messages"), Notice(kind, ANN, items), context)
        should_fit_slack({"id": payload})
        assert "and 18 more" in str(payload)
        assert "and 56 more" in str(payload)
        assert len(payload["blocks"]) == 1 + 4 + 1 + 1


def test_a_tab_named_to_call_everybody_is_text(emulator, slack):
    channel = emulator.add_channel("C0")
    context = Context("Hill", DAY, shipped_rules(), {}, {}, {}, Style("none", "", "day"))
    notice = Notice("mend", OFFICE, (Item("<!channel> *x*", "cell B2: <http://x|y>", "r|1"),))
    slack.post("C0", render_notice(Messages(ALERTS / "messages"), notice, context), "id")
    (text,) = channel.read()
    assert "<!channel> *x*\u2069\ncell B2: <http://x|y>" in text
    assert "[DOES" not in text


def test_who_takes_registers_is_told_where_that_is_known_and_otherwise_the_owner(spark, tmp_path):
    rows = [("7A", ANN, "ben@example.org"), ("7B", ANN, "Mr B"), ("7C", ANN, None), ("7D", ANN, "Mr B")]
    cohorts = frame_from_rows(spark, ["cohort_id", "owner", "teacher"], rows)
    path = tmp_path / "owners.yml"
    path.write_text('cohorts: {"7D": {teacher: "cy@example.org"}}\nsheet: "Office@example.org"\n')
    owners = read_owners(path, cohorts)
    assert owners.registers == {"7A": "ben@example.org", "7B": ANN, "7C": ANN, "7D": "cy@example.org"}
    assert owners.sheet == OFFICE
    assert owners.everybody == {ANN, BEN, "cy@example.org", OFFICE}
    assert owners.place_of(OFFICE) == Place(email=OFFICE)
