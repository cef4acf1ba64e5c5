"""Grids written as rows of values, and the project's own contract."""

from pathlib import Path

import pytest

from student_track.policy import load_policy
from student_track.sheets import Grid, cell_of, load_contract, read_tab

PARAMS = Path(__file__).parent.parent.parent / "params"


@pytest.fixture(scope="session")
def contract():
    return load_contract(PARAMS / "sheet.yml")


@pytest.fixture(scope="session")
def read(contract):
    """Read a tab given as rows of values; `choice` overrides the contract for it."""
    known_marks = frozenset(load_policy(PARAMS / "policy.yml").code_of_folded_mark)

    def read(rows, tab="7A", **choice):
        grid = Grid("register.xlsx", tab, [[cell_of(value) for value in row] for row in rows])
        chosen = contract.model_validate(
            {**contract.model_dump(by_alias=True), "tabs": {tab: choice} if choice else {}}
        )
        return read_tab(grid, chosen, known_marks)

    return read
