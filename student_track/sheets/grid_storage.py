"""Grids to the cells that bronze keeps, and back: Arrow tables, for a year's register has a hundred thousand."""

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from student_track.sheets.grid import BLANK, Cell, Grid, column_letters, one_cell
from student_track.sheets.tab_facts import facts_from_stored

STORED_CELL = pa.schema(
    [
        ("row", pa.int32()),
        ("column", pa.int32()),
        ("value_text", pa.string()),
        ("value_kind", pa.string()),
        ("value_typed", pa.string()),
    ]
)
AT_A_TIME = 50_000
"""Rows of a grid, or cells: a large sheet has millions, and each is an object or more on its way."""


def stored_cells(grid: Grid) -> pa.Table:
    """Return one row per cell that is not empty (``STORED_CELL``), and in row 0 what is known of the tab."""
    facts = [(0, column, text, kind, "") for column, text, kind in grid.facts.stored()]
    columns = zip(*facts, strict=True) if facts else [[] for _ in STORED_CELL]
    kept = pa.table([list(values) for values in columns], schema=STORED_CELL)
    return pa.concat_tables([kept, *_filled(grid)])


def grid_from_stored(source_id: str, tab: str, stored: pa.Table) -> Grid:
    """Return the grid of stored cells, which may come in any order."""
    row, column = (stored[name].to_numpy() for name in ("row", "column"))
    order = np.lexsort((column, row))
    count_facts = int(np.count_nonzero(row == 0))
    facts = stored.take(order[:count_facts])
    cells = stored.take(order[count_facts:])
    rows = _rows(row[order][count_facts:], column[order][count_facts:], _cells(cells))
    known = zip(*(facts[name].to_pylist() for name in ("value_text", "value_kind")), strict=True)
    return Grid(source_id, tab, rows, facts_from_stored(known))


def addresses(row: pa.Array, column: pa.Array) -> pa.Array:
    """Return the address of each cell, such as D7, by its row and its column from 1."""
    letters = pa.array([column_letters(number) for number in range((pc.max(column).as_py() or 0) + 1)], pa.string())
    return pc.binary_join_element_wise(letters.take(column), row.cast(pa.string()), "")


def _filled(grid: Grid) -> Iterator[pa.Table]:
    for start in range(0, len(grid.rows), AT_A_TIME):
        rows = grid.rows[start : start + AT_A_TIME]
        lengths = np.array([len(row) for row in rows])
        texts, kinds, typed = zip(*chain.from_iterable(rows), strict=True) if lengths.any() else ((), (), ())
        first_places = np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = {
            "row": np.repeat(np.arange(start + 1, start + 1 + len(rows)), lengths),
            "column": np.arange(len(texts)) - first_places + 1,
        }
        table = pa.table({**places, "value_text": texts, "value_kind": kinds, "value_typed": typed}, STORED_CELL)
        yield table.filter(pc.not_equal(table["value_text"], ""))


def _cells(stored: pa.Table) -> list[Cell]:
    return [
        cell
        for batch in stored.to_batches(max_chunksize=AT_A_TIME)
        for cell in map(one_cell, *(batch[name].to_pylist() for name in ("value_text", "value_kind", "value_typed")))
    ]


def _rows(row: np.ndarray, column: np.ndarray, cells: list[Cell]) -> list[list[Cell]]:
    """The rows of cells in order, each as long as its last cell asks for."""
    if not cells:
        return []
    rows: list[list[Cell]] = [[] for _ in range(row[-1])]
    starts = np.flatnonzero(np.diff(row, prepend=0))
    ends = [*starts[1:].tolist(), len(cells)]
    for number, width, start, end in zip(
        row[starts].tolist(), column[np.array(ends) - 1].tolist(), starts.tolist(), ends, strict=True
    ):
        own = cells[start:end]
        rows[number - 1] = own if len(own) == width else _spread(own, column[start:end].tolist(), width)
    return rows


def _spread(cells: list[Cell], columns: list[int], width: int) -> list[Cell]:
    line = [BLANK] * width
    for column, cell in zip(columns, cells, strict=True):
        line[column - 1] = cell
    return line
