"""Roster, calendar, owners and actions tabs; a cell that cannot be read is said, and costs no mark."""

from datetime import date

MONDAY, FRIDAY = date(2026, 9, 7), date(2026, 9, 11)


def test_a_roster_has_stays_with_both_days(read):
    rows = [
        ["Id", "Name", "Class", "Joined", "Left"],
        ["01", "Ann", "7A", MONDAY, FRIDAY],
        ["02", None, "7A", MONDAY, None],
    ]
    first, second = read(rows, tab="Roster").roster
    assert (first.student_id, first.cohort_id, first.joined, first.left) == ("01", "7A", MONDAY, FRIDAY)
    assert second.left is None
    assert second.is_end_declared


def test_a_roster_without_a_column_for_the_last_day_declares_no_end(read):
    (entry,) = read([["Id", "Joined"], ["01", MONDAY]], tab="Roster").roster
    assert not entry.is_end_declared


def test_a_last_day_before_the_first_is_said(read):
    reading = read([["Id", "Joined", "Left"], ["01", FRIDAY, MONDAY]], tab="Roster")
    assert [(problem.cell, problem.reason, problem.count_marks) for problem in reading.problems] == [
        ("C2", "left_before_joined", 0)
    ]
    assert reading.roster[0].left is None


def test_a_calendar_line_without_an_end_is_one_day(read):
    (entry,) = read([["Type", "From", "To"], ["Holiday", MONDAY, None]], tab="Calendar").calendar
    assert (entry.type, entry.from_date, entry.to_date, entry.cohort_id) == ("holiday", MONDAY, MONDAY, "")


def test_weekdays_are_a_list_or_a_range(read):
    rows = [
        ["Type", "From", "To", "Weekdays"],
        ["school days", MONDAY, FRIDAY, "Tue, Thu"],
        ["school days", MONDAY, FRIDAY, "Mon-Wed"],
        ["school days", MONDAY, FRIDAY, None],
        ["school days", MONDAY, FRIDAY, "Someday"],
    ]
    reading = read(rows, tab="Calendar")
    assert [entry.weekdays for entry in reading.calendar] == [(1, 3), (0, 1, 2), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4)]
    assert [(problem.cell, problem.reason) for problem in reading.problems] == [("D5", "unknown_weekday")]


def test_an_unknown_type_and_a_bad_date_are_said(read):
    rows = [["Type", "From"], ["party", MONDAY], ["holiday", "soon"]]
    assert [problem.reason for problem in read(rows, tab="Calendar").problems] == ["unknown_calendar_type", "bad_date"]


def test_owners_may_be_missing(read):
    (entry,) = read([["Cohort", "Owner", "Deputy"], ["7A", "o@example.org", None]], tab="Owners").owners
    assert (entry.owner, entry.deputy, entry.teacher) == ("o@example.org", None, None)


def test_an_action_needs_a_student_and_a_date(read):
    rows = [["Id", "Date", "Action"], ["01", MONDAY, "Call"], [None, MONDAY, "Call"], ["02", None, "Letter"]]
    reading = read(rows, tab="Actions")
    assert [(entry.student_id, entry.kind) for entry in reading.actions] == [("01", "call")]
    assert [problem.reason for problem in reading.problems] == ["missing_student", "bad_date"]
