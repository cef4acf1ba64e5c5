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
BETWEEN = " ,./-–—()"
DIGIT = re.compile(r"\d")
LONGEST_TEXT = 50
DAY_NAME_YEAR = re.compile(r"\d{1,2}[\s.,-]*[^\W\d_]+[\s.,'’-]*\d{2}$")
EAST_ASIAN_MONTH = re.compile(r"^(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월]$")
YEAR_AND_MONTH = re.compile(r"^(?P<year>(?:19|20)\d\d)\s?[-/.]\s?(?P<month>0?[1-9]|1[0-2])$")
MONTH_AND_YEAR = re.compile(r"^(?P<month>0?[1-9]|1[0-2])\s?[-/.]\s?(?P<year>(?:19|20)\d\d)$")
DAY_NUMBER = re.compile(r"^(?:(?P<before>[^\W\d_][^\d\s]*)\s+)?(?P<day>\d{1,2})(?:\s+(?P<after>[^\W\d_][^\d\s]*))?$")
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
UNKNOWN_MONTH = (
    "the month's name means two months in different languages: name `language` for the tab in params/sheet.yml"
)
CONTRADICTION = "this date is another day of the week than the one written: mend one of the two"
ZONE = "the time names a zone, so the day can be another one here: write the date as year-month-day in local time"


class Unread(NamedTuple):
    """A date that somebody meant and that cannot be read, with what to do."""

    advice: str


class DateHints(NamedTuple):
    """What is known of the dates of a row or column before they are read."""

    order: Order | None = None
    language: str | None = None
    years: YearSpan | None = None
    are_serials: bool = False


NO_HINTS = DateHints()


class Written(NamedTuple):
    """The parts of a date as written. ``pair`` is day and month in an order that the cell does not tell."""

    year: int | None = None
    month: int | str | None = None
    day: int = 0
    pair: tuple[int, int] | None = None
    weekday: str = ""
    serial: int | None = None
    has_time: bool = False
    has_zone: bool = False


Read = date | Unread | None
"""A date, why it is none, or None where nobody meant one."""


def read_dates(cells: Sequence[Cell], hints: DateHints = NO_HINTS, in_sequence: bool = False) -> list[Read]:
    """Return the date of each cell, all judged together. ``in_sequence``: they stand in order of time, or against it.

    Day and month are told apart by the hint, else by those dates that can only be one or the other; a month's name by
    the languages that know all names; a year that is not written by the hint, and in a sequence by what stands around.
    """
    return read_written([written_cell(cell) for cell in cells], hints, in_sequence)


def read_written(
    written: Sequence[Written | None], hints: DateHints = NO_HINTS, in_sequence: bool = False
) -> list[Read]:
    """Return the date of each text already taken apart; see ``read_dates``."""
    months = months_of({part.month for part in written if part and isinstance(part.month, str)}, hints.language)
    order = hints.order or _order(written, hints.language)
    options = [_options(part, months, order, hints) for part in written]
    _take_serials(written, options, hints.are_serials)
    yearless = {index for index, part in enumerate(written) if part and part.year is None and part.serial is None}
    return _decide(options, yearless, hints.years, in_sequence)


def read_date(cell: Cell, hints: DateHints = NO_HINTS) -> Read:
    """Return the date of a cell that stands alone."""
    return read_dates([cell], hints)[0]


def looks_like_a_date(cell: Cell) -> bool:
    """Return whether somebody meant a date here, readable or not."""
    return cell.kind == "date" or bool(LOOKS_LIKE_A_DATE.search(cell.text)) or _has_day_and_month(written_cell(cell))


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
    read: list[Read] = [_only_one(days) for days in options]
    if not yearless or years is None or years.is_declared:
        return read
    if in_sequence:
        places = [index for index, days in enumerate(options) if isinstance(days, list) and days]
        ordered = _in_sequence([options[index] for index in places], years.is_of_one_calendar_year)
        return _with(read, {index: day for index, day in zip(places, ordered, strict=True) if index in yearless})
    days = [read[index] for index in yearless if isinstance(read[index], date)]
    if days and years.is_of_one_calendar_year and max(days) - min(days) > LONGEST_CALENDAR_YEAR:
        return _with(read, dict.fromkeys(yearless))
    return read


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


def written_cell(cell: Cell) -> Written | None:
    """Return the parts of the date in a cell; None where it is none."""
    if cell.kind == "date":
        return written_date(cell.typed or cell.text)
    if cell.kind in ("error", "boolean"):
        return None
    if cell.kind == "number":
        digits = cell.text if COMPACT.match(cell.text) else cell.typed or cell.text
        return written_date(digits) if digits.isdecimal() else None
    return written_date(cell.text)


