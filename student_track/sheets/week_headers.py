"""Weeks in a wide header: the date of the first day alone, and the days of the week in a row of their own.

The date stands above its column or, for a tab that is one week, in a row above the header or in the tab's name.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from student_track.sheets.calendar_words import fold_word, is_weekday, weekdays_of
from student_track.sheets.contract import TabChoice
from student_track.sheets.date_headers import DateHeader, date_hints, dated_cells
from student_track.sheets.dates import CONTRADICTION, read_date
from student_track.sheets.grid import Cell, Grid
from student_track.sheets.text import plain
from student_track.sheets.written_dates import week_said, written_cell
from student_track.translatable import N_

LEAST_DAYS = 3
"""Days of the week in a row that make it the header of a week."""
ONE_DAY = timedelta(days=1)
WEEKEND = (5, 6)
WEEK = N_("a week is no day: write the days of the week below it, one above each column, or the date of every column")


def with_days_of_weeks(grid: Grid, header: DateHeader, language: str | None) -> DateHeader | None:
    """Return the header with the days that follow a date in the row of weekdays: ``7 Sep`` above ``Mon Tue Wed``.

    The date stands above its own day of the week, or is the week's own (``w/c 7 Sep``), not read without days
    of the week below it; the columns beside it have no date and later days. None where there is no day at all.
    """
    dates, weeks, unread = dict(header.dates), set(header.weeks), dict(header.unread)
    for row in range(header.first, header.last + 1):
        for column, begin in header.dates.items() if row != header.row else ():
            meant = _weekdays(grid, row, column, language)
            day = _next_day(begin, begin - ONE_DAY, meant) if column in header.weeks else begin
            beside = _days_beside(grid, header, row, column, begin, day, language) if day else None
            if beside is not None and day.weekday() in meant:
                dates |= {column: day} | beside
                weeks.discard(column)
            elif meant and column in header.weeks:
                unread |= dict.fromkeys([column, *_columns_beside(grid, header, row, column, language)], CONTRADICTION)
    dates = {column: day for column, day in dates.items() if column not in weeks}
    if weeks and not dates:
        return None
    return replace(header, dates=dict(sorted(dates.items())), unread=dict.fromkeys(weeks, WEEK) | unread)


def header_of_week(grid: Grid, row: int, choice: TabChoice) -> DateHeader | None:
    """Return the header of a tab that is one week: its row of days of the week, and the one week said above or by the
    tab's name (``w/c 7 September 2026``). None where it is none, or where the days could be of another week.
    """
    weeks = set(_weeks_said(grid, row))  # seldom said, and quick to see; words are looked up in all languages
    columns = week_columns(grid, row, choice.language) if weeks else []
    read = {read_date(cell, date_hints(grid, choice, row)) for cell in weeks}
    begin = read.pop() if len(read) == 1 else None
    if not columns or not isinstance(begin, date):
        return None
    dates: dict[int, date] = {}
    for column in columns:
        day = _next_day(
            begin, max(dates.values(), default=begin - ONE_DAY), _weekdays(grid, row, column, choice.language)
        )
        if not day:
            return None
        dates[column] = day
    return DateHeader(row, row, row, dates, {})


def week_columns(grid: Grid, row: int, language: str | None) -> list[int]:
    """Return the columns, side by side, in which the days of one week stand; empty where there are fewer than three."""
    columns = [column for column in range(1, grid.width + 1) if _weekdays(grid, row, column, language)]
    are_beside = columns == list(range(columns[0], columns[0] + len(columns))) if columns else False
    return columns if len(columns) >= LEAST_DAYS and are_beside else []


def _weeks_said(grid: Grid, row: int) -> Iterator[Cell]:
    """The dates of weeks in the rows above and in the tab's name; a date may stand in the cell behind the words."""
    for cells in grid.rows[: row - 1]:
        for cell, dated in zip(cells, dated_cells(cells), strict=True):
            if week := dated.date if dated.is_week and written_cell(dated.date) else week_said(cell):
                yield week
    if week := week_said(Cell(grid.tab)):
        yield week


def _days_beside(
    grid: Grid, header: DateHeader, row: int, column: int, begin: date, day: date, language: str | None
) -> dict[int, date] | None:
    """The later days of the week in the columns beside, which have no date; None if the days of a ``w/c`` go back."""
    found: dict[int, date] = {}
    for beside, meant in _columns_beside(grid, header, row, column, language).items():
        following = _next_day(begin, day, meant)
        if not following:
            return None if column in header.weeks else found
        found[beside] = day = following
    return found


def _columns_beside(
    grid: Grid, header: DateHeader, row: int, column: int, language: str | None
) -> dict[int, frozenset[int]]:
    """The columns to the right of a date that have none, as far as days of the week stand there, and their meanings."""
    found: dict[int, frozenset[int]] = {}
    for beside in range(column + 1, grid.width + 1):
        meant = _weekdays(grid, row, beside, language)
        if not meant or beside in header.columns or not grid.cell(header.row, beside).is_blank:
            break
        found[beside] = meant
    return found


def _next_day(begin: date, latest: date, meant: frozenset[int]) -> date | None:
    """The day after ``latest`` in the week of ``begin`` that a word means; the next one, where it could be several.

    A week goes on from its first day to Sunday; one that begins at a weekend goes round.
    """
    count = 7 if begin.weekday() in WEEKEND else 7 - begin.weekday()
    days = [day for number in range(count) if (day := begin + number * ONE_DAY) > latest and day.weekday() in meant]
    is_certain = len(days) == 1 or latest + ONE_DAY in days
    return days[0] if days and is_certain else None


def _weekdays(grid: Grid, row: int, column: int, language: str | None) -> frozenset[int]:
    """The days of the week that a cell can mean, from 0 for Monday; none where it is another word."""
    word = fold_word(plain(grid.cell(row, column).text))
    return weekdays_of(word, language) if word and is_weekday(word) else frozenset()
