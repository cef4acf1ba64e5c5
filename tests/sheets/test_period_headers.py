"""Periods of a date: AM and PM below merged dates, beside them in one cell, or a row of each student's."""

from datetime import date, time

import pytest

from student_track.sheets.tab_facts import Merge

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
BOTH_DAYS = [(MONDAY, "AM", "P"), (MONDAY, "PM", "A"), (TUESDAY, "AM", "L"), (TUESDAY, "PM", "P")]
MERGES = (Merge(1, 2, 1, 3), Merge(1, 4, 1, 5))


def marks(reading):
    return [(mark.session_date, mark.period, mark.mark) for mark in reading.marks]


def sessions(reading):
    return sorted((session.session_date, session.period) for session in reading.sessions)


@pytest.mark.parametrize("merges", [(), MERGES])
@pytest.mark.parametrize(
    "header",
    [
        [["Name", MONDAY, None, TUESDAY, None], [None, "AM", "PM", "AM", "PM"]],
        [[None, MONDAY, None, TUESDAY, None], ["Name", "AM", "PM", "AM", "PM"]],
        [["Name", MONDAY, MONDAY, TUESDAY, TUESDAY], [None, "AM", "PM", "AM", "PM"]],
        [["Name", MONDAY, None, TUESDAY, None], [None, "Mon", None, "Tue", None], [None, "AM", "PM", "AM", "PM"]],
        [["Name", "7 Sep 2026 AM", "7 Sep 2026 (PM)", "Tue 8 Sep 2026 - AM", "8 Sep 2026, PM"]],
        [[None, "Sept 2026", None, None, None], ["Name", 7, None, 8, None], [None, "AM", "PM", "AM", "PM"]],
    ],
)
def test_each_half_day_is_a_session_of_its_date(read, header, merges):
    reading = read([*header, ["Ann", "P", "A", "L", "P"]], merges=merges)
    assert marks(reading) == BOTH_DAYS
    assert sessions(reading) == [(MONDAY, "AM"), (MONDAY, "PM"), (TUESDAY, "AM"), (TUESDAY, "PM")]
    assert reading.problems == []


def test_lessons_counted_below_a_date_are_its_periods(read):
    rows = [["Name", MONDAY, None, None, TUESDAY, None], [None, 1, 2, 3, 1, 2], ["Ann", *"PPAPP"]]
    assert [(day, period) for day, period, _ in marks(read(rows))] == [
        *((MONDAY, "1"), (MONDAY, "2"), (MONDAY, "3"), (TUESDAY, "1"), (TUESDAY, "2")),
    ]


def test_a_date_belongs_to_the_columns_it_is_merged_over_and_to_no_other(read):
    rows = [["Name", MONDAY, None, None], [None, "AM", "PM", "Evening"], *([name, *"PPA"] for name in "abc")]
    assert {period for _, period, _ in marks(read(rows))} == {"AM", "PM", "Evening"}
    merged = read(rows, merges=[Merge(1, 2, 1, 3)])
    assert {period for _, period, _ in marks(merged)} == {"AM", "PM"}
    assert [(problem.cell, problem.count_marks) for problem in merged.problems] == [("D1", 3)]


def test_a_date_that_cannot_be_read_keeps_the_marks_of_all_its_periods_out(read):
    rows = [["Name", MONDAY, None, "31 Sept 2026", None], [None, *["AM", "PM"] * 2], ["Ann", *"PPAA"]]
    reading = read(rows)
    assert len(reading.marks) == 2
    assert [(problem.cell, problem.count_marks) for problem in reading.problems] == [("D1", 1), ("E1", 1)]


@pytest.mark.parametrize(
    "below", [["Ann", "AM", "PM"], ["Ann", "L5", "L10"], ["Ann", "9:00", "9:05"], [None, "1", "1"], [None, "P", "A"]]
)
def test_a_row_of_marks_is_no_row_of_periods(read, below):
    reading = read([["Name", MONDAY, TUESDAY], below, ["Ben", "P", "P"]])
    assert {mark.period for mark in reading.marks} == {""}
    assert reading.recognition.last_header_row == 1


def test_a_student_with_a_row_for_each_half_day_has_both(read):
    rows = [["Name", "Period", MONDAY], ["Ann", "AM", "P"], [None, "PM", "A"], ["Ben", "AM", "P"], [None, "PM", "P"]]
    reading = read(rows, merges=[Merge(2, 1, 3, 1), Merge(4, 1, 5, 1)])
    assert [(mark.student_id, mark.period, mark.mark) for mark in reading.marks] == [
        *(("Ann", "AM", "P"), ("Ann", "PM", "A"), ("Ben", "AM", "P"), ("Ben", "PM", "P")),
    ]
    assert sessions(reading) == [(MONDAY, "AM"), (MONDAY, "PM")]


def test_a_period_beside_students_who_have_one_row_each_is_none_of_their_sessions(read):
    reading = read([["Name", "Period", MONDAY], ["Ann", "3", "P"], ["Ben", "4", "A"]])
    assert sessions(reading) == [(MONDAY, "")]


def test_times_below_a_date_are_its_periods(read):
    rows = [["Name", MONDAY, None, TUESDAY], [None, "9:00", time(13, 30), "9:00"], ["Ann", *"PAP"]]
    periods = [(mark.session_date, mark.period) for mark in read(rows).marks]
    assert periods == [(MONDAY, "09:00"), (MONDAY, "13:30"), (TUESDAY, "09:00")]


@pytest.mark.parametrize("label", ["AM", "9:00"])
def test_a_half_day_or_a_time_is_the_period_before_a_date_has_a_second_one(read, label):
    rows = [["Name", MONDAY, TUESDAY], [None, label, label], ["Ann", *"PA"]]
    assert {mark.period for mark in read(rows).marks} == {"AM" if label == "AM" else "09:00"}


def test_the_first_student_below_dates_without_a_word_above_the_names_is_no_row_of_periods(read):
    reading = read([["", MONDAY, MONDAY, TUESDAY], ["Ann", "L5", "L10", "L5"], ["Ben", *"PPA"]], same_date="one")
    assert {mark.student_id for mark in reading.marks} == {"Ann", "Ben"}
