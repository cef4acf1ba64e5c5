"""Dates as people write them. Order, language and year are decided by a whole row or column, never by one cell."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from babel import Locale, UnknownLocaleError

from student_track.sheets.calendar_words import months_of, weekdays_of
from student_track.sheets.grid import Cell
from student_track.sheets.school_years import YearSpan
from student_track.sheets.swapped_dates import swapped_dates
from student_track.sheets.written_dates import Written, written_cell
from student_track.translatable import N_

Order = Literal["dmy", "mdy"]

YEARS = range(1990, 2101)
SERIAL_START = date(1899, 12, 30)
FARTHEST_SERIAL = timedelta(days=400)
"""A number is a serial date only so near to a date that stands beside it."""
LONGEST_CALENDAR_YEAR = timedelta(days=200)
"""Dates of one stated calendar year that reach farther may as well run over the turn of the year."""

BAD = N_("write the date as year-month-day, such as 2026-09-14")
AMBIGUOUS = N_(
    "day and month cannot be told apart in this row or column: write the dates as year-month-day, "
    "or name `date_order: dmy` or `mdy` for the tab in params/sheet.yml"
)
NO_YEAR = N_("the year is not certain: write it in the date, or name `school_year` for the tab in params/sheet.yml")
UNKNOWN_MONTH = N_(
    "the month's name means two months in different languages: name `language` for the tab in params/sheet.yml"
)
CONTRADICTION = N_("this date is another day of the week than the one written: mend one of the two")
OTHER_LOCALE = N_(
    "the spreadsheet took these numbers for a date in the order of its locale, and other dates of this row or column "
    "are written in another order: set the locale in the spreadsheet's settings, and write the date as year-month-day"
)
ZONE = N_("the time names a zone, so the day can be another one here: write the date as year-month-day in local time")


class Unread(NamedTuple):
    """A date that somebody meant and that cannot be read, with what to do."""

    advice: str


class DateHints(NamedTuple):
    """What is known of the dates of a row or column before they are read; ``locale`` is the sheet's: ``en_GB``."""

    order: Order | None = None
    language: str | None = None
    years: YearSpan | None = None
    are_serials: bool = False
    locale: str = ""


NO_HINTS = DateHints()


Read = date | Unread | None
"""A date, why it is none, or None where nobody meant one."""


def read_dates(cells: Sequence[Cell], hints: DateHints = NO_HINTS, in_sequence: bool = False) -> list[Read]:
    """Return the date of each cell, all judged together. ``in_sequence``: they stand in order of time, or against it.

    Day and month are told apart by the hint, else by those dates that can only be one or the other, else by the sheet's
    locale; a month's name by the languages that know all names; a year that is not written by the hint, and in a
    sequence by what stands around.
    """
    return read_written([written_cell(cell) for cell in cells], hints, in_sequence)


def read_written(
    written: Sequence[Written | None], hints: DateHints = NO_HINTS, in_sequence: bool = False
) -> list[Read]:
    """Return the date of each text already taken apart; see ``read_dates``."""
    months = months_of({part.month for part in written if part and isinstance(part.month, str)}, hints.language)
    told, of_locale = _orders_told(written, hints.language), order_of_locale(hints.locale)
    order = hints.order or (_only(told) if told else of_locale)
    is_doubtful = of_locale is not None and bool(told - {of_locale})
    swapped = swapped_dates(written) if order and order != of_locale else set()
    options = [
        Unread(OTHER_LOCALE)
        if part in swapped or (is_doubtful and part and _can_be_swapped(part))
        else _options(part, months, order, hints)
        for part in written
    ]
    _take_serials(written, options, hints.are_serials)
    yearless = {index for index, part in enumerate(written) if part and part.year is None and part.serial is None}
    return _decide(options, yearless, hints.years, in_sequence)


def read_date(cell: Cell, hints: DateHints = NO_HINTS) -> Read:
    """Return the date of a cell that stands alone."""
    return read_dates([cell], hints)[0]


def day_month_order(written: Iterable[Written | None], language: str | None = None) -> Order | None:
    """Return which of two numbers is the day, where some text decides it; None where none does.

    Texts that decide against each other have no order.
    """
    return _only(_orders_told(written, language))


