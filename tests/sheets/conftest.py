"""Grids written as rows of values, and the project's own contract."""

from pathlib import Path

import pytest

from student_track.policy import load_policy
from student_track.sheets import Grid, KnownMarks, cell_of, load_contract, read_tab
from student_track.sheets.tab_facts import TabFacts

PARAMS = Path(__file__).parent.parent.parent / "params"


@pytest.fixture(scope="session")
def contract():
    return load_contract(PARAMS / "sheet.yml")


@pytest.fixture(scope="session")
def known_marks():
    return KnownMarks(load_policy(PARAMS / "policy.yml"))


@pytest.fixture(scope="session")
def read(contract, known_marks):
    """Read a tab given as rows of values, with what the sheet tells of it; `choice` overrides the contract for it."""

    def read(rows, tab="7A", merges=(), locale="", **choice):
        facts = TabFacts("", locale, tuple(merges))
        grid = Grid("register.xlsx", tab, [[cell_of(value) for value in row] for row in rows], facts)
        chosen = contract.model_validate(
            {**contract.model_dump(by_alias=True), "tabs": {tab: choice} if choice else {}}
        )
        return read_tab(grid, chosen, known_marks)

    return read
