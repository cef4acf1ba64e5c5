"""Readings made from tabs given as rows of values, on an empty lake."""

from pathlib import Path

import pytest

from student_track import tables
from student_track.clean import Plan, Reading
from student_track.policy import load_policy
from student_track.sheets import Grid, KnownMarks, cell_of, load_contract, read_tab

PARAMS = Path(__file__).parent.parent.parent / "params"
SECRET = b"a secret for tests"


@pytest.fixture(scope="session")
def policy():
    return load_policy(PARAMS / "policy.yml")


@pytest.fixture
def made(lake):
    tables.create_all(lake)
    return lake


@pytest.fixture
def reading(policy):
    """Return the reading of a workbook `r.xlsx` with the tabs."""
    contract = load_contract(PARAMS / "sheet.yml")
    known_marks = KnownMarks(policy)

    def read(**tabs):
        grids = [Grid("r.xlsx", tab, [[cell_of(value) for value in row] for row in rows]) for tab, rows in tabs.items()]
        plan = Plan({"r.xlsx": "content-rules"}, ("r.xlsx",), (), (), ())
        return Reading(plan, tuple(read_tab(grid, contract, known_marks) for grid in grids), ())

    return read
