"""Texts of dates, months and days taken apart, before anything is decided."""

import re
from functools import lru_cache
from typing import NamedTuple

from student_track.sheets.calendar_words import fold_word, is_month, is_weekday
from student_track.sheets.grid import Cell, one_cell
from student_track.sheets.text import plain

SERIALS = range(32_874, 73_416)
"""Numbers that could be dates of 1990 to 2100."""
TIME = re.compile(
    r"(?:\s*,\s*|\s+|(?<=\d)t)(?:at |um |à )?(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*"
    r"(?P<half>[ap]\.?m\.?)?\s*(?:(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})|[-–]\s*\d{1,2}[:h]\d{2}\s*(?:[ap]\.?m\.?)?)?$",
    re.I,
)
"""A time of day, or from and to; ``09:00-10:30`` is rather those than a zone, behind a date that is no ISO date."""
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
SHORT_YEARS = range(41)
"""Years of two digits: 69 is rather 2569 in Thailand, and 48 may be 1448 in the Islamic calendar."""
DAY_NAME_YEAR = re.compile(r"\d{1,2}[\s.,-]*[^\W\d_]+[\s.,'’-]*\d{2}$")
EAST_ASIAN_MONTH = re.compile(r"^(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월]$")
YEAR_AND_MONTH = re.compile(r"^(?P<year>(?:19|20)\d\d)\s?[-/.]\s?(?P<month>0?[1-9]|1[0-2])$")
MONTH_AND_YEAR = re.compile(r"^(?P<month>0?[1-9]|1[0-2])\s?[-/.]\s?(?P<year>(?:19|20)\d\d)$")
DAY_NUMBER = re.compile(r"^(?:(?P<before>[^\W\d_][^\d\s]*)\s+)?(?P<day>\d{1,2})(?:\s+(?P<after>[^\W\d_][^\d\s]*))?$")
MONTH_STARTS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LOOKS_LIKE_A_DATE = re.compile(
    rf"\d\s*[-/.]\s*\d|\d\D{{0,3}}({'|'.join(MONTH_STARTS)})|({'|'.join(MONTH_STARTS)})\D{{0,7}}\d", re.I
)


HALF_DAYS = (
    "am|pm|a\\.m\\.?|p\\.m\\.?|morning|afternoon|evening|vormittags?|nachmittags?|vorm\\.?|nachm\\.?|matin|après-midi"
    "|mañana|tarde|manhã|ochtend|middag|mattina|pomeriggio"
)
LESSONS = r"(?:period|lesson|session|block|slot|stunde|std\.?|p|l)\s?\d{1,2}"
BESIDE_A_DATE = re.compile(
    rf"^(?P<date>.*\d.*?)[\s,;:/–—-]*(?:\(?\b(?P<period>{HALF_DAYS}|{LESSONS})\)?|\((?P<count>[1-9])\)|#\s?(?P<number>[1-9]))$",
    re.I,
)
WEEK_WORDS = (
    r"\b(?:w[/.]?\s?[cb]\b|(?:week|wk\.?)\s(?:commencing|beginning|starting|of)\b|woche\s(?:vom|ab)\b|semaine\sdu\b"
    r"|semana\sdel?\b|settimana\sdel\b)[\s:.]*"
)
WEEK_OF = re.compile(rf"(?P<before>.*?)(?P<week>{WEEK_WORDS}(?P<date>[^()\[\]]*\d[^()\[\]]*))", re.I)
WEEK_LABEL = re.compile(WEEK_WORDS, re.I)
MIDNIGHT = "00:00"


class Written(NamedTuple):
    """The parts of a date as written. ``pair`` is day and month in an order that the cell does not tell.

    ``time`` is the time of day, ``09:00``; empty at midnight, which an export writes behind a date without any.
    ``is_taken_by_locale``: numbers such as 3/4/2026 that the spreadsheet itself took for a date, in its locale's order.
    """

    year: int | None = None
    month: int | str | None = None
    day: int = 0
    pair: tuple[int, int] | None = None
    weekday: str = ""
    serial: int | None = None
    time: str = ""
    has_zone: bool = False
    is_taken_by_locale: bool = False


def looks_like_a_date(cell: Cell) -> bool:
    """Return whether somebody meant a date here, readable or not."""
    return cell.kind == "date" or bool(LOOKS_LIKE_A_DATE.search(cell.text)) or _has_day_and_month(written_cell(cell))


