"""Students, cohorts, enrolments: from the roster where there is one, otherwise from the registers."""

from datetime import date

from student_track import clean
from tests.clean.conftest import SECRET

MONDAY, FRIDAY = date(2026, 9, 7), date(2026, 9, 11)
REGISTER = [["Id", "Name", MONDAY], ["1", "Ann", "P"], ["2", "Ben", None]]


def enrolments(spark, read):
    rows = clean.enrolments_frame(spark, read, SECRET, clean.scope_cohorts(read)).collect()
    return [(row.cohort_id, row.stint, row.first_expected_date, row.last_expected_date, row.source) for row in rows]


def test_without_a_roster_every_student_of_a_register_has_an_undeclared_stay(made, reading):
    assert enrolments(made, reading(**{"7A": REGISTER})) == [("7A", 1, None, None, "marks")] * 2


def test_a_transfer_is_two_stays_and_a_return_a_second_stint(made, reading):
    roster = [
        ["Id", "Class", "Joined", "Left"],
        ["1", "7A", MONDAY, date(2026, 10, 2)],
        ["1", "7B", date(2026, 10, 5), date(2026, 11, 6)],
        ["1", "7A", date(2026, 11, 9), None],
    ]
    found = enrolments(made, reading(**{"7A": REGISTER, "7B": REGISTER, "Roster": roster}))
    assert [row[:2] for row in found] == [("7A", 1), ("7A", 2), ("7B", 1)]


def test_a_roster_without_classes_means_every_cohort_that_names_the_student(made, reading):
    roster = [["Id", "Joined"], ["1", MONDAY]]
    found = enrolments(made, reading(**{"7A": REGISTER, "7B": REGISTER, "Roster": roster}))
    assert found == [("7A", 1, MONDAY, None, "roster"), ("7B", 1, MONDAY, None, "roster")]


def test_the_same_line_twice_is_one_stay(made, reading):
    roster = [["Id", "Class", "Joined"], ["1", "7A", MONDAY], ["1", "7A", MONDAY]]
    assert len(enrolments(made, reading(**{"7A": REGISTER, "Roster": roster}))) == 1


def test_students_are_those_of_the_roster_and_keep_the_name_a_register_gives(made, reading):
    roster = [["Id", "Class"], ["1", "7A"], ["3", "7A"]]
    read = reading(**{"7A": REGISTER, "Roster": roster})
    rows = clean.students_frame(made, read, SECRET, clean.scope_cohorts(read)).collect()
    assert sorted((row.student_id, row.is_on_roster) for row in rows) == [("1", True), ("3", True)]


def test_a_cohort_has_its_owner_or_nobody(made, reading):
    owners = [["Cohort", "Owner"], ["7A", "o@example.org"]]
    read = reading(**{"7A": REGISTER, "7B": REGISTER, "Owners": owners})
    rows = clean.cohorts_frame(made, read, clean.scope_cohorts(read), {}).collect()
    assert [(row.cohort_id, row.owner, row.is_held) for row in rows] == [
        ("7A", "o@example.org", False),
        ("7B", None, False),
    ]
