"""The class that a title or a column names; a title that only says when its sessions were is asked about."""

from datetime import date

import pytest
import yaml

from student_track.sheets.class_titles import class_of_title, timed_title
from student_track.sheets.dates import NO_HINTS

MONDAY = date(2026, 9, 7)


@pytest.mark.parametrize(
    ("title", "days", "name"),
    [
        ("Physics 2026-09-07", {MONDAY}, "Physics"),
        ("2026-09-07 Physics (Group 1)", {MONDAY}, "Physics (Group 1)"),
        ("attendance_2026-09-07", {MONDAY}, "attendance"),
        ("Physics 7 Sep 2026", set(), "Physics"),
        ("Physics Mon 7 Sep 2026", {MONDAY}, "Physics"),
        ("Physics 2026-09-07T0900", {MONDAY}, "Physics"),
        ("7A (w/c 7 Sep 2026)", {MONDAY, date(2026, 9, 11)}, "7A"),
    ],
)
def test_the_day_or_week_of_a_session_is_no_part_of_the_class(title, days, name):
    assert class_of_title(title, days, is_said=True, hints=NO_HINTS) == name


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("7A", None),
        ("Cohort 2026-09-07", None),
        ("Web Dev Sep 2026", None),
        ("Physics 2026-09-08", {MONDAY}),
        ("7A (w/c 7 Sep 2026)", {date(2026, 9, 15)}),
        ("7A September", {MONDAY}),
        ("Class of 2026", {MONDAY}),
        ("Spring Hill", None),
        ("Term 1 7A", None),
        ("Year 7", None),
        ("2026-27", None),
        ("8/2", None),
        ("S1", None),
    ],
)
def test_other_titles_name_the_class_as_they_stand(title, days):
    assert class_of_title(title, days or set(), is_said=days is not None, hints=NO_HINTS) == title


@pytest.mark.parametrize(
    "title",
    [
        *("2026-09-07", "07.09.2026", "September", "Sep 2026", "w/c 7 Sep 2026", "Week 3", "KW 37", "Autumn"),
        *("Autumn term 2026", "Spring 2026/27", "Term 1", "Autumn 1", "HT1", "7 Mar", "Monday", "w/c 7 Sep"),
    ],
)
@pytest.mark.parametrize("is_said", [True, False])
def test_a_title_that_only_says_when_names_no_class(title, is_said):
    assert class_of_title(title, {MONDAY}, is_said, NO_HINTS) == ""


def test_a_month_in_another_language_is_one_where_all_sessions_are_in_a_month():
    assert class_of_title("März", {date(2027, 3, 1), date(2027, 3, 31)}, is_said=False, hints=NO_HINTS) == ""
    assert class_of_title("Mars", {date(2026, 9, 7), date(2027, 3, 31)}, is_said=False, hints=NO_HINTS) == "Mars"


@pytest.mark.parametrize(
    ("title", "name", "pattern"),
    [
        ("7A September", "7A", "7A *"),
        ("7A - Sept 2026", "7A", "7A - *"),
        ("Septembre 5B", "5B", "* 5B"),
        ("7A w/c 7 Sep 2026", "7A", "7A *"),
        ("Term 1 Maths", "Maths", "* Maths"),
        ("Web_Dev_2026-09-07", "Web Dev", "Web_Dev_*"),
    ],
)
def test_a_name_and_a_time_are_told_apart(title, name, pattern):
    assert timed_title(title) == (name, pattern)


def test_titles_without_a_time_or_without_a_name_are_not_taken_apart():
    assert [timed_title(title) for title in ("7A", "September", "Year 7")] == [None] * 3


def test_files_of_one_class_by_the_day_are_one_class(read):
    rows = [["Name", "Status"], ["Ann", "Late"]]
    (mark,) = read(rows, tab="Physics 2026-09-07").marks
    assert (mark.cohort_id, mark.session_date) == ("Physics", MONDAY)


def test_a_title_that_only_says_when_is_asked_about(read):
    rows = [["Id", MONDAY, date(2026, 9, 8)], ["1", *"PA"]]
    found = read(rows, tab="September").recognition
    assert "which class" in found.question
    assert yaml.safe_load(found.suggestion) == {"tabs": {"September": {"cohort": "register"}}}
    assert '"September": {cohort: "September"}' in found.suggestion
    assert {mark.cohort_id for mark in read(rows, tab="September", cohort="7A").marks} == {"7A"}


