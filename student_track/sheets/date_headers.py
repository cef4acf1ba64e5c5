"""Headers of wide registers: the date of every column, from one row of dates or from months above numbers of days."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from student_track.sheets.calendar_words import fold_word, is_english_weekday, is_weekday, weekdays_of
from student_track.sheets.contract import TabChoice
from student_track.sheets.dates import BAD, CONTRADICTION, NO_YEAR, DateHints, Unread, read_written
from student_track.sheets.grid import Cell, Grid
from student_track.sheets.school_years import YearSpan, declared_span, stated_span
from student_track.sheets.text import plain
from student_track.sheets.written_dates import (
    WEEK_LABEL,
    DatedCell,
    DayNumber,
    Written,
    WrittenMonth,
    dated_cell,
    day_number,
    looks_like_a_date,
    written_cell,
    written_month,
)
from student_track.translatable import N_

LEAST_DATES = 2
"""One text such as ``3/4`` may be anything; a date with its year is one alone."""
LEAST_SHARE_OF_DAYS = 1 / 3
"""A row of marks and a few numbers is no row of days."""
WEEK = re.compile(r"(?:week|wk|woche|kw|semaine|semana|settimana)\.?\s*\d{1,2}", re.I)
YEAR = re.compile(r"20\d\d")
WEEKDAY_LETTERS = "MTWTFSS"
NO_MONTH = N_("no month stands above this day: write the dates as year-month-day")
DAYS_GO_BACK = N_("the days go back here, and no new month stands above: write the month where it begins")


@dataclass(frozen=True)
class DateHeader:
    """The dates above a wide register. ``row`` holds them, ``first`` to ``last`` are all rows of the header.

    ``periods`` are those of the columns in which a date has several; ``weeks`` are columns whose date means its week.
    """

    row: int
    first: int
    last: int
    dates: dict[int, date]
    unread: dict[int, str]
    periods: dict[int, str] = field(default_factory=dict)
    weeks: frozenset[int] = frozenset()

    @property
    def columns(self) -> list[int]:
        """Columns in which somebody meant a date, in order."""
        return sorted({*self.dates, *self.unread})


def date_hints(grid: Grid, choice: TabChoice, row: int) -> DateHints:
    """Return what the contract and the texts above a row say of dates; what a person declares comes first."""
    years = declared_span(choice.school_year) if choice.school_year else _stated_above(grid, row)
    return DateHints(choice.date_order, choice.language, years, bool(choice.serial_dates), grid.facts.locale)


def _stated_above(grid: Grid, row: int) -> YearSpan | None:
    for above in range(min(row, len(grid.rows)), 0, -1):
        texts = [cell.text for cell in grid.rows[above - 1] if cell.kind == "text"]
        if span := stated_span(texts):
            return span
    return stated_span([grid.tab])


def date_header(grid: Grid, row: int, choice: TabChoice) -> DateHeader | None:
    """Return the header whose dates stand in this row; None where it holds none."""
    if not _may_hold_dates(grid.rows[row - 1]):
        return None
    hints = date_hints(grid, choice, row)
    found = _dates_in_row(grid, row, hints) or _days_below_months(grid, row, hints)
    return _checked_by_weekdays(grid, found, hints.language) if found else None


def _may_hold_dates(cells: list[Cell]) -> bool:
    """Whether a closer look, and one at the rows above, is worth its time."""
    return (
        any(written_cell(dated_cell(cell).date) for cell in cells)
        or sum(day_number(cell) is not None for cell in cells) >= LEAST_DATES
    )


def _dates_in_row(grid: Grid, row: int, hints: DateHints) -> DateHeader | None:
    dated = dated_cells(grid.rows[row - 1])
    written = [written_cell(cell.date) for cell in dated]
    if not any(written):
        return None
    read = read_written(written, hints, in_sequence=True)
    dates = {column: day for column, day in enumerate(read, 1) if isinstance(day, date)}
    unread = {column: day.advice for column, day in enumerate(read, 1) if isinstance(day, Unread)}
    for column, cell in enumerate(dated, 1):
        if column not in dates and column not in unread and looks_like_a_date(cell.date):
            unread[column] = BAD
    has_year = any(part and part.year and not part.time for part in written)
    count_dates = sum(part is not None and (part.serial is None or bool(dates)) for part in written)
    weeks = frozenset(column for column, cell in enumerate(dated, 1) if cell.is_week)
    is_header = has_year or count_dates >= LEAST_DATES
    return DateHeader(row, row, row, dates, unread, _periods(dates, dated, written), weeks) if is_header else None


def dated_cells(cells: list[Cell]) -> list[DatedCell]:
    """Return the parts of each cell of a row; the date behind one that says ``Week commencing`` is that of a week."""
    dated, label = [], ""
    for cell in cells:
        found = dated_cell(cell)
        dated.append(found._replace(is_week=found.is_week or bool(WEEK_LABEL.fullmatch(label))))
        label = label if cell.is_blank else plain(cell.text)
    return dated


def _periods(dates: dict[int, date], dated: list[DatedCell], written: list[Written | None]) -> dict[int, str]:
    """The period beside each date. A time of day, or a bare number, is one where the date has several columns."""
    count = Counter(dates.values())
    periods = {
        column: cell.period or ((cell.count or part.time) if count[dates[column]] > 1 else "")
        for column, (cell, part) in enumerate(zip(dated, written, strict=True), 1)
        if column in dates and part
    }
    return {column: period for column, period in periods.items() if period}


def _days_below_months(grid: Grid, row: int, hints: DateHints) -> DateHeader | None:
    days = {column: number for column, cell in enumerate(grid.rows[row - 1], 1) if (number := day_number(cell))}
    count_filled = sum(not cell.is_blank for cell in grid.rows[row - 1])
    if len(days) < max(LEAST_DATES, LEAST_SHARE_OF_DAYS * count_filled):
        return None
    above = _row_above_weeks(grid, row, list(days))
    months = _months(grid.rows[above - 1], min(days)) if above > 0 else {}
    if len(days) > len(months) > 0:
        return _header_of_days(row, above, days, months, hints)
    if month := _month_of_title(grid, row):
        header = _header_of_days(row, row, days, {1: month}, hints)
        is_of_days = _are_days(grid, row, days) or any(
            _holds_initials(grid, beside, header) for beside in (row - 1, row + 1)
        )
        return header if is_of_days else None
    return None


def _row_above_weeks(grid: Grid, row: int, columns: list[int]) -> int:
    """The nearest row above that holds neither days of the week nor weeks counted; 0 where there is none."""
    above = row - 1
    while above > 0 and (is_weekday_row(grid, above, columns) or _is_week_row(grid, above, columns)):
        above -= 1
    return above


def _is_week_row(grid: Grid, row: int, columns: list[int]) -> bool:
    texts = [plain(cell.text) for column in columns if not (cell := grid.cell(row, column)).is_blank]
    return bool(texts) and all(WEEK.fullmatch(text) for text in texts)


def _month_of_title(grid: Grid, row: int) -> WrittenMonth | None:
    """The one month that the rows above or the tab's name say, with its year beside it or in a cell of its own."""
    above = [cell for cells in grid.rows[: row - 1] for cell in cells if not cell.is_blank]
    months = {month for cell in (*above, Cell(grid.tab)) if (month := written_month(cell))}
    years = {int(text) for cell in above if YEAR.fullmatch(text := plain(cell.text))}
    years |= {month.year for month in months if month.year is not None}
    if len({month.month for month in months}) != 1 or len(years) != 1:
        return None
    return WrittenMonth(months.pop().month, years.pop())


