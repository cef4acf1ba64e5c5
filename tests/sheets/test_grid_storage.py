"""Cells that bronze keeps, put back where they were."""

import random

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from student_track.sheets import STORED_CELL, Grid, address, addresses, cell_of, grid_from_stored, stored_cells
from student_track.sheets.tab_facts import Merge, TabFacts

ROWS = st.lists(st.lists(st.sampled_from(["", "P", "A", 3, "#N/A"]), max_size=5), max_size=6)
FACTS = TabFacts("12", "en_GB", (Merge(1, 2, 1, 4),))


@given(ROWS, st.sampled_from([TabFacts(), FACTS]), st.randoms(use_true_random=False))
def test_cells_kept_make_the_same_grid_in_whatever_order_they_come_back(rows, facts, chosen):
    grid = Grid("s", "t", [[cell_of(value) for value in row] for row in rows], facts)
    stored = stored_cells(grid)
    places = list(range(len(stored)))
    chosen.shuffle(places)
    again = grid_from_stored("s", "t", stored.take(pa.array(places, pa.int64())))
    assert list(again.filled()) == list(grid.filled())
    assert again.facts == facts


def test_empty_cells_are_not_kept_and_a_row_ends_with_its_last_cell():
    grid = Grid("s", "t", [[], [cell_of(value) for value in ("", "P", "", None)]])
    stored = stored_cells(grid)
    assert stored.schema == STORED_CELL
    assert stored.to_pylist() == [{"row": 2, "column": 2, "value_text": "P", "value_kind": "text", "value_typed": ""}]
    assert [len(row) for row in grid_from_stored("s", "t", stored).rows] == [0, 2]


def test_a_large_grid_is_kept_whole(monkeypatch):
    monkeypatch.setattr("student_track.sheets.grid_storage.AT_A_TIME", 7)
    chosen = random.Random(1)
    grid = Grid("s", "t", [[cell_of(chosen.choice(["", "P"])) for _ in range(4)] for _ in range(30)])
    assert list(grid_from_stored("s", "t", stored_cells(grid)).filled()) == list(grid.filled())


@given(st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), max_size=5))
def test_addresses_are_those_of_single_cells(places):
    rows, columns = ([place[number] for place in places] for number in (0, 1))
    found = addresses(pa.array(rows, pa.int32()), pa.array(columns, pa.int32()))
    assert found.to_pylist() == [address(*place) for place in places]
