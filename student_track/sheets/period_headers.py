"""Periods of a date in a wide header: AM and PM, lessons counted, or times of day, in a row below the dates."""

import re
from dataclasses import replace

from student_track.sheets.date_headers import DateHeader
from student_track.sheets.grid import Grid
from student_track.sheets.text import plain
from student_track.sheets.written_dates import HALF_DAYS

COUNTED = r"(?:period|lesson|session|hour|block|slot|stunde|std|p|l|s|h)?[\s.#-]*\d{1,2}\.?"
TIME = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?"
PERIOD = re.compile(rf"{HALF_DAYS}|{COUNTED}|{TIME}(?:\s?[-–]\s?{TIME})?", re.I)


def with_periods_below(grid: Grid, header: DateHeader) -> DateHeader:
    """Return the header with the row of periods below it, if there is one; each date then holds for all its periods.

    No student stands in that row: it is blank before the dates, or the row of dates is. Some date has two periods, and
    none has one twice.
    """
    row = header.last + 1
    if not (_begins_blank(grid, row, header) or _begins_blank(grid, header.row, header)):
        return header
    labels = {column: plain(grid.cell(row, column).text) for column in range(min(header.columns), grid.width + 1)}
    if any(labels[column] and not PERIOD.fullmatch(labels[column]) for column in header.columns):
        return header
    dates, unread = dict(header.dates), dict(header.unread)
    for column in header.columns:
        for beside in _columns_of(grid, header, column, labels):
            if column in header.dates:
                dates[beside] = header.dates[column]
            else:
                unread[beside] = header.unread[column]
    sessions = [(day, labels[column].casefold()) for column, day in dates.items() if labels[column]]
    if len(sessions) != len(set(sessions)) or len(sessions) == len({day for day, _ in sessions}):
        return header
    periods = header.periods | {column: labels[column] for column in dates if labels[column]}
    return replace(header, last=row, dates=dict(sorted(dates.items())), unread=unread, periods=periods)


def _columns_of(grid: Grid, header: DateHeader, column: int, labels: dict[int, str]) -> list[int]:
    """The columns beside a date that belong to it: as far as its cell is merged, else while new periods follow."""
    last = next(
        (
            merge.last_column
            for merge in grid.facts.merges
            if merge.first_row <= header.row <= merge.last_row and merge.first_column == column
        ),
        grid.width,
    )
    found: list[int] = []
    for beside in range(column + 1, last + 1):
        seen = {labels[other].casefold() for other in (column, *found)}
        is_free = beside not in header.columns and grid.cell(header.row, beside).is_blank
        if not is_free or not PERIOD.fullmatch(labels[beside]) or labels[beside].casefold() in seen:
            break
        found.append(beside)
    return found


def _begins_blank(grid: Grid, row: int, header: DateHeader) -> bool:
    return all(grid.cell(row, column).is_blank for column in range(1, min(header.columns)))