def _are_days(grid: Grid, row: int, days: dict[int, DayNumber]) -> bool:
    """Whether numbers are days, not sessions counted: days of the week stand beside them, or some are left out."""
    has_weekdays = any(number.weekday for number in days.values()) or any(
        is_weekday_row(grid, beside, list(days)) for beside in (row - 1, row + 1)
    )
    numbers = [number.day for number in days.values()]
    return has_weekdays or (numbers == sorted(numbers) and numbers != list(range(1, len(numbers) + 1)))


def _months(cells: list[Cell], first_column: int) -> dict[int, WrittenMonth]:
    """The months of a row above the days; a row of dates, the first of a month among them, has none."""
    months = {column: month for column, cell in enumerate(cells, 1) if (month := written_month(cell))}
    has_dates = any(column not in months and written_cell(cell) for column, cell in enumerate(cells, 1))
    return months if months and max(months) >= first_column and not has_dates else {}


def _header_of_days(
    row: int, month_row: int, days: dict[int, DayNumber], months: dict[int, WrittenMonth], hints: DateHints
) -> DateHeader:
    """A month holds to the next; its days never go back. Where some day has none, no month stands where it begins."""
    unread: dict[int, str] = {}
    written: dict[int, Written] = {}
    begins = sorted(months)
    latest_day, begun, is_broken = 0, 0, False
    for column in sorted(days):
        begin = max((start for start in begins if start <= column), default=0)
        if begin != begun:
            latest_day, begun, is_broken = 0, begin, False
        number = days[column]
        is_broken = is_broken or number.day < latest_day
        latest_day = number.day
        if not begin or min(days) < begins[0]:
            unread[column] = NO_MONTH
        elif is_broken:
            unread[column] = DAYS_GO_BACK
        else:
            month = months[begin]
            written[column] = Written(month.year, month.month, number.day, weekday=number.weekday)
    read = dict(zip(written, read_written(list(written.values()), hints, in_sequence=True), strict=True))
    unread |= {column: day.advice for column, day in read.items() if isinstance(day, Unread)}
    unread |= {column: NO_YEAR for column, day in read.items() if day is None}
    dates = {column: day for column, day in read.items() if isinstance(day, date)}
    return DateHeader(row, month_row, row, dates, unread)