def test_a_choice_by_a_pattern_serves_the_tabs_it_fits_and_the_exact_name_comes_first(contract):
    given = {"autumn.xlsx/*": {"cohort": "7A"}, "S*": {"cohort": "7B"}, "Sport": {"cohort": "Sport"}}
    chosen = contract.model_validate({**contract.model_dump(by_alias=True), "tabs": given})
    names = [("autumn.xlsx/Oct", "Oct"), ("x.xlsx/Sep", "Sep"), ("autumn.xlsx/Sport", "Sport"), ("x.xlsx/Oct", "Oct")]
    assert [chosen.choice(*name).cohort for name in names] == ["7A", "7B", "Sport", None]
    assert chosen.choice("x.xlsx/A+B").cohort is None


def test_what_the_own_line_leaves_open_is_decided_by_the_patterns(contract):
    given = {"*": {"cohort": "7A", "date_order": "dmy"}, "S*": {"cohort": "7B"}, "Sep": {"same_date": "one"}}
    chosen = contract.model_validate({**contract.model_dump(by_alias=True), "tabs": given})
    choice = chosen.choice("x.xlsx/Sep", "Sep")
    assert (choice.cohort, choice.date_order, choice.same_date) == ("7B", "dmy", "one")


CLASSES = [["Id", "Class", MONDAY], ["1", "7A", "P"], ["2", "7B", "A"], ["3", "7A", "L"], ["4", None, "P"]]


def test_a_column_of_classes_is_asked_about_in_a_wide_register(read):
    found = read(CLASSES, tab="Attendance").recognition
    assert "column B names 2 classes" in found.question
    assert "columns: {cohort: B}" in found.suggestion


def test_with_a_column_of_classes_each_row_is_of_its_class(read):
    reading = read(CLASSES, tab="Attendance", columns={"cohort": "B"})
    assert [(mark.student_id, mark.cohort_id) for mark in reading.marks] == [("1", "7A"), ("2", "7B"), ("3", "7A")]
    assert {session.cohort_id for session in reading.sessions} == {"7A", "7B"}
    assert [(student.student_id, student.cohort_id) for student in reading.students] == [
        *(("1", "7A"), ("2", "7B"), ("3", "7A")),
    ]
    assert [(problem.cell, problem.reason, problem.count_marks) for problem in reading.problems] == [
        ("B5", "missing_cohort", 1)
    ]


def test_with_the_class_declared_or_said_once_the_column_is_none(read):
    assert {mark.cohort_id for mark in read(CLASSES, tab="Attendance", cohort="Year 7").marks} == {"Year 7"}
    assert {mark.cohort_id for mark in read(CLASSES[:2], tab="Year 7").marks} == {"Year 7"}


@pytest.mark.parametrize(
    "rows",
    [
        [["Id", "Class", "Absent dates"], ["1", "7A", "2026-09-07"], ["2", "7B", "2026-09-08"]],
        [["Id", "Class", "Check in"], ["1", "7A", "2026-09-07 08:00"], ["2", "7B", "2026-09-08 08:00"]],
        [["Id", "Class", "Status"], ["1", "7A", "P"], ["2", "7B", "A"]],
    ],
    ids=["list", "stamps", "one_session"],
)
def test_every_layout_knows_a_column_of_classes(read, rows):
    tab = "Course 2026-09-07"
    assert "names 2 classes" in read(rows, tab=tab).recognition.question
    reading = read(rows, tab=tab, columns={"cohort": "B"})
    assert [(mark.student_id, mark.cohort_id) for mark in reading.marks] == [("1", "7A"), ("2", "7B")]
    assert {(session.cohort_id, session.session_date) for session in reading.sessions} == {
        (mark.cohort_id, mark.session_date) for mark in reading.marks
    }


def test_a_column_named_for_the_classes_that_moved_is_asked_about(read):
    rows = [["No", *CLASSES[0]], *([number, *row] for number, row in enumerate(CLASSES[1:-1], 1))]
    found = read(rows, tab="Attendance", columns={"cohort": "B"}).recognition
    assert "its header says otherwise" in found.question
    assert "columns: {cohort: C}" in found.suggestion
