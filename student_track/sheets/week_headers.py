"""Weeks in a wide header: the date of the first day alone, and the days of the week in a row of their own.

The date stands above its column or, for a tab that is one week, in a row above the header or in the tab's name.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from student_track.sheets.calendar_words import fold_word, is_weekday, weekdays_of
from student_track.sheets.contract import TabChoice
from student_track.sheets.date_headers import DateHeader, date_hints
from student_track.sheets.dates import read_date
from student_track.sheets.grid import Cell, Grid
from student_track.sheets.text import plain
from student_track.sheets.written_dates import dated_cell
from student_track.translatable import N_

LEAST_DAYS = 3
"""Days of the week in a row that make it the header of a week."""
WEEK = N_("a week is no day: write the days of the week below it, one above each column, or the date of every column")


def with_days_of_weeks(grid: Grid, header: DateHeader, language: str | None) -> DateHeader | None:
    """Return the header with the days that follow a date in the row of weekdays: ``7 Sep`` above ``Mon Tue Wed``.

    The date stands above its own day of the week, or is the week's own (``w/c 7 Sep``), not read without days
    of the week below it; the columns beside it have no date and later days. None where there is no day at all.
    """
    dates, weeks = dict(header.dates), set(header.weeks)
    for row in range(header.first, header.last + 1):
        for column, begin in header.dates.items() if row != header.row else ():
            weekday = _weekday(grid, row, column, language)
            day = begin if weekday is None or column not in header.weeks else _in_week(begin, weekday)
            if weekday == day.weekday():
                dates |= {column: day} | dict(_days_beside(grid, header, row, column, day, language))
                weeks.discard(column)
    dates = {column: day for column, day in dates.items() if column not in weeks}
    if weeks and not dates:
        return None
    return replace(header, dates=dict(sorted(dates.items())), unread=header.unread | dict.fromkeys(weeks, WEEK))


def header_of_week(grid: Grid, row: int, choice: TabChoice) -> DateHeader | None:
    """Return the header of a tab that is one week: its row of days of the week, and the one week said above or by the
    tab's name (``w/c 7 September 2026``). None where it is none, or where the days could be of another week.
    """
    days = {
        column: day
        for column in range(1, grid.width + 1)
        if (day := _weekday(grid, row, column, choice.language)) is not None
    }
    numbers = list(days.values())
    if len(numbers) < LEAST_DAYS or any(later <= day for day, later in pairwise(numbers)):
        return None
    above = [cell for cells in grid.rows[: row - 1] for cell in cells]
    weeks = {found.date for cell in (*above, Cell(grid.tab)) if (found := dated_cell(cell)).is_week}
    read = {read_date(cell, date_hints(grid, choice, row)) for cell in weeks}
    begin = read.pop() if len(read) == 1 else None
    if not isinstance(begin, date):
        return None
    dates = {column: _in_week(begin, day) for column, day in days.items()}
    is_in_order = list(dates.values()) == sorted(dates.values())
    return DateHeader(row, row, row, dates, {}) if is_in_order else None


def _in_week(begin: date, weekday: int) -> date:
    """The day of the seven from ``begin`` on; a week may begin on a Sunday."""
    return begin + timedelta((weekday - begin.weekday()) % 7)


def _days_beside(
    grid: Grid, header: DateHeader, row: int, column: int, day: date, language: str | None
) -> Iterator[tuple[int, date]]:
    latest = day.weekday()
    for beside in range(column + 1, grid.width + 1):
        weekday = _weekday(grid, row, beside, language)
        is_free = beside not in header.columns and grid.cell(header.row, beside).is_blank
        if weekday is None or weekday <= latest or not is_free:
            return
        latest = weekday
        yield beside, day + timedelta(weekday - day.weekday())


def _weekday(grid: Grid, row: int, column: int, language: str | None) -> int | None:
    """The day of the week in a cell, from 0 for Monday; None where it is none, or could be two."""
    word = fold_word(plain(grid.cell(row, column).text))
    meant = weekdays_of(word, language) if word and is_weekday(word) else frozenset()
    return next(iter(meant)) if len(meant) == 1 else None