def _has_day_and_month(written: Written | None) -> bool:
    return written is not None and written.serial is None


def written_cell(cell: Cell) -> Written | None:
    """Return the parts of the date in a cell; None where it is none."""
    if cell.kind == "date":
        date = written_date(cell.typed or cell.text)
        return date._replace(is_taken_by_locale=True) if date and NUMBERS.match(plain(cell.text)) else date
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
    text = ORDINAL.sub("", text[: time.start()] if time else text)
    has_zone = bool(time and time["zone"]) and not (time["zone"][0] == "-" and not YEAR_FIRST.match(text))
    numbers = WORDS.sub(" ", text).strip(BETWEEN)
    words = tuple(word for word in map(fold_word, WORDS.findall(text)) if word and word not in FILLERS)
    written = _numeric(numbers, words) or _with_month_name(numbers, words, text)
    return written._replace(time=_time_of_day(time), has_zone=has_zone) if written else None


def _time_of_day(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    hour, half = int(match["hour"]), (match["half"] or "")[:1].casefold()
    hour = hour % 12 + 12 * (half == "p") if half else hour
    time = f"{hour:02d}:{match['minute']}"
    return "" if time == MIDNIGHT else time


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
        return Written(_whole_year(match[3]), pair=(int(match[1]), int(match[2])))
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
    year = _whole_year(years[0]) if years else None
    return Written(year, names[0], int(days[0]), weekday=names[1])


def _whole_year(digits: str) -> int:
    """The year of two digits or four; 0, which is no year, where two can hardly be of this calendar and these years."""
    year = int(digits)
    return year if len(digits) > 2 else 2000 + year if year in SHORT_YEARS else 0


def _month_and_weekday(words: tuple[str, ...]) -> tuple[str, str] | None:
    if len(words) == 1:
        return (words[0], "") if is_month(words[0]) else None
    first, second = words
    if is_weekday(first) and is_month(second):
        return second, first
    return (first, second) if is_month(first) and is_weekday(second) else None


class DatedCell(NamedTuple):
    """The date's part of a header cell, and what stands beside it in the cell; often nothing.

    ``period`` is named there: ``AM``, ``lesson 2``. ``count`` is a bare number, ``(2)``: a period where the date has
    several columns. ``is_week``: the date is the first of a week, ``w/c 7 Sep``.
    """

    date: Cell
    period: str = ""
    count: str = ""
    is_week: bool = False


def dated_cell(cell: Cell) -> DatedCell:
    """Return the parts of ``7 Sep AM``, ``07/09 (pm)``, ``7 Sep (2)`` or ``w/c 7 Sep``; any other cell whole."""
    found = _date_and_more(cell.text) if cell.kind == "text" else None
    return DatedCell(one_cell(found[0]), *found[1:]) if found else DatedCell(cell)


@lru_cache(maxsize=10_000)
def _date_and_more(text: str) -> tuple[str, str, str, bool] | None:
    """The date of a text that says more than that, and what it says; the time of a day is none."""
    text = plain(text)
    if len(text) > LONGEST_TEXT:
        return None
    if (match := WEEK_OF.fullmatch(text)) and not match["before"] and written_date(match["date"]):
        return match["date"], "", "", True
    match = BESIDE_A_DATE.match(text)
    written = written_date(match["date"]) if match else None
    if not match or not written or written.time:
        return None
    return match["date"], match["period"] or "", match["count"] or match["number"] or "", False


def week_said(cell: Cell) -> Cell | None:
    """Return the date of the week that a title says, ``7A, w/c 7 Sep 2026``; None where it says none."""
    match = WEEK_OF.match(plain(cell.text)) if cell.kind == "text" else None
    return one_cell(match["date"].strip()) if match and written_date(match["date"]) else None


class WrittenMonth(NamedTuple):
    """A month as a heading says it, by number or by a folded name, with or without its year."""

    month: int | str
    year: int | None


def written_month(cell: Cell) -> WrittenMonth | None:
    """Return the month of a heading such as ``September 2026``, ``Sept`` or a first of the month; None for others."""
    if cell.kind == "date":
        day = written_cell(cell)
        return WrittenMonth(day.month, day.year) if day and day.month and day.day == 1 else None
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