def _only(orders: set[Order]) -> Order | None:
    return next(iter(orders)) if len(orders) == 1 else None


def _orders_told(written: Iterable[Written | None], language: str | None) -> set[Order]:
    return {order for part in written if part and part.pair and (order := _only_order(part, language))}


def _can_be_swapped(written: Written) -> bool:
    """Whether the spreadsheet took numbers for a date that are another one in the other order."""
    return written.is_taken_by_locale and isinstance(written.month, int) and written.month != written.day <= 12


@lru_cache(maxsize=1_000)
def order_of_locale(locale: str) -> Order | None:
    """Return in which order a locale writes day and month; None where it is unknown, or the year comes first."""
    try:
        pattern = Locale.parse(locale).date_formats["short"].pattern if locale else ""
    except (ValueError, UnknownLocaleError):
        return None
    order = "".join(sign for sign in dict.fromkeys(pattern.casefold()) if sign in "dmy")
    return {"dmy": "dmy", "mdy": "mdy"}.get(order)


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


def _options(
    part: Written | None, months: dict[str, int], order: Order | None, hints: DateHints
) -> list[date] | Unread:
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
    dated = [_date(part.year, month, day)] if part.year is not None else list((hints.years or NO_SPAN).days(month, day))
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
    read: list[Read] = [_only_one(days) for days in options]
    if not yearless or years is None or years.is_declared:
        return read
    if in_sequence:
        for places in _runs(options):
            ordered = _in_sequence([options[index] for index in places], years.is_of_one_calendar_year)
            read = _with(read, {index: day for index, day in zip(places, ordered, strict=True) if index in yearless})
        return read
    days = [read[index] for index in yearless if isinstance(read[index], date)]
    if days and years.is_of_one_calendar_year and max(days) - min(days) > LONGEST_CALENDAR_YEAR:
        return _with(read, dict.fromkeys(yearless))
    return read


def _runs(options: list[list[date] | Unread]) -> list[list[int]]:
    """The places with a day, parted where one comes again that was left behind: there other dates begin, as those of a
    register beside, and the same days a year later they are not.
    """
    runs: list[list[int]] = [[]]
    seen: set[tuple[date, ...]] = set()
    for index, days in enumerate(options):
        if isinstance(days, list) and days:
            if tuple(days) in seen and days != options[runs[-1][-1]]:
                runs.append([])
                seen.clear()
            runs[-1].append(index)
            seen.add(tuple(days))
    return runs


def _only_one(days: list[date] | Unread) -> Read:
    if isinstance(days, Unread):
        return days
    return days[0] if len(days) == 1 else (Unread(NO_YEAR) if days else None)


def _with(read: list[Read], days: dict[int, date | None]) -> list[Read]:
    return [(days[index] or Unread(NO_YEAR)) if index in days else value for index, value in enumerate(read)]


def _in_sequence(options: list[list[date]], is_of_one_calendar_year: bool) -> list[date | None]:
    """The day of each place if all stand in order of time, or all against it; None where it could still be two."""
    newest_first = [] if is_of_one_calendar_year else _orderings(options[::-1])
    backwards = [ordered[::-1] for ordered in newest_first]
    possible = [set(days) for days in zip(*_orderings(options), *backwards, strict=True)]
    if not possible:  # In no order: what can be one day only is that day, unless the year may have turned.
        return [days[0] if len(days) == 1 and not is_of_one_calendar_year else None for days in options]
    return [days.pop() if len(days) == 1 else None for days in possible]


def _orderings(options: list[list[date]]) -> list[list[date]]:
    """The earliest and the latest choice of days that never goes back; empty where there is none."""
    earliest: list[date] = []
    for days in options:
        later = [day for day in days if not earliest or day >= earliest[-1]]
        if not later:
            return []
        earliest.append(min(later))
    latest: list[date] = []
    for days in reversed(options):
        latest.append(max(day for day in days if not latest or day <= latest[-1]))
    return [earliest, latest[::-1]]


def _date(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
