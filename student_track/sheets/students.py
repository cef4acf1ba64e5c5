"""The students of a register: id and name of each row, judged by the whole column."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from student_track.sheets.grid import BLANK, Cell, Grid, one_cell
from student_track.sheets.text import plain
from student_track.sheets.totals import is_nothing_but_total, is_total
from student_track.translatable import N_

STUDENT_ROLES = ("student_id", "student_name")
NAME_PARTS = ("first_name", "surname")
"""Columns of a name written in two, in the order in which it is read; the student's name is said to stand in one."""
STUDENT_COLUMNS = (*STUDENT_ROLES, *NAME_PARTS)
NAME_AND_ID = (
    re.compile(r"(?P<name>[^\d()\[\]]+?)\s*[(\[]\s*(?P<id>[^\s()\[\]]*\d[^\s()\[\]]*)\s*[)\]]"),
    re.compile(r"(?P<id>[^\s]*\d[^\s:|]*)\s*[-–—:|]\s+(?P<name>\D+)"),
    re.compile(r"(?P<name>\D+?)\s+[-–—:|]\s*(?P<id>[^\s]*\d[^\s]*)"),
)
"""``Lovelace, Ada (00123)``, ``00123 - Ada Lovelace`` and ``Ada Lovelace - 00123``."""
DOUBTFUL_ID = N_("this id is a number of fewer digits than the others, and may have lost zeros: write it as text")
ROUNDED_ID = N_("the spreadsheet has rounded this id, and others may look the same now: write all its digits as text")
ROUNDED = re.compile(r"\d[.,]\d+e\+\d{2,}", re.I)
"""``1.23457E+11``, as spreadsheets show a long number; an id such as ``7E3`` is none."""
MOST_DIGITS_OF_A_NUMBER = 15
"""Of a longer one spreadsheets keep no more, and fill up with zeros."""
WHOLE_NUMBER = re.compile(r"(\d+)\.0")
"""``12345.0``, as programs write a number that had to stand beside blanks."""
SHORTEST_ID_BESIDE_A_NAME = 3
"""A shorter number in brackets may be an age, a group or a seat."""


class Student(NamedTuple):
    """The student of a row. ``doubt``: why the id may not be the one that was written, and what to do; often empty."""

    student_id: str
    name: str | None
    column: int
    doubt: str = ""


def column_of_ids(columns: dict[str, int]) -> int:
    """Return the column that identifies students: of ids, else of names."""
    return columns.get("student_id") or columns["student_name"]


class StudentColumns:
    """Reads the student of each row; the whole column tells names with ids in one cell, and ids with leading zeros.

    ``cells`` are those of the column that surely stand for students.
    """

    def __init__(self, grid: Grid, columns: dict[str, int], cells: Iterable[Cell]) -> None:
        self._grid = grid
        self.column = column_of_ids(columns)
        self._name_column = columns.get("student_name", 0) if "student_id" in columns else 0
        self._parts = [columns[part] for part in NAME_PARTS] if columns.keys() >= set(NAME_PARTS) else []
        self._filled: dict[int, Cell] = {}
        distinct = {cell for cell in cells if not cell.is_blank}
        self._shape = None if self._name_column or self._parts else _common_shape(distinct)
        self._digits = None if self._shape else _digits_of_ids(distinct)
        self._known: dict[tuple[Cell, Cell], Student] = {}

    def of(self, row: int) -> Student:
        """Return the student of a row; an empty id where none stands there."""
        cell = self._filled.get(row) or self._grid.cell(row, self.column)
        name = self._grid.cell(row, self._name_column) if self._name_column else BLANK
        if self._parts:
            cell, name = self._with_whole_name(row, cell)
        if (cell, name) not in self._known:
            self._known[cell, name] = self._read(cell, name)
        return self._known[cell, name]

    def fill(self, row: int, cell: Cell) -> None:
        """Take the student of this row from a cell above it."""
        self._filled[row] = cell

    def _with_whole_name(self, row: int, cell: Cell) -> tuple[Cell, Cell]:
        """The cell that identifies the student, and that of the name, both parts in one; blank where a part failed."""
        while row in self._filled:
            row -= 1
        parts = [self._grid.cell(row, column) for column in self._parts]
        texts = [] if any(part.is_error for part in parts) else [part.text.strip() for part in parts]
        whole = one_cell(" ".join(filter(None, texts)))
        return (cell, whole) if self._name_column else (whole, BLANK)

    def _read(self, cell: Cell, name: Cell) -> Student:
        text = plain(cell.text)
        if self._shape and (match := self._shape.fullmatch(text)):
            return Student(match["id"], match["name"].strip(), self.column)
        is_number = cell.kind == "number"
        if match := WHOLE_NUMBER.fullmatch(text):
            text, is_number = match[1], True
        return Student(text, name.text.strip() or None, self.column, self._doubt(text, is_number))

    def _doubt(self, text: str, is_number: bool) -> str:
        if ROUNDED.fullmatch(text) or (is_number and len(text) > MOST_DIGITS_OF_A_NUMBER):
            return ROUNDED_ID
        has_lost_zeros = bool(self._digits) and is_number and text.isdecimal() and len(text) < self._digits
        return DOUBTFUL_ID if has_lost_zeros else ""


def _common_shape(cells: set[Cell]) -> re.Pattern[str] | None:
    """The one shape of name and id that all cells have, each with an id of its own."""
    whole = {plain(cell.text) for cell in cells if not is_nothing_but_total(cell.text)}
    for shape in NAME_AND_ID:
        texts = {text for text in whole if shape.fullmatch(text) or not is_total(text)}
        ids = {match["id"] for text in texts if (match := shape.fullmatch(text))}
        if texts and len(ids) == len(texts) and all(shape.fullmatch(text) for text in texts):
            return shape if min(map(len, ids)) >= SHORTEST_ID_BESIDE_A_NAME else None
    return None


def _digits_of_ids(cells: set[Cell]) -> int:
    """How many digits every id written as text has, where some begin with a zero or most are text; 0 otherwise."""
    texts = {text for cell in cells if cell.kind == "text" and (text := plain(cell.text)).isdecimal()}
    lengths = {len(text) for text in texts}
    count_numbers = sum(cell.kind == "number" for cell in cells)
    are_telling = any(text.startswith("0") for text in texts) or len(texts) >= count_numbers
    return lengths.pop() if len(lengths) == 1 and are_telling else 0
