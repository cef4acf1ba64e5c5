"""Settled sessions: judged once, and again when a mark of theirs, or anything that judges it, is not as it was."""

from dataclasses import replace
from datetime import date

import pytest

from student_track import clean
from student_track.sheets import SheetSession
from tests.clean.conftest import SECRET

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
FIRST, SECOND = SheetSession("7A", MONDAY, ""), SheetSession("7A", TUESDAY, "")
REGISTER = [["Id", MONDAY, TUESDAY], ["1", "P", "A"], ["2", "P", "L"]]


@pytest.fixture
def remembered(made, reading, policy):
    """What the tabs' settled sessions are remembered by, once silver is written."""

    def remember(held=(), **tabs):
        read = reading(**tabs)
        settled = clean.settled_sessions(made, read)
        judged = clean.judge_marks(clean.marks_frame(made, read, policy, SECRET), clean.roster_keys(made, read, SECRET))
        counts = clean.tabs_frame(made, read, judged, settled, policy)
        tabs_now = clean.with_settled(made, counts, judged, clean.code_frame(made, policy), settled, held)
        found = tabs_now.where("settled_sessions IS NOT NULL").collect()
        return frozenset(fingerprint for row in found for fingerprint in row.settled_sessions.split())

    return remember


@pytest.fixture
def settled_after(made, reading, remembered):
    """The sessions that are settled when the tabs are ``after``, and were ``before``."""

    def settled(before, after, rules=""):
        read = reading(**after)
        plan = replace(read.plan, settled=remembered(**before), rules=rules)
        return clean.settled_sessions(made, replace(read, plan=plan)).sessions

    return settled


def changed(row, column, mark):
    rows = [list(cells) for cells in REGISTER]
    rows[row][column] = mark
    return rows


def test_a_session_is_settled_until_a_mark_of_it_changes(settled_after):
    assert settled_after({"7A": REGISTER}, {"7A": REGISTER}) == {FIRST, SECOND}
    assert settled_after({"7A": REGISTER}, {"7A": changed(2, 2, "P")}) == {FIRST}
    assert settled_after({"7A": REGISTER}, {"7A": changed(2, 2, None)}) == {FIRST}


def test_a_new_column_opens_no_other_session_unless_it_moves_their_cells(settled_after):
    wednesday = [[*row, cell] for row, cell in zip(REGISTER, (date(2026, 9, 9), "P", "P"), strict=True)]
    assert settled_after({"7A": REGISTER}, {"7A": wednesday}) == {FIRST, SECOND}
    notes = [[row[0], cell, *row[1:]] for row, cell in zip(REGISTER, ("Phone", None, None), strict=True)]
    assert settled_after({"7A": REGISTER}, {"7A": notes}) == set()


def test_another_policy_another_roster_or_another_tab_settles_nothing(settled_after):
    roster = [["Id", "Class", "Joined"], ["1", "7A", MONDAY], ["2", "7A", MONDAY]]
    with_roster = {"7A": REGISTER, "Roster": roster}
    assert settled_after(with_roster, with_roster) == {FIRST, SECOND}
    later = [*roster[:2], ["2", "7A", TUESDAY]]
    assert settled_after(with_roster, {"7A": REGISTER, "Roster": later}) == set()
    assert settled_after({"7A": REGISTER}, {"7A": REGISTER}, rules="other") == set()
    assert settled_after({"7A": REGISTER}, {"7B": REGISTER}) == set()


def test_a_session_with_a_mark_in_quarantine_stays_open(settled_after):
    assert settled_after({"7A": changed(1, 1, "?")}, {"7A": changed(1, 1, "?")}) == {SECOND}


def test_a_failed_formula_is_no_mark_and_opens_no_session(settled_after, made, reading):
    broken = {"7A": changed(1, 1, "#REF!")}
    assert settled_after(broken, broken) == {FIRST, SECOND}
    assert [problem.cell for problem in reading(**broken).tabs[0].problems] == ["B2"]


def test_a_session_with_two_marks_for_one_student_stays_open(settled_after):
    again = [*REGISTER, ["1", "P", None]]
    assert settled_after({"7A": again}, {"7A": again}) == {SECOND}


def test_a_session_that_its_marks_cancel_stays_open(settled_after):
    cancelled = [REGISTER[0], ["1", "CLOSED", "A"], ["2", "CLOSED", "CLOSED"]]
    assert settled_after({"7A": cancelled}, {"7A": cancelled}) == {SECOND}


def test_a_session_with_marks_in_two_tabs_stays_open(settled_after):
    long = [
        ["Id", "Class", "Date", "Mark"],
        ["3", "7A", MONDAY, "P"],
        ["4", "7A", MONDAY, "A"],
        ["5", "7B", MONDAY, "P"],
    ]
    both = {"7A": REGISTER, "Club": long}
    assert settled_after(both, both) == {SECOND, SheetSession("7B", MONDAY, "")}


def test_the_sessions_of_a_held_cohort_stay_open(remembered):
    assert len(remembered(**{"7A": REGISTER})) == 2
    assert remembered(held=["7A"], **{"7A": REGISTER}) == frozenset()


def test_a_session_that_is_gone_is_written_anew():
    """Silver's rows of it must go: it is no settled session."""
    settled = clean.Settled({}, frozenset({FIRST}), frozenset({"7A|2026-09-07", "7A|2026-09-08"}))
    assert settled.open_sessions == ("7A|2026-09-08",)
    assert settled.of_records == "session_id IN ('7A|2026-09-08')"


def test_marks_of_settled_sessions_are_counted_and_not_judged(made, reading, policy, remembered):
    read = reading(**{"7A": REGISTER})
    read = replace(read, plan=replace(read.plan, settled=remembered(**{"7A": REGISTER})))
    settled = clean.settled_sessions(made, read)
    marks = clean.marks_frame(made, read, policy, SECRET, settled.sessions)
    assert marks.count() == 0
    tab = clean.tabs_frame(made, read, clean.judge_marks(marks, None), settled, policy).collect()[0]
    assert (tab.count_marks, tab.count_records) == (4, 4)
