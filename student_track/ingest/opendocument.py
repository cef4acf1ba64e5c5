"""ODS spreadsheets to grids. Calamine drops errors, texts as displayed and the limit of repeated cells; so not by it.

What is repeated is written once with a count: the size is known before the cells are made.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from openpyxl.xml.functions import iterparse

from student_track.errors import InputError
from student_track.ingest.file_kinds import DAMAGE, damaged
from student_track.ingest.workbooks import Size, refuse_too_large, refuse_too_many_bytes
from student_track.sheets import BLANK, Cell, Grid
from student_track.sheets.grid import ERRORS, one_cell

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
COVERED = f"{TABLE}covered-table-cell"
"""Under a merged cell: what may stand in it is not displayed."""
CELLS = (f"{TABLE}table-cell", COVERED)
CONTENT = "content.xml"


class RepeatedRow(NamedTuple):
    """A row as written: how many times it stands, and its cells, each with how many times it stands."""

    count: int
    cells: list[tuple[int, Cell]]

    @property
    def width(self) -> int:
        """Columns up to the last cell with something in it."""
        last = max((number for number, (_, cell) in enumerate(self.cells) if cell is not BLANK), default=-1)
        return sum(count for count, _ in self.cells[: last + 1])


def read_opendocument(source_id: str, path: Path, largest_cells: int) -> list[Grid]:
    """Return the grids of an ODS spreadsheet's tabs; raise InputError where it is damaged or too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_too_many_bytes(path, archive.getinfo(CONTENT).file_size, largest_cells)
            with archive.open(CONTENT) as file:
                tabs = _tabs(iterparse(file, ("start", "end")))
                return _grids(source_id, path, tabs, largest_cells)
    except DAMAGE as error:
        raise InputError(damaged(path, "spreadsheet", error)) from None


def _grids(source_id: str, path: Path, tabs: Iterator[tuple[str, list[RepeatedRow]]], largest_cells: int) -> list[Grid]:
    grids, sizes = [], {}
    for tab, rows in tabs:
        while rows and not rows[-1].width:
            rows.pop()
        sizes[tab] = Size(sum(row.count for row in rows), max((row.width for row in rows), default=0))
        refuse_too_large(path, sizes, largest_cells)
        grids.append(Grid(source_id, tab, [cells for row in rows for cells in _repeated(row)]))
    return grids


def _repeated(row: RepeatedRow) -> Iterator[list[Cell]]:
    for _ in range(row.count):
        yield [cell for count, cell in row.cells for _ in range(min(count, row.width))][: row.width]


def _tabs(events: Iterator[tuple[str, Element]]) -> Iterator[tuple[str, list[RepeatedRow]]]:
    """Every table with its rows; what was read is forgotten, row by row."""
    rows: list[RepeatedRow] = []
    for event, element in events:
        if event == "start" and element.tag == f"{TABLE}table":
            rows = []
        elif event == "end" and element.tag == f"{TABLE}table-row":
            count = int(element.get(f"{TABLE}number-rows-repeated", "1"))
            rows.append(RepeatedRow(count, [_counted(cell) for cell in element if cell.tag in CELLS]))
            element.clear()
        elif event == "end" and element.tag == f"{TABLE}table":
            yield element.get(f"{TABLE}name", ""), rows
            element.clear()


def _counted(element: Element) -> tuple[int, Cell]:
    cell = BLANK if element.tag == COVERED else _cell(element)
    return int(element.get(f"{TABLE}number-columns-repeated", "1")), cell


def _cell(element: Element) -> Cell:
    text = "\n".join(_shown(paragraph) for paragraph in element.findall(f"{TEXT}p"))
    kind = element.get(f"{OFFICE}value-type", "")
    if text in ERRORS or text.startswith("Err:") or element.get(KIND) == "error":
        return one_cell(text, "error")
    if kind in ("float", "percentage", "currency"):
        return one_cell(text, "number", _plain(element.get(f"{OFFICE}value", "")))
    if kind == "date":
        return _date_cell(element.get(f"{OFFICE}date-value", ""))
    if kind == "boolean":
        value = element.get(f"{OFFICE}boolean-value", "")
        return one_cell(value.upper(), "boolean", value)
    return one_cell(text) if text else BLANK


def _date_cell(value: str) -> Cell:
    """A date stands as in other workbooks: in ISO form, with the time only where there is one."""
    shown = value.removesuffix("T00:00:00")
    return one_cell(shown, "date", shown)


def _plain(number: str) -> str:
    return str(int(float(number))) if float(number).is_integer() else number


def _shown(element: Element) -> str:
    """The text of a paragraph; notes to the cell are none, several spaces are written as a count."""
    own = " " * int(element.get(f"{TEXT}c", "1")) if element.tag == f"{TEXT}s" else element.text or ""
    return own + "".join(_shown(child) + (child.tail or "") for child in element)
