"""A tab as a grid of cells: the text as displayed, its kind, and the typed value as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from student_track.sheets.tab_facts import NO_FACTS, TabFacts

ERRORS = frozenset("#DIV/0! #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #SPILL! #CALC! #ERROR! Loading...".split())
OTHER_ERROR = re.compile(r"#[^\W\d_]+(?:[/_]\w+)*[!?]|#NV|Loading\.\.\.|Loading…", re.I)
"""Errors of other programs and languages (``#ERROR!``, ``#BEZUG!``), and a formula whose value has not come yet."""


class Cell(NamedTuple):
    """One cell. Equal cells of a sheet are one object, for a register holds the same few marks many times."""

    text: str
    kind: str = "text"
    typed: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.text or self.text.isspace()

    @property
    def is_error(self) -> bool:
        """Whether a formula failed here, or has no value yet."""
        return self.kind == "error" or (self.text[:1] in "#Ll" and bool(OTHER_ERROR.fullmatch(self.text.strip())))


BLANK = Cell("")


@dataclass(frozen=True)
class Grid:
    """A tab: ``rows[0][0]`` is A1; rows may differ in length.

    ``former_titles`` are those under which the same tab was read before; ``is_title_shared``: another source has a tab
    of this title.
    """

    source_id: str
    tab: str
    rows: list[list[Cell]]
    facts: TabFacts = NO_FACTS
    former_titles: tuple[str, ...] = ()
    is_title_shared: bool = False

    @property
    def names(self) -> list[str]:
        """What the sheet contract may call the tab, the more telling first: ``source/tab``, ``tab``, former titles."""
        return [name for title in (self.tab, *self.former_titles) for name in (f"{self.source_id}/{title}", title)]

    @property
    def contract_name(self) -> str:
        """The shortest name that means this tab alone."""
        return self.names[0] if self.is_title_shared else self.tab

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a row and column, both from 1; blank where there is none."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return cells[column - 1] if 0 < column <= len(cells) else BLANK

    def filled(self) -> Iterator[tuple[int, int, Cell]]:
        """Yield row, column (from 1) and cell of every cell that is not empty."""
        for row, cells in enumerate(self.rows, 1):
            for column, cell in enumerate(cells, 1):
                if cell.text != "":
                    yield row, column, cell

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@lru_cache(maxsize=100_000)
def one_cell(text: str, kind: str = "text", typed: str = "") -> Cell:
    """Return the one object for equal cells."""
    return Cell(text, kind, typed)


def cell_of(value: object) -> Cell:
    """Return the cell for a value as a spreadsheet library gives it. Numbers without a fraction show none."""
    if value is None or value == "":
        return BLANK
    if isinstance(value, str):
        return one_cell(value, "error" if value in ERRORS else "text")
    if isinstance(value, bool):
        return one_cell(str(value).upper(), "boolean", str(value).lower())
    if isinstance(value, int | float):
        text = str(int(value)) if float(value).is_integer() else repr(value)
        return one_cell(text, "number", text)
    return _cell_of_time(value)


def _cell_of_time(value: object) -> Cell:
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date):
        text = value.isoformat()
        return one_cell(text, "date", text)
    if isinstance(value, time | timedelta):
        return one_cell(str(value), "text", str(value))
    return one_cell(str(value))


@lru_cache(maxsize=20_000)
def column_letters(column: int) -> str:
    """Return the letters of a column, from 1: A, B, ... Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as D7."""
    return f"{column_letters(column)}{row}"
