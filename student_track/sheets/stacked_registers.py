"""Registers one below the other in one tab: further dates for the same students, each part with a header of its own."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from student_track.sheets.contract import SheetContract, TabChoice
from student_track.sheets.date_headers import date_header
from student_track.sheets.grid import Cell, Grid
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.reading import TabReading
from student_track.sheets.recognised import Recognition
from student_track.sheets.recognition import recognise
from student_track.sheets.registers import read_register
from student_track.sheets.students import column_of_ids
from student_track.sheets.text import plain
from student_track.sheets.written_dates import written_month

ROWS_OF_A_HEADER = 3
"""How far above or below the names of the columns their dates, months and days of the week may stand."""


def read_stacked(grid: Grid, found: Recognition, contract: SheetContract, known_marks: KnownMarks) -> TabReading | None:
    """Return the marks of all parts of a tab; None where it has one part, or nothing says that they belong together.

    A blank row and the same names of columns begin each part, no date stands in two, and the students are the same.
    """
    choice = contract.choice(*grid.names)
    if found.layout != "wide" or choice.header_row:
        return None
    parts = list(_parts(grid, found))
    if len(parts) < 2:
        return None
    readings = []
    for part, names in parts:
        row = _row_of_dates(part, names, choice)
        own = contract.with_choice(grid.names[0], choice.model_copy(update={"header_row": row}))
        readings.append(read_register(part, recognise(part, own, known_marks), own, known_marks))
    return _together(readings) if _belong_together(readings) else None


def _parts(grid: Grid, found: Recognition) -> Iterator[tuple[Grid, int]]:
    """The tab once for each part, without the rows of the others, and the row that names the part's columns."""
    rows_of_names = _rows_of_names(grid, found)
    begins = [1, *(_first_row_of_part(grid, row) for row in rows_of_names[1:])]
    ends = [*begins[1:], len(grid.rows) + 1]
    if any(begin <= names for begin, names in zip(begins[1:], rows_of_names, strict=False)):
        return  # no blank row between two of them
    for names, begin, end in zip(rows_of_names, begins, ends, strict=True):
        rows = [
            cells if begin <= row < end or (row < rows_of_names[0] and _is_title(cells)) else []
            for row, cells in enumerate(grid.rows, 1)
        ]
        yield replace(grid, rows=rows), names


def _rows_of_names(grid: Grid, found: Recognition) -> list[int]:
    """The rows in which the column of students is called as in the header; one, the header's, where none is."""
    column = column_of_ids(found.columns)
    header = range(found.first_row - 1, max(0, found.header_row - ROWS_OF_A_HEADER), -1)
    name = next((name for row in header if (name := plain(grid.cell(row, column).text))), "")
    rows = [row for row in range(1, len(grid.rows) + 1) if name and plain(grid.cell(row, column).text) == name]
    return rows or [found.header_row]


def _first_row_of_part(grid: Grid, names: int) -> int:
    """The row below the nearest blank one above; 0 where there is none."""
    blank = (row for row in range(names - 1, 0, -1) if all(cell.is_blank for cell in grid.rows[row - 1]))
    return next(blank, -1) + 1


def _is_title(cells: list[Cell]) -> bool:
    """Whether a row holds one text that is said of the whole tab, and so no month."""
    filled = [cell for cell in cells if not cell.is_blank]
    return len(filled) == 1 and written_month(filled[0]) is None


def _row_of_dates(part: Grid, names: int, choice: TabChoice) -> int:
    rows = range(max(1, names - ROWS_OF_A_HEADER), min(len(part.rows), names + ROWS_OF_A_HEADER) + 1)
    headers = [header for row in rows if (header := date_header(part, row, choice))]
    return max(headers, key=lambda header: len(header.columns)).row if headers else names


def _belong_together(readings: list[TabReading]) -> bool:
    first, others = readings[0], readings[1:]
    days = [set(reading.recognition.dates.values()) for reading in readings]
    return (
        all(_is_whole(reading) for reading in readings)
        and all(reading.recognition.columns == first.recognition.columns for reading in others)
        and all(one.isdisjoint(other) for one, other in combinations(days, 2))
        and all(_are_the_same_students(first, other) for other in others)
    )


def _is_whole(reading: TabReading) -> bool:
    return reading.recognition.layout == "wide" and not reading.recognition.question and bool(reading.marks)


def _are_the_same_students(one: TabReading, other: TabReading) -> bool:
    """Whether at least half of those of the smaller part stand in both."""
    here, there = ({student.student_id for student in reading.students} for reading in (one, other))
    return 2 * len(here & there) >= min(len(here), len(there)) > 0


def _together(readings: list[TabReading]) -> TabReading:
    """One reading of all parts; the recognition is the first part's."""
    first = readings[0]
    more = tuple(reading.recognition.header_row for reading in readings[1:])
    whole = TabReading(first.source_id, first.tab, replace(first.recognition, more_header_rows=more))
    for reading in readings:
        whole.notes += reading.notes
        whole.marks += reading.marks
        whole.problems += reading.problems
        whole.sessions |= reading.sessions
    whole.students = list(dict.fromkeys(student for reading in readings for student in reading.students))
    return whole
