"""Students: ids as displayed, names and ids in one cell, and ids that have lost their zeros."""

from datetime import date

import pytest

from student_track.sheets.tab_facts import Merge

MONDAY = date(2026, 9, 7)


def students(reading):
    return [(student.student_id, student.student_name) for student in reading.students]


@pytest.mark.parametrize(
    "cells",
    [
        ["Lovelace, Ada (00123)", "Hopper, Grace (00124)"],
        ["Lovelace, Ada [00123]", "Hopper, Grace [00124]"],
        ["00123 - Lovelace, Ada", "00124 - Hopper, Grace"],
        ["00123: Lovelace, Ada", "00124: Hopper, Grace"],
        ["Lovelace, Ada - 00123", "Hopper, Grace - 00124"],
    ],
)
def test_name_and_id_in_one_cell_are_told_apart(read, cells):
    rows = [["Student", MONDAY], *([cell, "P"] for cell in cells), ["Total", 2]]
    assert students(read(rows)) == [("00123", "Lovelace, Ada"), ("00124", "Hopper, Grace")]


@pytest.mark.parametrize(
    "cells",
    [
        ["Ada Lovelace (00123)", "Grace Hopper"],
        ["Ada Lovelace (7A)", "Grace Hopper (7A)"],
        ["Ada Lovelace (12)", "Grace Hopper (13)"],
        ["Ada Lovelace (00123)", "00124 - Grace Hopper"],
    ],
)
def test_where_not_every_cell_has_an_id_of_its_own_the_whole_text_is_the_student(read, cells):
    assert students(read([["Student", MONDAY], *([cell, "P"] for cell in cells)])) == [(cell, None) for cell in cells]


def test_ids_are_the_same_whatever_their_width_and_spaces(read):
    rows = [["Id", MONDAY], ["００１２３", "P"], [" 00124\u200b", "P"], ["A\u00a0 1", "P"]]
    assert [student for student, _ in students(read(rows))] == ["00123", "00124", "A 1"]


def test_a_number_beside_ids_with_zeros_is_doubtful_and_joins_nobody(read):
    reading = read([["Id", MONDAY], ["00123", "P"], ["00200", "A"], [123.0, "A"], [12345, "P"]])
    assert [student for student, _ in students(reading)] == ["00123", "00200", "12345"]
    assert [(problem.cell, problem.reason, problem.count_marks) for problem in reading.problems] == [
        ("A4", "doubtful_id", 1)
    ]


def test_numbers_alone_are_ids(read):
    assert [student for student, _ in students(read([["Id", MONDAY], [7.0, "P"], [12, "P"]]))] == ["7", "12"]


def test_a_roster_reads_ids_as_registers_do(read):
    roster = read([["Student"], ["Lovelace, Ada (00123)"], ["Hopper, Grace (00124)"]], tab="Roster").roster
    assert [(entry.student_id, entry.student_name) for entry in roster] == [
        ("00123", "Lovelace, Ada"),
        ("00124", "Hopper, Grace"),
    ]
    doubtful = read([["Id"], ["００１２３"], [124]], tab="Roster")
    assert [entry.student_id for entry in doubtful.roster] == ["00123"]
    assert [problem.reason for problem in doubtful.problems] == ["doubtful_id"]


def test_the_same_student_twice_is_two_rows_of_marks(read):
    reading = read([["Id", MONDAY], ["1", "P"], ["1", "A"]])
    assert [(mark.cell, mark.student_id, mark.mark) for mark in reading.marks] == [("B2", "1", "P"), ("B3", "1", "A")]


def test_merged_students_are_filled_down_only_where_a_person_says_so(read):
    rows = [["Id", "Name", "Date", "Mark"], ["01", "Ann", MONDAY, "P"], [None, None, date(2026, 9, 8), "A"]]
    reading = read(rows)
    assert [(problem.cell, problem.reason) for problem in reading.problems] == [("A3", "missing_student")]
    filled = read(rows, fill_down=["student_id"])
    assert [(mark.student_id, mark.mark) for mark in filled.marks] == [("01", "P"), ("01", "A")]


