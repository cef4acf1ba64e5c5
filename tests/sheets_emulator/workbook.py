"""A spreadsheet as Google keeps it: cells with what was entered, what they hold and their number format.

Both renderings of a cell are derived from it, so that no test can give two that do not belong together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.sheets_emulator.number_formats import LOCALES, shown

Json = dict[str, Any]
Value = str | bool | int | float


@dataclass(frozen=True)
class SheetCell:
    """What a cell holds (dates are serial numbers), how it is shown, and the formula that gave it, if one did."""

    holds: Value
    format: str = ""
    formula: str = ""


def serial(moment: date) -> float:
    """Days since 1899-12-30, the way Google holds a date."""
    if not isinstance(moment, datetime):
        return (moment - date(1899, 12, 30)).days
    return (moment - datetime(1899, 12, 30)).total_seconds() / 86_400


@dataclass
class Tab:
    """Cells by row and column, from 1; the grid may be larger than what stands in it."""

    sheet_id: int
    title: str
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    count_rows: int = 1000
    count_columns: int = 26
    merges: list[Json] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    is_chart: bool = False

    def write(self, row: int, values: Sequence[Value | date | SheetCell | None]) -> None:
        """Put values into a row, from its first column on; None empties a cell."""
        for column, value in enumerate(values, 1):
            self.cells.pop((row, column), None)
            if value is not None:
                self.cells[row, column] = _cell(value)

    def insert_row(self, before: int) -> None:
        self.cells = {(row + (row >= before), column): cell for (row, column), cell in self.cells.items()}
        self.count_rows += 1

    def delete_row(self, gone: int) -> None:
        kept = {place: cell for place, cell in self.cells.items() if place[0] != gone}
        self.cells = {(row - (row > gone), column): cell for (row, column), cell in kept.items()}
        self.count_rows -= 1

    def values(self, rows: range, columns: range, render: Callable[[SheetCell], Value]) -> list[list[Value]]:
        """The rows of a range as the API gives them: without what is empty at their end, and at its end."""
        lines = [[self._value(row, column, render) for column in columns] for row in self._rows_used(rows)]
        trimmed = [_without_empty_end(line, "") for line in lines]
        return _without_empty_end(trimmed, [])

    def _rows_used(self, rows: range) -> range:
        last = max((row for row, _ in self.cells), default=0)
        return range(rows.start, min(rows.stop, last + 1))

    def _value(self, row: int, column: int, render: Callable[[SheetCell], Value]) -> Value:
        cell = self.cells.get((row, column))
        return "" if cell is None else render(cell)

    def metadata(self, index: int) -> Json:
        properties: Json = {"sheetId": self.sheet_id, "title": self.title, "index": index}
        if self.is_hidden:
            properties["hidden"] = True
        if self.is_chart:
            return {"properties": {**properties, "sheetType": "OBJECT"}}
        size = {"rowCount": self.count_rows, "columnCount": self.count_columns}
        merges = {"merges": [{"sheetId": self.sheet_id, **merge} for merge in self.merges]} if self.merges else {}
        return {"properties": {**properties, "sheetType": "GRID", "gridProperties": size}, **merges}


@dataclass
class Workbook:
    """A spreadsheet in Drive. ``version`` is Drive's: whoever edits calls ``edited``, unless a test wants it to lag."""

    key: str
    tabs: list[Tab]
    locale: str = "en_US"
    time_zone: str = "Europe/London"
    shared_with: set[str] = field(default_factory=set)
    version: int = 1
    modified: str = "2026-11-24T07:00:00.000Z"
    is_office_file: bool = False

    def edited(self) -> None:
        self.version += 1
        self.modified = f"2026-11-24T07:00:{self.version % 60:02}.000Z"

    def tab(self, title: str) -> Tab | None:
        return next((tab for tab in self.tabs if tab.title.casefold() == title.casefold()), None)

    def renderer(self, option: str) -> Callable[[SheetCell], Value]:
        locale = LOCALES[self.locale]
        return (lambda cell: shown(cell.holds, cell.format, locale)) if option == "FORMATTED_VALUE" else _held

    def metadata(self) -> Json:
        properties = {"title": "Register", "locale": self.locale, "autoRecalc": "ON_CHANGE", "timeZone": self.time_zone}
        sheets = [tab.metadata(index) for index, tab in enumerate(self.tabs)]
        return {"spreadsheetId": self.key, "properties": properties, "sheets": sheets}


def _cell(value: Value | date | SheetCell) -> SheetCell:
    if isinstance(value, SheetCell):
        return value
    if isinstance(value, datetime):
        return SheetCell(serial(value), "date time")
    return SheetCell(serial(value), "date") if isinstance(value, date) else SheetCell(value)


def _held(cell: SheetCell) -> Value:
    return cell.holds


def _without_empty_end(values: list[Any], empty: object) -> list[Any]:
    end = len(values)
    while end and values[end - 1] == empty:
        end -= 1
    return values[:end]
