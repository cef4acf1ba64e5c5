"""Marks: a record, a duplicate, or quarantine with one reason each."""

from datetime import date

import pytest

from student_track import clean
from tests.clean.conftest import SECRET

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
ROSTER = [["Id", "Class", "Joined", "Left"], ["1", "7A", MONDAY, None], ["2", "7A", TUESDAY, TUESDAY]]
RULE = clean.YearRule("08-01", 14)


@pytest.fixture
def judged(made, reading, policy):
    def judge(**tabs):
        read = reading(**tabs)
        marks = clean.marks_frame(made, read, policy, SECRET)
        return read, clean.judge_marks(marks, clean.roster_keys(made, read, SECRET))

    return judge


def verdicts(frame):
    return {row.cell: row.verdict for row in frame.collect()}


def test_a_mark_of_the_code_table_is_a_record(judged):
    _, frame = judged(**{"7A": [["Id", MONDAY], ["1", "p "]]})
    assert verdicts(frame) == {"B2": "record"}


@pytest.mark.parametrize("mark", ["?", "1", "x", "sck", "P A"])
def test_a_mark_that_is_not_in_the_table_is_never_present_or_absent(judged, mark):
    _, frame = judged(**{"7A": [["Id", MONDAY], ["1", mark], ["2", "P"]]})
    assert verdicts(frame) == {"B2": "unknown_mark", "B3": "record"}


def test_a_student_on_no_roster_comes_before_an_unknown_mark(judged):
    _, frame = judged(**{"7A": [["Id", MONDAY, TUESDAY], ["1", "P", "?"], ["9", "?", "P"]], "Roster": ROSTER})
    assert verdicts(frame) == {"B2": "record", "C2": "unknown_mark", "B3": "unknown_student", "C3": "unknown_student"}


def test_two_equal_marks_leave_one_record_and_two_different_ones_none(judged):
    rows = [["Id", MONDAY, TUESDAY], ["1", "P", "P"], ["1", "present", "A"]]
    _, frame = judged(**{"7A": rows})
    assert verdicts(frame) == {
        "B2": "record",
        "B3": "duplicate",
        "C2": "conflicting_marks",
        "C3": "conflicting_marks",
    }


def test_an_unknown_mark_does_not_spoil_the_good_one_beside_it(judged):
    _, frame = judged(**{"7A": [["Id", MONDAY], ["1", "P"], ["1", "?"]]})
    assert verdicts(frame) == {"B2": "record", "B3": "unknown_mark"}


def test_an_unknown_student_is_one_cell_to_mend_for_the_whole_row(judged):
    _, frame = judged(**{"7A": [["Id", MONDAY, TUESDAY], ["1", "P", "P"], ["9", "P", "P"]], "Roster": ROSTER})
    rows = clean.problems_of_marks(frame).collect()
    assert [(row.cell, row.reason, row.count_marks, row.student_key) for row in rows] == [
        ("A3", "unknown_student", 2, None)
    ]


def test_a_bad_mark_names_student_and_session_so_that_no_blank_rule_fills_it(judged):
    _, frame = judged(**{"7A": [["Id", MONDAY], ["1", "?"]]})
    (row,) = clean.problems_of_marks(frame).collect()
    assert row.session_id == "7A|2026-09-07"
    assert row.student_key is not None


def records_of(spark, judged, policy, **tabs):
    read, frame = judged(**tabs)
    codes = clean.code_frame(spark, policy)
    cohorts = clean.scope_cohorts(read)
    calendar = clean.calendar_of(read, RULE)
    sessions = clean.sessions_frame(spark, read, calendar, clean.registers_marked(frame, codes), cohorts)
    enrolments = clean.enrolments_frame(spark, read, SECRET, cohorts)
    return clean.attendance_records(frame, codes, sessions, enrolments).orderBy("cell").collect()


def test_a_record_has_state_fraction_and_flags(made, judged, policy):
    days = [date(2026, 9, day) for day in range(7, 12)]
    rows = records_of(made, judged, policy, **{"7A": [["Id", *days], ["1", "L", "E", "½", "NR", "A"]]})
    shown = [(row.state, row.missed_numerator, row.missed_denominator, row.is_excused, row.is_tardy) for row in rows]
    assert shown == [
        ("present", 0, 1, False, True),
        ("absent", 1, 1, True, False),
        ("partial", 1, 2, False, False),
        ("absent", 0, 1, False, False),
        ("absent", 1, 1, False, False),
    ]
    assert [row.counts_in_rate for row in rows] == [True, True, True, False, True]


def test_a_mark_outside_the_declared_window_is_kept_and_flagged(made, judged, policy):
    tab = [["Id", MONDAY, TUESDAY], ["1", "P", "P"], ["2", "P", "P"]]
    rows = records_of(made, judged, policy, **{"7A": tab, "Roster": ROSTER})
    assert {row.cell: row.is_inside_enrolment_window for row in rows} == {
        "B2": True,
        "C2": True,
        "B3": False,
        "C3": True,
    }


def test_a_student_marked_in_a_cohort_of_others_is_kept_and_flagged(made, judged, policy):
    rows = records_of(made, judged, policy, **{"7B": [["Id", MONDAY], ["1", "P"]], "Roster": ROSTER})
    assert [row.is_inside_enrolment_window for row in rows] == [False]