@pytest.mark.parametrize(
    ("ids", "read_as"),
    [
        (["1.23457E+11", "1,23457e+11"], []),
        ([12345678901234567, 12345678901234568], []),
        (["7E3", "1E400", "12345678901234567"], ["7E3", "1E400", "12345678901234567"]),
        (["12345.0", "678.0"], ["12345", "678"]),
        (["00123", "124.0"], ["00123"]),
    ],
)
def test_a_number_that_lost_digits_joins_nobody_and_one_that_won_a_fraction_is_whole(read, ids, read_as):
    reading = read([["Id", MONDAY], *([written, "P"] for written in ids)])
    assert [student for student, _ in students(reading)] == read_as
    assert [problem.reason for problem in reading.problems] == ["doubtful_id"] * (len(ids) - len(read_as))


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (["Surname", "Forename"], [("Müller", "Anna"), ("Müller", "Ben")]),
        (["Name", "Vorname"], [("Müller", "Anna"), ("Müller", "Ben")]),
        (["First name", "Name"], [("Anna", "Müller"), ("Ben", "Müller")]),
        (["Name", "Surname"], [("Anna", "Müller"), ("Ben", "Müller")]),
        (["Nr.", "Nom", "Prénom"], [("1", "Müller", "Anna"), ("2", "Müller", "Ben")]),
        (["Surname", "Full name", "First name"], [("Müller", "Anna Müller", "Anna"), ("Müller", "Ben Müller", "Ben")]),
    ],
)
def test_a_name_in_two_columns_is_one(read, header, names):
    wide = [[*header, MONDAY], *([*name, "P"] for name in names)]
    long = [[*header, "Date", "Mark"], *([*name, MONDAY, "P"] for name in names)]
    roster = [[*header, "Class"], *([*name, "7A"] for name in names)]
    named = [("Anna Müller", None), ("Ben Müller", None)]
    assert students(read(wide)) == students(read(long)) == named
    assert [entry.student_id for entry in read(roster, tab="Roster").roster] == ["Anna Müller", "Ben Müller"]


def test_a_name_in_two_columns_beside_an_id_is_no_id_and_a_failed_half_is_nobody(read):
    header = ["Last name", "First name", "ID number", MONDAY]
    assert students(read([header, ["Hopper", "Grace", "007", "P"]])) == [("007", "Grace Hopper")]
    reading = read([["Surname", "Forename", MONDAY], ["Müller", "#REF!", "P"], ["Müller", None, "P"]])
    assert students(reading) == [("Müller", None)]
    assert [problem.reason for problem in reading.problems] == ["missing_student"]


def test_a_name_in_two_columns_is_merged_or_filled_down_whole(read):
    rows = [
        ["Surname", "Forename", "Date", "Mark"],
        ["Müller", "Anna", MONDAY, "P"],
        [None, None, date(2026, 9, 8), "A"],
    ]
    filled = read(rows, fill_down=["student_name"])
    merged = read(rows, merges=[Merge(2, 1, 3, 1), Merge(2, 2, 3, 2)])
    assert (
        [mark.student_id for mark in filled.marks] == [mark.student_id for mark in merged.marks] == ["Anna Müller"] * 2
    )


def test_the_more_telling_of_two_headers_is_taken_wherever_it_stands(read):
    rows = [["ID", "Student ID", "Day", "Date", "Mark"], [1, "007", "Mon", MONDAY, "P"]]
    assert [(mark.student_id, mark.session_date) for mark in read(rows).marks] == [("007", MONDAY)]


def test_subtotals_among_names_with_ids_do_not_hide_the_ids(read):
    rows = [["Student", MONDAY], ["Lee, Ann (007)", "P"], ["Subtotal 7A", 1], ["Late, Bob (008)", "A"], ["Total", 2]]
    assert [student for student, _ in students(read(rows))] == ["007", "008"]
