"""Dates as people write them. Order, language and year are decided by a whole row or column, never by one cell."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from student_track.sheets.calendar_words import fold_word, is_month, is_weekday, months_of, weekdays_of
from student_track.sheets.grid import Cell
from student_track.sheets.school_years import YearSpan
from student_track.sheets.text import plain

Order = Literal["dmy", "mdy"]

YEARS = range(1990, 2101)
SERIAL_START = date(1899, 12, 30)
SERIALS = range(32_874, 73_416)
FARTHEST_SERIAL = timedelta(days=400)
"""A number is a serial date only so near to a date that stands beside it."""
LONGEST_CALENDAR_YEAR = timedelta(days=200)
"""Dates of one stated calendar year that reach farther may as well run over the turn of the year."""

TIME = re.compile(
    r"(?:\s*,\s*|\s+|(?<=\d)t)(?:at |um |à )?\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*"
    r"(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?$",
    re.I,
)
YEAR_FIRST = re.compile(r"^(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})\.?$")
COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
NUMBERS = re.compile(r"^(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})\.?$")
TWO_NUMBERS = re.compile(r"^(\d{1,2})\s?[-/.]\s?(\d{1,2})\.?$")
EAST_ASIAN = re.compile(r"^(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]$")
EAST_ASIAN_WEEKDAY = re.compile(r"\s*\(?([月火水木金土日一二三四五六월화수목금토일])\)?$")
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|ère|o|a|:a|:e)\b", re.I)
WORDS = re.compile(r"[^\W\d_][^\d\s,;/()\-–—]*")
FILLERS = {"de", "del", "of", "the", "di", "den", "der", "le", "el", "il", "am", "d"}
MARKS_BETWEEN = " ,./-–—()"
DIGIT_AND_WORD = re.compile(r"\d")
MONTH_STARTS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LOOKS_LIKE_A_DATE = re.compile(
    rf"\d\s*[-/.]\s*\d|\d\D{{0,3}}({'|'.join(MONTH_STARTS)})|({'|'.join(MONTH_STARTS)})\D{{0,7}}\d", re.I
)

BAD = "write the date as year-month-day, such as 2026-09-14"
AMBIGUOUS = (
    "day and month cannot be told apart in this row or column: write the dates as year-month-day, "
    "or name `date_order: dmy` or `mdy` for the tab in params/sheet.yml"
)
NO_YEAR = "the year is not certain: write it in the date, or name `school_year` for the tab in params/sheet.yml"
UNKNOWN_MONTH = "the month's name means two months in different languages: name `language` for the tab in params/sheet.yml"
CONTRADICTION = "this date is another day of the week than the one written: mend one of the two"
ZONE = "the time names a zone, so the day can be another one here: write the date as year-month-day in local time"


class Unread(NamedTuple):
    """Why a date that somebody meant is not read, as advice. ``is_ordered_by_nothing``: day or month could be either."""

    advice: str


class DateHints(NamedTuple):
    """What is known of the dates of a row or column before they are read."""

    order: Order | None = None
    language: str | None = None
    years: YearSpan | None = None
    are_serials: bool = False


class Written(NamedTuple):
    """The parts of a date as written. ``pair`` is day and month in an order that the cell does not tell."""

    year: int | None = None
    month: int | str | None = None
    day: int = 0
    pair: tuple[int, int] | None = None
    weekday: str = ""
    serial: int | None = None
    has_zone: bool = False


Read = date | Unread | None
"""A date, why it is none, or None where nobody meant one."""


def read_dates(cells: Sequence[Cell], hints: DateHints = DateHints(), in_sequence: bool = False) -> list[Read]:
    """Return the date of each cell, all judged together. ``in_sequence``: they stand in order of time, or against it.

    Day and month are told apart by the hint, else by those dates that can only be one or the other; a month's name by
    the languages that know all names; a year that is not written by the hint, and in a sequence by what stands around.
    """
    written = [_written_cell(cell) for cell in cells]
    months = months_of({part.month for part in written if part and isinstance(part.month, str)}, hints.language)
    order = hints.order or _order(written, hints.language)
    options = [_options(part, months, order, hints) for part in written]
    _take_serials(written, options, hints.are_serials)
    yearless = {index for index, part in enumerate(written) if part and part.year is None and part.serial is None}
    return _decide(options, yearless, hints.years, in_sequence)


def read_date(cell: Cell, hints: DateHints = DateHints()) -> Read:
    """Return the date of a cell that stands alone."""
    return read_dates([cell], hints)[0]


def looks_like_a_date(cell: Cell) -> bool:
    """Return whether somebody meant a date here, readable or not."""
    return cell.kind == "date" or bool(LOOKS_LIKE_A_DATE.search(cell.text)) or _has_day_and_month(_written_cell(cell))


def _has_day_and_month(written: Written | None) -> bool:
    return written is not None and written.serial is None


def day_month_order(texts: Iterable[str], language: str | None = None) -> Order | None:
    """Return which of two numbers is the day, where some text decides it; None where none does.

    Texts that decide against each other have no order.
    """
    return _order([written_date(text) for text in texts], language)


def _order(written: Iterable[Written | None], language: str | None) -> Order | None:
    orders = {order for part in written if part and part.pair and (order := _only_order(part, language))}
    return orders.pop() if len(orders) == 1 else None


def _only_order(written: Written, language: str | None) -> Order | None:
    """The one order in which the numbers are a date, on the weekday written if there is one."""
    first, second = written.pair or (0, 0)
    possible: dict[Order, tuple[int, int]] = {}
    if second <= 12 and first <= 31:
        possible["dmy"] = (second, first)
    if first <= 12 and second <= 31:
        possible["mdy"] = (first, second)
    if len(possible) == 2 and written.weekday and written.year:
        allowed = weekdays_of(written.weekday, language)
        possible = {
            order: parts
            for order, parts in possible.items()
            if (day := _date(written.year, *parts)) and day.weekday() in allowed
        }
    return next(iter(possible)) if len(possible) == 1 else None


def _options(part: Written | None, months: dict[str, int], order: Order | None, hints: DateHints) -> list[date] | Unread:
    """The days a date can be; empty where nobody meant one."""
    if part is None or part.serial is not None:
        return []
    if part.has_zone:
        return Unread(ZONE)
    month_and_day = _month_and_day(part, months, order)
    if isinstance(month_and_day, Unread):
        return month_and_day
    month, day = month_and_day
    if part.year is None and hints.years is None:
        return Unread(NO_YEAR) if _date(2028, month, day) else Unread(BAD)
    dated = [_date(part.year, month, day)] if part.year else list((hints.years or NO_SPAN).days(month, day))
    days = [day for day in dated if day]
    if not days:
        return Unread(NO_YEAR if part.year is None and _date(2028, month, day) else BAD)
    if part.weekday:
        allowed = weekdays_of(part.weekday, hints.language)
        days = [day for day in days if day.weekday() in allowed]
    return days or Unread(CONTRADICTION)


NO_SPAN = YearSpan(date.max, date.min)


def _month_and_day(part: Written, months: dict[str, int], order: Order | None) -> tuple[int, int] | Unread:
    if isinstance(part.month, int):
        return part.month, part.day
    if isinstance(part.month, str):
        return (months[part.month], part.day) if part.month in months else Unread(UNKNOWN_MONTH)
    first, second = part.pair or (0, 0)
    if order is None and first != second:
        return Unread(AMBIGUOUS if max(first, second) <= 12 else BAD)
    return (second, first) if order == "dmy" else (first, second)


def _take_serials(written: list[Written | None], options: list[list[date] | Unread], are_declared: bool) -> None:
    """Numbers are dates where a person says so, or near to the dates that stand beside them."""
    beside = [day for days in options if isinstance(days, list) for day in days]
    if not beside and not are_declared:
        return
    for index, part in enumerate(written):
        if part and part.serial is not None:
            day = SERIAL_START + timedelta(days=part.serial)
            is_near = beside and min(beside) - FARTHEST_SERIAL <= day <= max(beside) + FARTHEST_SERIAL
            if are_declared or is_near:
                options[index] = [day]


def _decide(
    options: list[list[date] | Unread], yearless: set[int], years: YearSpan | None, in_sequence: bool
) -> list[Read]:
    read: list[Read] = [
        days if isinstance(days, Unread) else (days[0] if len(days) == 1 else (Unread(NO_YEAR) if days else None))
        for days in options
    ]
    if not yearless or years is None or years.is_declared:
        return read
    places = [index for index, days in enumerate(options) if isinstance(days, list) and days]
    decided = _in_sequence([options[index] for index in places]) if in_sequence else {}
    for place, index in enumerate(places):
        if index in yearless and in_sequence:
            read[index] = decided.get(place, read[index] if decided is not None else None) or Unread(NO_YEAR)
    if years.is_of_one_calendar_year and not in_sequence:
        days = [read[index] for index in yearless if isinstance(read[index], date)]
        if days and max(days) - min(days) > LONGEST_CALENDAR_YEAR:
            for index in yearless:
                read[index] = Unread(NO_YEAR)
    return read


def _date(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
