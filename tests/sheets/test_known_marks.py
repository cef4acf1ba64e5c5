"""Marks of the policy with numbers in them tell a register as any other mark does."""

from datetime import date
from fractions import Fraction

import pytest

from student_track.policy import Code, fold_mark, load_policy
from student_track.sheets import Grid, KnownMarks, cell_of, read_tab
from tests.sheets.conftest import PARAMS


@pytest.fixture(scope="module")
def known_marks():
    policy = load_policy(PARAMS / "policy.yml")
    late = Code(marks=("L#",), numbers=(1, 14), state="partial", missed=Fraction(1, 4), is_tardy=True)
    return KnownMarks(policy.model_copy(update={"codes": {**policy.codes, "late_by_minutes": late}}))


@pytest.mark.parametrize(
    ("mark", "is_known"),
    [
        ("L5", True),
        ("L 14", True),
        ("L15", False),
        ("5", False),
        ("", False),
        ("P", True),
        ("a/A", True),
        ("Ann", False),
    ],
)
def test_a_number_within_its_bounds_is_part_of_a_mark(known_marks, mark, is_known):
    assert (fold_mark(mark) in known_marks) == is_known


def test_a_register_of_nothing_but_marks_with_numbers_is_one(known_marks, contract):
    rows = [["Name", "Status"], ["Ann", "L5"], ["Ben", "L 10"]]
    grid = Grid("r.xlsx", "7A 2026-09-07", [[cell_of(value) for value in row] for row in rows])
    reading = read_tab(grid, contract, known_marks)
    assert [(mark.student_id, mark.session_date, mark.mark) for mark in reading.marks] == [
        *(("Ann", date(2026, 9, 7), "L5"), ("Ben", date(2026, 9, 7), "L 10")),
    ]


def test_marks_with_numbers_under_a_blank_header_are_not_lost_in_silence(known_marks, contract):
    rows = [["Name", date(2026, 9, 7), None], *([name, "L5", "L7"] for name in ("Ann", "Ben", "Cleo"))]
    grid = Grid("r.xlsx", "7A", [[cell_of(value) for value in row] for row in rows])
    problems = read_tab(grid, contract, known_marks).problems
    assert [(problem.cell, problem.count_marks) for problem in problems] == [("C1", 3)]
