"""A Google spreadsheet as a source: asked for its version, then read twice (as shown, as held) into grids."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple
from urllib.parse import quote

from gspread.urls import DRIVE_FILES_API_V3_URL
from gspread.utils import absolute_range_name

from student_track.errors import InputError, OutsideServiceError
from student_track.ingest.google_answers import SheetMovedError
from student_track.ingest.google_cells import google_cell
from student_track.ingest.google_http import SheetsHTTPClient
from student_track.sheets.grid import Cell, Grid, address
from student_track.sheets.tab_facts import Merge, TabFacts

METADATA = "properties(locale),sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),merges)"
SHOWN = {"valueRenderOption": "FORMATTED_VALUE"}
HELD = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
ROWS_PER_RANGE = 2_000
CELLS_PER_REQUEST = 250_000
"""About the 2 MB that Google advises for an answer: a short mark takes eight bytes."""

ADDRESS_CHARACTERS = 6_000
"""Ranges of one request; a longer address is refused on its way."""

REREADS = 3
SECONDS_BEFORE_REREAD = 5.0
Values = list[list[Any]]


@dataclass(frozen=True)
class Tab:
    """A tab that holds cells. ``sheet_id`` stays when the title changes."""

    sheet_id: int
    title: str
    count_rows: int
    count_columns: int
    merges: tuple[Merge, ...]

    @property
    def count_cells(self) -> int:
        return self.count_rows * self.count_columns


@dataclass(frozen=True)
class Spreadsheet:
    """What the metadata say: the locale in which it shows dates and numbers, and its tabs in order."""

    locale: str
    tabs: tuple[Tab, ...]


class Block(NamedTuple):
    """Whole rows of a tab, read as one range. ``first_row`` is from 1."""

    tab: Tab
    first_row: int
    last_row: int

    @property
    def range(self) -> str:
        cells = f"A{self.first_row}:{address(self.last_row, self.tab.count_columns)}"
        return absolute_range_name(self.tab.title, cells)

    @property
    def count_cells(self) -> int:
        return (self.last_row - self.first_row + 1) * self.tab.count_columns


class Reading(NamedTuple):
    """All values of a spreadsheet, per tab: as shown and as held, by two requests with a moment between them."""

    spreadsheet: Spreadsheet
    shown: list[Values]
    held: list[Values]

    def is_coherent(self) -> bool:
        """Whether both halves have the same cells, and the same text where a cell holds text."""
        return all(
            len(shown) == len(held)
            and all(
                len(left) == len(right) and _is_same_text(left, right) for left, right in zip(shown, held, strict=True)
            )
            for shown, held in zip(self.shown, self.held, strict=True)
        )


class GoogleSheet:
    """A spreadsheet by its key. ``day`` makes its fingerprint new once a day, so that it is then read in any case."""

    def __init__(self, key: str, client: SheetsHTTPClient, day: date) -> None:
        self.key, self.source_id = key, f"google:{key}"
        self._client, self._day = client, day
        self._version: str | None = None

    def fingerprint(self) -> str:
        """Return a hash that differs when the spreadsheet may have changed: one request to Drive, none to Sheets."""
        self._version = self._ask_version()
        return hashlib.sha256(f"{self._version} {self._day.isoformat()}".encode()).hexdigest()

    def read_grids(self, largest_cells: int) -> list[Grid]:
        """Return every tab as a grid, rows hidden or filtered out included.

        Raises InputError where a tab is larger than permitted, before any cell is read, or nothing stands in the
        spreadsheet; OutsideServiceError where it changes under every reading.
        """
        before, former = self._version or self._ask_version(), None
        for attempt in range(1 + REREADS):
            if attempt:
                self._client.clock.wait(SECONDS_BEFORE_REREAD)
            reading = self._read(largest_cells)
            after = self._ask_version()
            if reading and (reading == former or (before == after and reading.is_coherent())):
                return self._grids(reading)
            before, former = after, reading
        raise OutsideServiceError(
            f"{self.source_id}: is being edited: {1 + REREADS} readings did not agree. What was read before stays. "
            "Run again when nobody writes in it."
        )

    def _read(self, largest_cells: int) -> Reading | None:
        """All values at about one moment; None where a range is gone since the metadata were read."""
        spreadsheet = self._ask_spreadsheet()
        tabs = spreadsheet.tabs
        self._refuse_too_large(tabs, largest_cells)
        requests = list(_requests(tabs))
        try:
            shown, held = (self._ask_values(tabs, requests, options) for options in (SHOWN, HELD))
        except SheetMovedError:
            return None
        return Reading(spreadsheet, shown, held)

    def _refuse_too_large(self, tabs: tuple[Tab, ...], largest_cells: int) -> None:
        if not tabs:
            raise InputError(f"{self.source_id}: has no tab with cells. Was the right spreadsheet given?")
        count_cells, largest = sum(tab.count_cells for tab in tabs), max(tabs, key=lambda tab: tab.count_cells)
        if count_cells > largest_cells:
            raise InputError(
                f"{self.source_id}: {count_cells} cells are more than `largest_sheet_cells` ({largest_cells}). The tab "
                f"{largest.title!r} has {largest.count_rows} rows and {largest.count_columns} columns, blank ones "
                "included. Delete rows and columns nobody uses, split the sheet by school year, or raise the setting."
            )

    def _ask_version(self) -> str:
        fields = {"supportsAllDrives": True, "fields": "modifiedTime,version"}
        answer = self._client.request("get", f"{DRIVE_FILES_API_V3_URL}/{self.key}", params=fields).json()
        if "version" not in answer:
            raise OutsideServiceError(f"{self.source_id}: the Google Drive API gives no version. Run again later.")
        return f"{answer.get('modifiedTime')} {answer['version']}"

    def _ask_spreadsheet(self) -> Spreadsheet:
        answer = self._client.fetch_sheet_metadata(self.key, params={"fields": METADATA})
        properties = answer.get("properties", {})
        tabs = [_tab(sheet) for sheet in answer.get("sheets", []) if "gridProperties" in sheet["properties"]]
        return Spreadsheet(properties.get("locale", ""), tuple(tabs))

    def _ask_values(self, tabs: tuple[Tab, ...], requests: list[list[Block]], options: dict[str, str]) -> list[Values]:
        """The rows of each tab; an empty row stands where Google left out the end of a block."""
        rows: dict[int, Values] = {tab.sheet_id: [] for tab in tabs}
        for blocks in requests:
            ranges = [block.range for block in blocks]
            answers = self._client.values_batch_get(self.key, ranges, dict(options)).get("valueRanges", [])
            if len(answers) != len(blocks):
                raise SheetMovedError(f"{self.source_id}: {len(blocks)} ranges were asked for, {len(answers)} came.")
            for block, answer in zip(blocks, answers, strict=True):
                own = rows[block.tab.sheet_id]
                values = answer.get("values", [])
                own.extend([] for _ in range(block.first_row - 1 - len(own) if values else 0))
                own.extend(values)
        return list(rows.values())

    def _grids(self, reading: Reading) -> list[Grid]:
        locale, tabs = reading.spreadsheet.locale, reading.spreadsheet.tabs
        grids = [
            Grid(self.source_id, tab.title, _combined(shown, held), TabFacts(str(tab.sheet_id), locale, tab.merges))
            for tab, shown, held in zip(tabs, reading.shown, reading.held, strict=True)
        ]
        if all(cell.is_blank for grid in grids for _, _, cell in grid.filled()):
            raise InputError(f"{self.source_id}: there is nothing in it. Was the right spreadsheet given?")
        return grids


def _tab(sheet: dict[str, Any]) -> Tab:
    properties = sheet["properties"]
    size = properties["gridProperties"]
    return Tab(
        properties["sheetId"],
        properties["title"],
        size["rowCount"],
        size["columnCount"],
        tuple(_merge(block) for block in sheet.get("merges", [])),
    )


def _merge(block: dict[str, int]) -> Merge:
    """Google counts from 0 and leaves the end out."""
    first_row, first_column = block.get("startRowIndex", 0) + 1, block.get("startColumnIndex", 0) + 1
    return Merge(first_row, first_column, block["endRowIndex"], block["endColumnIndex"])


def _requests(tabs: tuple[Tab, ...]) -> Iterator[list[Block]]:
    """The blocks of all tabs in order, as many to a request as its answer and its address can hold."""
    request: list[Block] = []
    for block in (block for tab in tabs for block in _blocks(tab)):
        both = [*request, block]
        cells = sum(each.count_cells for each in both)
        characters = sum(len(quote(each.range)) for each in both)
        if request and (cells > CELLS_PER_REQUEST or characters > ADDRESS_CHARACTERS):
            yield request
            both = [block]
        request = both
    if request:
        yield request


def _blocks(tab: Tab) -> Iterator[Block]:
    step = max(1, min(ROWS_PER_RANGE, CELLS_PER_REQUEST // max(1, tab.count_columns)))
    for first_row in range(1, tab.count_rows + 1, step):
        yield Block(tab, first_row, min(first_row + step - 1, tab.count_rows))


def _is_same_text(shown: list[Any], held: list[Any]) -> bool:
    return all(not isinstance(value, str) or value == text for text, value in zip(shown, held, strict=True))


def _combined(shown: Values, held: Values) -> list[list[Cell]]:
    return [
        [google_cell(text, value) for text, value in zip_longest(texts, values)]
        for texts, values in zip_longest(shown, held, fillvalue=[])
    ]