def _checked_by_weekdays(grid: Grid, header: DateHeader, language: str | None) -> DateHeader:
    """Rows of weekdays beside the dates belong to the header; a date on another day of the week is not read."""
    rows = [row for row in range(header.first, header.last + 1) if row != header.row]
    below, above = header.last + 1, header.first - 1
    has_below = _is_beside(grid, below, header, language)
    has_above = header.first == header.row and _is_beside(grid, above, header, language)
    rows += [below] * has_below + [above] * has_above
    wrong = {
        column
        for row in rows
        for column, day in header.dates.items()
        if column not in header.weeks and _is_another_weekday(grid.cell(row, column).text, day, language)
    }
    dates = {column: day for column, day in header.dates.items() if column not in wrong}
    unread = header.unread | dict.fromkeys(wrong, CONTRADICTION)
    return replace(header, first=header.first - has_above, last=header.last + has_below, dates=dates, unread=unread)


def _is_beside(grid: Grid, row: int, header: DateHeader, language: str | None) -> bool:
    """Whether a row holds the days of the week of the header's dates, and no student.

    Some marks are weekdays in some language. So nobody stands in the row; or the names of the columns do, and then
    they do not stand beside the dates, and the days are English or none contradicts its date.
    """
    if not is_weekday_row(grid, row, header.columns) and not _holds_initials(grid, row, header):
        return False
    if begins_blank(grid, row, header) and not begins_blank(grid, header.row, header):
        return True
    days = [(grid.cell(row, column).text, day) for column, day in header.dates.items()]
    is_free = begins_blank(grid, row, header) or begins_blank(grid, header.row, header)
    are_english = all(is_english_weekday(fold_word(text)) for text, _ in days if text.strip())
    return is_free and (are_english or not any(_is_another_weekday(text, day, language) for text, day in days))


def begins_blank(grid: Grid, row: int, header: DateHeader) -> bool:
    """Return whether nothing stands in a row before the header's first date: no student, and no name of a column."""
    return all(grid.cell(row, column).is_blank for column in range(1, min(header.columns)))


def _is_another_weekday(text: str, day: date, language: str | None) -> bool:
    word = fold_word(text) if _could_be_a_weekday(text) else ""
    return bool(word) and is_weekday(word) and day.weekday() not in weekdays_of(word, language)


def is_weekday_row(grid: Grid, row: int, columns: list[int]) -> bool:
    """Return whether all that stands in these columns of a row, in two or more of them, are days of the week."""
    texts = [plain(cell.text) for column in columns if not (cell := grid.cell(row, column)).is_blank]
    could_be = len(texts) >= min(2, len(columns)) and all(map(_could_be_a_weekday, texts))
    return could_be and all(is_weekday(fold_word(text)) for text in set(texts))


def _holds_initials(grid: Grid, row: int, header: DateHeader) -> bool:
    """Whether a row holds ``M T W T F``, each letter under a date on that day."""
    letters = {column: plain(grid.cell(row, column).text).upper() for column in header.dates}
    return len(letters) > 2 and all(WEEKDAY_LETTERS[day.weekday()] == letters[c] for c, day in header.dates.items())


def _could_be_a_weekday(text: str) -> bool:
    """Whether a text is worth the look at all languages: one letter is not, one sign of East Asia is."""
    return (1 if not text.isascii() else 2) <= len(text.strip()) <= 20 and not any(sign.isdecimal() for sign in text)
