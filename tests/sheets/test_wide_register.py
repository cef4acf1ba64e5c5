"""Wide registers: what stands beside, below and instead of marks."""

from datetime import date

import pytest

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


def problems(reading):
    return [(problem.cell, problem.reason, problem.count_marks) for problem in reading.problems]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#ERROR!", "#BEZUG!", "Loading..."])
def test_an_error_in_a_cell_is_a_problem_of_that_cell(read, error):
    reading = read([["Id", MONDAY, TUESDAY], ["1", error, "P"]])
    assert problems(reading) == [("B2", "error_value", 1)]
    assert [mark.cell for mark in reading.marks] == ["C2"]


def test_an_error_in_place_of_the_student_keeps_the_row_out(read):
    assert problems(read([["Id", MONDAY, TUESDAY], ["#N/A", "P", "A"]])) == [("A2", "error_value", 2)]


def test_errors_in_totals_are_no_problem(read):
    rows = [
        ["Id", MONDAY, "Present", "%", "Notes"],
        ["1", "P", 1, "#DIV/0!", "see file"],
        ["2", "A", 0, "#DIV/0!", None],
        ["% present", "#DIV/0!", "#DIV/0!", "#DIV/0!", None],
    ]
    reading = read(rows)
    assert (len(reading.marks), reading.problems) == (2, [])
    assert reading.notes == [
        *("row 4 holds totals", "column C1 is no date", "column D1 is no date", "column E1 is no date"),
    ]


@pytest.mark.parametrize("total", ["Total", "Total present", "Present:", "% absent", "Summe", "合計"])
def test_totals_of_a_numeric_register_are_no_student(read, total):
    rows = [["Name", MONDAY, TUESDAY], ["Ann", 1, 0], ["Key, Ben", 0, 1], [total, 1, 1]]
    reading = read(rows, marks={"1": "P", "0": "A"})
    assert {mark.student_id for mark in reading.marks} == {"Ann", "Key, Ben"}


def test_a_column_of_totals_in_a_numeric_register_loses_no_mark(read):
    rows = [["Name", MONDAY, TUESDAY, "Total"], ["Ann", 1, 0, 1], ["Ben", 0, 1, 1], ["Cleo", 0, 0, 0]]
    assert read(rows, marks={"1": "P", "0": "A"}).problems == []


def test_a_legend_below_the_register_is_no_student(read):
    rows = [
        *(["Name", MONDAY, TUESDAY], ["Ann", "P", "A"], [], ["Key", "P", "A"]),
        *(["P", "Present", None], ["A", "Absent", None], [], ["Printed on Monday"]),
    ]
    reading = read(rows)
    assert [student.student_id for student in reading.students] == ["Ann"]
    assert {mark.student_id for mark in reading.marks} == {"Ann"}
    assert reading.problems == []


def test_students_named_like_marks_are_students(read):
    assert [mark.student_id for mark in read([["Id", MONDAY], ["A", "P"], ["P", "A"]]).marks] == ["A", "P"]


def test_marks_under_a_blank_header_are_quarantined(read):
    rows = [["Id", MONDAY, None], *([str(number), "P", "A"] for number in range(1, 5))]
    assert problems(read(rows)) == [("C1", "bad_date", 4)]


def test_a_second_register_far_below_is_not_read_under_the_first_dates(read):
    rows = [
        *(["Name", MONDAY, TUESDAY], *([f"Pupil {number}", "P", "A"] for number in range(50))),
        *([], ["Name", date(2026, 10, 5), date(2026, 10, 6)], ["Somebody else", "A", "A"]),
    ]
    reading = read(rows)
    assert len(reading.marks) == 100
    assert any("row 53" in note or "rows from 53" in note for note in reading.notes)


def test_a_meaning_is_the_contracts_and_the_mark_stays_as_written(read):
    rows = [["Id", MONDAY, TUESDAY], ["1", 1, "0"]]
    assert [(mark.mark, mark.meaning) for mark in read(rows, marks={"1": "P", "0": "A"}).marks] == [
        ("1", "P"),
        ("0", "A"),
    ]
    minutes = read([["Id", MONDAY, TUESDAY], ["1", 45, "12,5"]], present_from_minutes=30)
    assert [(mark.mark, mark.meaning) for mark in minutes.marks] == [("45", "P"), ("12,5", "A")]


@pytest.mark.parametrize("legend", [["P=Present", "A=Absent", "L=Late"], ["A: absent"], ["P = present, A = absent"]])
def test_marks_explained_in_one_cell_each_are_no_student(read, legend):
    reading = read([["Name", MONDAY, TUESDAY], ["Ann", "P", "A"], ["Ben", "P", "P"], [], legend])
    assert [student.student_id for student in reading.students] == ["Ann", "Ben"]
    assert {mark.student_id for mark in reading.marks} == {"Ann", "Ben"}


@pytest.mark.parametrize("student", ["A:12", "P=", "Ann: B", "X=Y"])
def test_a_student_whose_name_only_looks_like_an_explanation_is_one(read, student):
    assert read([["Name", MONDAY], [student, "P"], ["Ben", "P"]]).marks[0].student_id == student


def test_a_register_to_the_right_is_not_the_left_ones(read):
    """Two classes side by side: the marks of the second were read for the students of the first."""
    rows = [
        ["Class 7A", None, None, None, "Class 7B"],
        ["Name", MONDAY, TUESDAY, None, "Name", MONDAY, TUESDAY],
        ["Ann", "P", "A", None, "Cidney", "A", "A"],
        [None, None, None, None, "Dee", "P", "A"],
    ]
    reading = read(rows)
    assert [(mark.student_id, mark.mark) for mark in reading.marks] == [("Ann", "P"), ("Ann", "A")]
    assert [(problem.cell, problem.count_marks) for problem in reading.problems] == [("F2", 2), ("G2", 2)]
    unnamed = [[None if cell == "Name" else cell for cell in row] for row in rows[1:3]]
    assert [mark.cell for mark in read([*unnamed, ["Bob", "P", "P", None, "Dora", "P", "P"]]).marks] == [
        *("B2", "C2", "B3", "C3"),
    ]


def test_names_said_again_between_the_dates_are_the_same_students(read):
    rows = [["Name", MONDAY, "Name", TUESDAY], ["Ann", "P", "Ann", "A"], ["Bob", "P", "Bob", "A"]]
    assert (len(read(rows).marks), read(rows).problems) == (4, [])


def test_seats_counted_before_the_names_are_no_students(read):
    rows = [["Nr.", "Schüler", MONDAY], [1, "Ann", "P"], [2, "Bob", "A"]]
    assert [student.student_id for student in read(rows).students] == ["Ann", "Bob"]
    assert [student.student_id for student in read([[None, MONDAY], [1, "P"], [2, "A"]]).students] == ["1", "2"]
