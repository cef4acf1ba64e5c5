"""Periods of a date in a wide header: AM and PM, lessons counted, or times of day, in a row below the dates."""

import re
from dataclasses import replace

from student_track.sheets.date_headers import DateHeader, begins_blank
from student_track.sheets.grid import Grid
from student_track.sheets.text import plain
from student_track.sheets.written_dates import HALF_DAYS

COUNTED = r"(?:period|lesson|session|hour|block|slot|stunde|std|p|l|s|h)?[\s.#-]*\d{1,2}\.?"
TIME = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?"
TIME_OF_DAY = re.compile(r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::\d{2})?")
TIMES = rf"{TIME}(?:\s?[-–]\s?{TIME})?"
PERIOD = re.compile(rf"{HALF_DAYS}|{COUNTED}|{TIMES}", re.I)
HALF_DAY = re.compile(HALF_DAYS, re.I)
CERTAIN = re.compile(rf"{HALF_DAYS}|{TIMES}", re.I)
"""What is a period in a row without a student, also where each date has one only."""


def with_periods_below(grid: Grid, header: DateHeader) -> DateHeader:
    """Return the header with the row of periods below it, if there is one; each date then holds for all its periods.

    No student stands in that row: it is blank before the dates, or the row of dates is and only half days stand below,
    which are no marks. No date has one period twice; lessons, which could be marks, are some date's several.
    """
    row = header.last + 1
    labels = {column: plain(grid.cell(row, column).text) for column in range(min(header.columns), grid.width + 1)}
    said = [labels[column] for column in header.columns if labels[column]]
    are_certain = all(CERTAIN.fullmatch(label) for label in said)
    is_free = begins_blank(grid, row, header) or (
        begins_blank(grid, header.row, header) and all(HALF_DAY.fullmatch(label) for label in said)
    )
    if not said or not is_free or not all(PERIOD.fullmatch(label) for label in said):
        return header
    dates, unread = dict(header.dates), dict(header.unread)
    for column in header.columns:
        for beside in _columns_of(grid, header, column, labels):
            if column in header.dates:
                dates[beside] = header.dates[column]
            else:
                unread[beside] = header.unread[column]
    sessions = [(day, labels[column].casefold()) for column, day in dates.items() if labels[column]]
    has_several = len(sessions) > len({day for day, _ in sessions})
    if len(sessions) != len(set(sessions)) or not (has_several or are_certain):
        return header
    periods = header.periods | {column: _name_of(labels[column]) for column in dates if labels[column]}
    return replace(header, last=row, dates=dict(sorted(dates.items())), unread=unread, periods=periods)


def _name_of(label: str) -> str:
    """A time of day as ``09:00``, however it is written; other periods as they stand."""
    match = TIME_OF_DAY.fullmatch(label)
    return f"{int(match['hour']):02d}:{match['minute']}" if match else label


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
