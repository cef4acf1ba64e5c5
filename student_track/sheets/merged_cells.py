"""Merged cells: only the first cell of a block has a value, and all of it shows that value."""

from collections.abc import Iterable
from dataclasses import replace

from student_track.sheets.grid import BLANK, Cell, Grid
from student_track.sheets.students import STUDENT_COLUMNS
from student_track.sheets.tab_facts import Merge

FILLED_DOWN = (*STUDENT_COLUMNS, "cohort", "date", "period")
"""What a cell may say that is merged over several rows: all of them have it."""


def filled_down(grid: Grid, columns: Iterable[int | None], first_row: int) -> Grid:
    """Return the grid with the value of each merged block in all its rows, in these columns, from a row on.

    Other columns stay as they are: a mark merged over several students is nobody's but the first one's.
    """
    wanted = set(columns)
    blocks = [
        merge
        for merge in grid.facts.merges
        if merge.first_column in wanted and first_row <= merge.first_row < merge.last_row
    ]
    if not blocks:
        return grid
    rows = list(grid.rows)
    for merge in blocks:
        _fill(rows, merge, grid.cell(merge.first_row, merge.first_column))
    return replace(grid, rows=rows)


def _fill(rows: list[list[Cell]], merge: Merge, value: Cell) -> None:
    place = merge.first_column - 1
    for index in range(merge.first_row, min(merge.last_row, len(rows))):
        cells = rows[index] + [BLANK] * (place + 1 - len(rows[index]))
        if cells[place].is_blank:
            rows[index] = [*cells[:place], value, *cells[place + 1 :]]
