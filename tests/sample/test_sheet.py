"""The sheet the sample school keeps: its tabs, its true dates, and the mistakes people make."""

from datetime import date, datetime

import openpyxl
import pytest

from student_track import sample
from student_track.sample.calendar import SAMPLE_TODAY, TERMS
from student_track.sample.marks import untaken_registers
from student_track.sample.registers import STRANGE_MARKS
from student_track.sample.school import CLUB, GROUPS, School
from student_track.sample.workbook import FILE_NAME

REFERENCES = {"Roster", "Calendar", "Owners", "Actions"}
HEADER_ROW, FIRST_DATE = 3, 3


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return sample.ensure_sample_workbook(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def tabs(path):
    """Every tab as rows of values."""
    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def marks_of(rows):
    """Column number and mark of every cell of a register with a mark."""
    last = rows[HEADER_ROW - 1].index("Days absent")
    students = [row for row in rows[HEADER_ROW:] if row and isinstance(row[0], str) and row[0].isdigit()]
    return [(place, row[place]) for row in students for place in range(FIRST_DATE - 1, last) if row[place] is not None]


def test_it_is_written_on_first_use_with_nothing_beside_it(path):
    assert [found.name for found in path.parent.iterdir()] == [FILE_NAME]


def test_there_is_a_tab_for_each_group_one_for_the_club_and_those_a_school_keeps_beside_them(tabs):
    assert set(tabs) == {*GROUPS, "Club register"} | REFERENCES
    assert len({*GROUPS, CLUB}) == 12


def test_the_header_holds_true_dates_of_two_school_years_but_for_one_that_does_not_exist(tabs):
    odd = []
    for group in GROUPS:
        header = tabs[group][HEADER_ROW - 1]
        pairs = zip(header[FIRST_DATE - 1 : header.index("Days absent")], School().days_of(group), strict=True)
        odd += [cell for cell, day in pairs if cell != datetime.combine(day, datetime.min.time())]
    assert odd == ["31 Sept 2026"]


def test_ids_are_text_with_their_zeros(tabs):
    ids = [row[0] for row in tabs["Roster"][1:]]
    assert all(isinstance(number, str) and len(number) == 6 and number.startswith("0") for number in ids)
    assert len(set(ids)) == 400


def test_a_register_not_taken_is_an_empty_column(tabs):
    untaken = untaken_registers(School())
    for group in set(GROUPS) - {"Hazel"}:  # in Hazel a student of no roster has marks on the latest days
        days = School().days_of(group)
        taken = {days[place - FIRST_DATE + 1] for place, _ in marks_of(tabs[group])}
        assert set(days) - taken == {day for cohort, day in untaken if cohort == group}


def test_mistakes_are_there_and_few_enough_that_no_tab_is_held(tabs):
    for group in GROUPS:
        marks = [mark for _, mark in marks_of(tabs[group])]
        strange = [mark for mark in marks if mark in STRANGE_MARKS]
        assert len(strange) < 0.01 * len(marks)
    everything = [mark for group in GROUPS for _, mark in marks_of(tabs[group])]
    assert {mark for mark in everything if mark in STRANGE_MARKS} == set(STRANGE_MARKS)


def test_a_student_written_twice_contradicts_once_and_agrees_otherwise(tabs):
    rows = [row for row in tabs["Maple"][HEADER_ROW:] if row and row[0]]
    (twice,) = {row[0] for row in rows if [other[0] for other in rows].count(row[0]) == 2}
    count = len(School().days_of("Maple"))
    first, second = (row[2 : 2 + count] for row in rows if row[0] == twice)
    both = [(one, other) for one, other in zip(first, second, strict=False) if one and other]
    assert sum(one != other for one, other in both) == 1
    assert any(one == other for one, other in both)


def test_one_student_stands_in_a_register_but_on_no_roster(tabs):
    known = {row[0] for row in tabs["Roster"][1:]}
    registered = {row[0] for group in GROUPS for row in tabs[group][HEADER_ROW:] if row and row[0] and row[1]}
    assert len(registered - known) == 1


def test_the_plan_of_the_whole_school_year_is_known(tabs):
    planned = [row for row in tabs["Calendar"][1:] if row[0] == "school days" and CLUB not in row]
    assert max(row[3].date() for row in planned) == TERMS[-1][2] == date(2027, 7, 16)


def test_every_cohort_has_an_owner_a_deputy_and_a_teacher_none_of_them_real(tabs):
    rows = tabs["Owners"][1:]
    assert {row[0] for row in rows} == {*GROUPS, CLUB}
    assert all(address.endswith("@example.org") for row in rows for address in row[1:])


def test_nothing_lies_after_the_schools_today(tabs):
    days = [cell.date() for group in GROUPS for cell in tabs[group][HEADER_ROW - 1] if isinstance(cell, datetime)]
    days += [row[2].date() for row in tabs["Club register"][1:]]
    assert max(days) == SAMPLE_TODAY == sample.SAMPLE_TODAY
    assert SAMPLE_TODAY.strftime("%A") == "Friday"