@lru_cache(maxsize=100_000)
def written_date(text: str) -> Written | None:
    """Return the parts of a text that is a date and nothing else; None for any other text."""
    text = plain(text)
    if not DIGIT.search(text) or len(text) > LONGEST_TEXT:
        return None
    if east_asian := EAST_ASIAN.match(EAST_ASIAN_WEEKDAY.sub("", text) if text[-1] not in "日일" else text):
        year, month, day = east_asian.groups()
        return Written(int(year) if year else None, int(month), int(day))
    time = TIME.search(text)
    has_zone = bool(time and time["zone"])
    text = ORDINAL.sub("", text[: time.start()] if time else text)
    numbers = WORDS.sub(" ", text).strip(BETWEEN)
    words = tuple(word for word in map(fold_word, WORDS.findall(text)) if word and word not in FILLERS)
    written = _numeric(numbers, words) or _with_month_name(numbers, words, text)
    return written._replace(has_time=bool(time), has_zone=has_zone) if written else None


def _numeric(numbers: str, words: tuple[str, ...]) -> Written | None:
    """A date of numbers alone, with or without the day of the week."""
    parts = _of_numbers(numbers)
    if parts is None or not words:
        return parts
    return parts._replace(weekday=words[0]) if len(words) == 1 and is_weekday(words[0]) else None


def _of_numbers(text: str) -> Written | None:
    if match := YEAR_FIRST.match(text) or COMPACT.match(text):
        return Written(*(int(part) for part in match.groups()))
    if match := NUMBERS.match(text):
        year = int(match[3])
        return Written(year + 2000 if year < 100 else year, pair=(int(match[1]), int(match[2])))
    if match := TWO_NUMBERS.match(text):
        return Written(pair=(int(match[1]), int(match[2])))
    if text.isdecimal() and int(text) in SERIALS:
        return Written(serial=int(text))
    return None


def _with_month_name(numbers: str, words: tuple[str, ...], text: str) -> Written | None:
    parts = [part for part in re.split(r"\D+", numbers) if part]
    if not 1 <= len(words) <= 2 or not 1 <= len(parts) <= 2:
        return None
    years = [part for part in parts if len(part) == 4]
    if len(parts) == 2 and not years and DAY_NAME_YEAR.search(text):
        years = [parts[1]]
    days = [part for part in parts if part not in years]
    if len(days) != 1 or len(days[0]) > 2 or not 1 <= int(days[0]) <= 31 or not (names := _month_and_weekday(words)):
        return None
    year = int(years[0]) if years else None
    return Written(year + 2000 if year is not None and year < 100 else year, names[0], int(days[0]), weekday=names[1])


def _month_and_weekday(words: tuple[str, ...]) -> tuple[str, str] | None:
    if len(words) == 1:
        return (words[0], "") if is_month(words[0]) else None
    first, second = words
    if is_weekday(first) and is_month(second):
        return second, first
    return (first, second) if is_month(first) and is_weekday(second) else None


class WrittenMonth(NamedTuple):
    """A month as a heading says it, by number or by a folded name, with or without its year."""

    month: int | str
    year: int | None


def written_month(cell: Cell) -> WrittenMonth | None:
    """Return the month of a heading such as ``September 2026``, ``Sept`` or a first of the month; None for others."""
    if cell.kind == "date":
        day = read_date(cell)
        return WrittenMonth(day.month, day.year) if isinstance(day, date) and day.day == 1 else None
    return _written_month(cell.text) if cell.kind == "text" else None


@lru_cache(maxsize=10_000)
def _written_month(text: str) -> WrittenMonth | None:
    text = plain(text)
    if not text or len(text) > LONGEST_TEXT:
        return None
    if match := EAST_ASIAN_MONTH.match(text):
        return WrittenMonth(int(match[2]), int(match[1]) if match[1] else None)
    if match := YEAR_AND_MONTH.match(text) or MONTH_AND_YEAR.match(text):
        return WrittenMonth(int(match["month"]), int(match["year"]))
    words = [word for word in map(fold_word, WORDS.findall(text)) if word and word not in FILLERS]
    rest = WORDS.sub(" ", text).strip(BETWEEN + "'’")
    year = rest if re.fullmatch(r"(19|20)\d\d", rest) else None
    if len(words) != 1 or (rest and not year) or not is_month(words[0]):
        return None
    return WrittenMonth(words[0], int(year) if year else None)


class DayNumber(NamedTuple):
    """The day of a month, with the folded day of the week where one stands beside it."""

    day: int
    weekday: str


def day_number(cell: Cell) -> DayNumber | None:
    """Return what a cell such as ``7``, ``7th`` or ``Mon 7`` says; None for others."""
    return _day_number(cell.text) if cell.kind in ("text", "number") else None


@lru_cache(maxsize=10_000)
def _day_number(text: str) -> DayNumber | None:
    text = ORDINAL.sub("", plain(text)).removesuffix(".")
    match = DAY_NUMBER.match(text)
    if not match or not 1 <= int(match["day"]) <= 31:
        return None
    words = [fold_word(word) for word in (match["before"], match["after"]) if word]
    if len(words) > 1 or not all(is_weekday(word) for word in words):
        return None
    return DayNumber(int(match["day"]), words[0] if words else "")
