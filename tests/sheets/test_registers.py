"""Registers, long and wide: marks in their cells, what is no mark left out, what cannot be placed kept and counted."""

from datetime import date, datetime

import pytest

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


def marks(reading):
    return [(mark.cell, mark.cohort_id, mark.student_id, mark.session_date, mark.mark) for mark in reading.marks]


def problems(reading):
    return [(problem.cell, problem.reason, problem.count_marks) for problem in reading.problems]


def test_a_wide_tab_has_its_name_as_cohort_and_a_title_row_above_the_header(read):
    reading = read([["Register of 7A"], ["Id", "Name", MONDAY, TUESDAY], ["0012", "Ann", "P", "A"]])
    assert marks(reading) == [("C3", "7A", "0012", MONDAY, "P"), ("D3", "7A", "0012", TUESDAY, "A")]
    assert reading.students[0].student_name == "Ann"


def test_a_column_of_dates_is_a_session_even_where_nobody_wrote(read):
    reading = read([["Id", MONDAY, TUESDAY], ["0012", "P", None]])
    assert {session.session_date for session in reading.sessions} == {MONDAY, TUESDAY}
    assert reading.count_marks == 1


@pytest.mark.parametrize("written", [MONDAY, datetime(2026, 9, 7), "2026-09-07", "7 Sep 2026", "Mon 7 September 2026"])
def test_a_date_is_a_date_however_it_is_written(read, written):
    assert marks(read([["Id", written], ["0012", "P"]])) == [("B2", "7A", "0012", MONDAY, "P")]


def test_the_whole_header_decides_day_and_month(read):
    assert [mark[3] for mark in marks(read([["Id", "07/09/2026", "21/09/2026"], ["1", "P", "P"]]))] == [
        MONDAY,
        date(2026, 9, 21),
    ]


def test_dates_that_nothing_decides_are_quarantined_and_never_guessed(read):
    reading = read([["Id", "07/09/2026", "08/09/2026"], ["1", "P", "P"], ["2", "A", None]])
    assert reading.marks == []
    assert problems(reading) == [("B1", "bad_date", 2), ("C1", "bad_date", 1)]
    assert "cannot be told apart" in reading.problems[0].what_to_do


def test_a_day_that_does_not_exist_keeps_out_its_column_alone(read):
    reading = read([["Id", "2026-09-07", "31 Sept 2026"], ["1", "P", "P"], ["2", "P", "A"]])
    assert problems(reading) == [("C1", "bad_date", 2)]
    assert len(reading.marks) == 2
    assert reading.count_marks == 4


def test_totals_and_notes_are_no_marks(read):
    rows = [
        ["Id", MONDAY, "Days absent", "Notes"],
        ["1", "P", 0, "see file"],
        ["2", "A", 1, None],
        [],
        ["Total", 1, 1, None],
        [None, "50 %", None, None],
    ]
    reading = read(rows)
    assert [mark.mark for mark in reading.marks] == ["P", "A"]
    assert reading.problems == []


def test_known_marks_without_a_student_are_counted(read):
    reading = read([["Id", "Name", MONDAY, TUESDAY], ["1", "Ann", "P", "P"], [None, "Ben", "A", "P"]])
    assert problems(reading) == [("A3", "missing_student", 2)]


def test_a_column_of_marks_under_a_word_is_quarantined_not_lost(read):
    rows = [["Id", MONDAY, "today"], *([str(number), "P", "P"] for number in range(1, 5))]
    assert problems(read(rows)) == [("C1", "bad_date", 4)]


def test_where_there_is_no_id_the_name_is_the_id(read):
    reading = read([["Pupil", MONDAY], ["Ann", "P"]])
    assert [mark.student_id for mark in reading.marks] == ["Ann"]
    assert reading.students[0].student_name is None


def test_a_long_tab_has_one_row_per_mark(read):
    rows = [["class", "student_id", "date", "period", "mark"], ["7A", "0012", "2026-09-07", "AM", "P"]]
    (mark,) = read(rows, tab="export").marks
    assert (mark.cell, mark.student_column, mark.cohort_id) == ("E2", 2, "7A")
    assert (mark.session_date, mark.period) == (MONDAY, "AM")


def test_each_bad_long_row_has_one_reason_the_date_before_the_cohort_before_the_student(read):
    rows = [
        ["class", "student_id", "date", "mark"],
        ["", "", "yesterday", "P"],
        ["", "", "2026-09-07", "P"],
        ["7A", "", "2026-09-07", "P"],
        ["7A", "1", "2026-09-07", None],
    ]
    assert problems(read(rows)) == [("C2", "bad_date", 1), ("A3", "missing_cohort", 1), ("B4", "missing_student", 1)]


def test_wide_and_long_give_the_same_marks(read):
    wide = read([["Id", MONDAY, TUESDAY], ["1", "P", "A"], ["2", None, "L"]])
    long = read(
        [
            ["Class", "Id", "Date", "Mark"],
            ["7A", "1", MONDAY, "P"],
            ["7A", "1", TUESDAY, "A"],
            ["7A", "2", TUESDAY, "L"],
        ],
        tab="log",
    )
    assert {mark[1:] for mark in marks(wide)} == {mark[1:] for mark in marks(long)}


def test_formulas_and_markup_are_text(read):
    assert [mark.mark for mark in read([["Id", MONDAY], ["1", "=1+1"], ["2", "<b>P</b>"]]).marks] == [
        "=1+1",
        "<b>P</b>",
    ]


def test_totals_between_and_below_groups_and_signatures_are_no_students(read):
    names = ["Subtotal 7A", "Sub-total", "Boys present", "Grand total", "Number on roll", "Zwischensumme"]
    rows = [["Name", MONDAY, TUESDAY], ["Ann", "P", "P"], *([name, 2, 3] for name in names), ["Bob", "A", "P"]]
    rows += [["Teacher's initials", "HE", "AE"], ["Signature", "P", "P"]]
    reading = read(rows)
    assert [student.student_id for student in reading.students] == ["Ann", "Bob"]
    assert (len(reading.marks), len(reading.notes)) == (4, 8)


def test_the_word_for_totals_may_stand_before_the_students(read):
    seats = [["Nr.", "Name", MONDAY, TUESDAY], [1, "Ann", "P", "P"], ["Total", 1, "50 %", "#DIV/0!"]]
    halves = [["Surname", "First name", MONDAY, TUESDAY], ["Lee", "Ann", "P", "P"], ["Total present", 3, 1, 1]]
    for rows in (seats, halves):
        assert (len(read(rows).marks), read(rows).problems) == (2, [])


@pytest.mark.parametrize("name", ["Key", "Legend", "A = absent"])
def test_a_student_who_is_called_as_a_legend_begins_keeps_the_marks(read, name):
    assert len(read([["Name", MONDAY, TUESDAY], ["Ann", "P", "P"], [name, "A", "A"]]).marks) == 4


def test_a_legend_below_names_in_two_columns_is_no_student_and_a_student_called_key_is(read):
    rows = [["Surname", "Name", MONDAY, TUESDAY], ["Lee", "Ann", "P", "P"], ["Key", "Ada", "P", "A"]]
    reading = read([*rows, [], ["Key", "P", "A"], ["P", "Present"], ["A", "Absent"]])
    assert [student.student_id for student in reading.students] == ["Ann Lee", "Ada Key"]
