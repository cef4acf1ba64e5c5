"""Recognition: what a tab is, told from itself; a person's choice comes first."""

from datetime import date

import pytest

MONDAY = date(2026, 9, 7)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([["Student id", "Class", "Joined", "Left"], ["1", "7A", MONDAY, None]], "roster"),
        ([["Type", "Name", "From", "To"], ["holiday", "May Day", MONDAY, None]], "calendar"),
        ([["Cohort", "Owner"], ["7A", "someone@example.org"]], "owners"),
        ([["Id", MONDAY], ["1", "P"]], "attendance"),
        ([["What a nice day"], ["it is"]], "ignored"),
        ([[None, " "], []], "empty"),
    ],
)
def test_headers_tell_the_kind(read, rows, kind):
    assert read(rows, tab="Sheet1").recognition.kind == kind


def test_a_tabs_name_tells_its_kind(read):
    reading = read([["Student id", "Name"], ["1", "Ann"]], tab="Class list")
    assert reading.recognition.kind == "roster"
    assert [entry.student_id for entry in reading.roster] == ["1"]


def test_the_order_of_columns_does_not_matter(read):
    rows = [["Mark", "Date", "Name", "Class", "Student number"], ["P", MONDAY, "Ann", "7A", "0012"]]
    (mark,) = read(rows).marks
    assert (mark.student_id, mark.cohort_id, mark.mark) == ("0012", "7A", "P")


def test_a_header_far_below_explanations_is_found(read):
    rows = [["How to fill in this sheet"], ["P is present"], [], ["Id", "Name", MONDAY], ["1", "Ann", "P"]]
    assert read(rows).recognition.header_row == 4


def test_a_choice_comes_before_recognition(read):
    rows = [["Id", MONDAY], ["1", "P"]]
    assert read(rows, kind="ignored").recognition.kind == "ignored"
    assert [mark.cohort_id for mark in read(rows, cohort="Seven A").marks] == ["Seven A"]


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([["Name", "Mon", "Tue"], ["Ann", "P", "A"]], "no row of dates"),
        ([[None, None, None]] * 2 + [[MONDAY, MONDAY], ["P", "P"]], "no column of students"),
    ],
)
def test_what_a_register_lacks_is_said(read, rows, missing):
    assert missing in read(rows, tab="Sheet1").recognition.missing


def test_two_columns_of_marks_are_asked_about_and_a_person_says_which(read):
    rows = [["Student id", "Date", "Mark", " MARK "], ["1", "2026-09-07", "P", "A"]]
    found = read(rows)
    assert found.marks == []
    assert found.recognition.question == "columns C and D have the same header, and differ"
    assert '"7A": {columns: {mark: C}}' in found.recognition.suggestion
    assert [mark.mark for mark in read(rows, columns={"mark": "D"}).marks] == ["A"]


def test_a_header_twice_over_the_same_content_is_no_question(read):
    rows = [["Student id", "Date", "Mark", "Student id"], ["1", "2026-09-07", "P", "1"]]
    assert [mark.mark for mark in read(rows).marks] == ["P"]


def test_a_second_header_that_no_register_needs_is_left_alone(read):
    rows = [["Student id", "Date", "Mark", "Note", "Note"], ["1", "2026-09-07", "P", "x", "y"]]
    assert [mark.mark for mark in read(rows).marks] == ["P"]
