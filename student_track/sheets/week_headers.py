"""Weeks in a wide header: the date of the first day alone, and the days of the week in a row of their own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from student_track.sheets.calendar_words import fold_word, is_weekday, weekdays_of
from student_track.sheets.date_headers import DateHeader
from student_track.sheets.grid import Grid
from student_track.sheets.text import plain


def with_days_of_weeks(grid: Grid, header: DateHeader, language: str | None) -> DateHeader:
    """Return the header with the days that follow a date in the row of weekdays: ``7 Sep`` above ``Mon Tue Wed``.

    The date stands above its own day of the week; the columns beside it have no date and later days of that week.
    """
    dates = dict(header.dates)
    for row in range(header.first, header.last + 1):
        if row != header.row:
            for column, day in header.dates.items():
                if _weekday(grid, row, column, language) == day.weekday():
                    dates |= dict(_days_beside(grid, header, row, column, day, language))
    return replace(header, dates=dict(sorted(dates.items())))


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
