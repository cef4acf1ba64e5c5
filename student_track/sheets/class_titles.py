"""The class that a tab's title names, and what a title says of time beside it.

``Physics 2026-09-07`` is a file of one session of the class Physics. ``September`` names no class. ``7A September`` may
be a month of 7A, or the class that began in September: that only other tabs can tell.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from student_track.sheets.calendar_words import fold_word, is_english_month, is_english_weekday, is_month, is_weekday
from student_track.sheets.dates import DateHints, read_date
from student_track.sheets.grid import Cell
from student_track.sheets.session_headers import DATE_IN_TEXT
from student_track.sheets.text import plain
from student_track.sheets.written_dates import WEEK_OF, WORDS, written_date, written_month

A_WEEK = timedelta(days=7)
SEASONS = "autumn|fall|winter|spring|summer|michaelmas|hilary|trinity|lent|easter"
YEAR = r"(?:\s*['’]?(?:20\d\d(?:\s*[/-]\s*(?:20)?\d\d)?|\d\d\b))?"
PART_OF_A_YEAR = re.compile(
    rf"\b(?:(?:{SEASONS})(?:\s*(?:term|semester|\d))?"
    r"|(?:term|semester|semestre|trimester|trimestre|halbjahr|quarter|half[- ]?term|ht|week|wk|woche|kw|semaine|semana)"
    rf"\.?\s*\d{{1,2}})\b{YEAR}",
    re.I,
)
DAY_AND_MONTH = re.compile(r"\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]+\.?|[^\W\d_]+\.?\s+\d{1,2}(?:st|nd|rd|th)?", re.I)
TIME_OF_DAY = r"t\d{4}|\s*\d{1,2}[:.h]\d{2}(?::\d{2})?"
DATE_AND_TIME = re.compile(
    rf"(?:(?P<weekday>[^\W\d_]+)\.?,?\s+)?(?P<date>{DATE_IN_TEXT.pattern})(?:{TIME_OF_DAY})?", re.I
)
BETWEEN = " \t-–—_.,:;/|"
EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")


def class_of_title(title: str, days: Collection[date], is_said: bool, hints: DateHints) -> str:
    """Return the name of the class that a title gives; empty where it is a date, week, month or term and nothing else.

    ``days`` are those of the register as far as they are known. ``is_said``: the title is known to say its day or week,
    which is then no part of the name; of others the title is taken whole.
    """
    text = plain(title.replace("_", " "))
    if _is_a_time(text, days):
        return ""
    rest = _without_dates(_without_week(text, days, hints), days, hints) if is_said else text
    return _tidy(rest) if rest != text else title


def _is_a_time(text: str, days: Collection[date]) -> bool:
    """Whether a title is a time: in any language for a register of one month, in English or numbers for others."""
    if PART_OF_A_YEAR.fullmatch(text) or ((week := WEEK_OF.fullmatch(text)) and not week["before"]):
        return True
    words = [fold_word(word) for word in WORDS.findall(text)]
    is_of_one_month = len({(day.year, day.month) for day in days}) == 1
    if words and not is_of_one_month and not any(is_english_month(word) or is_english_weekday(word) for word in words):
        return False
    return written_month(Cell(text)) is not None or _is_a_day(text)


def _is_a_day(text: str) -> bool:
    """Whether a text is a date, with its year or its month by name, or a day of the week; 8/2 may be a class."""
    written = written_date(text)
    is_date = written is not None and (written.year is not None or bool(DAY_AND_MONTH.fullmatch(text)))
    return is_date or (text.isalpha() and is_weekday(fold_word(text)))


def _without_dates(text: str, days: Collection[date], hints: DateHints) -> str:
    """Without each date that is one of the days, or any where these are not known, its day of the week and its time."""
    for match in reversed(list(DATE_AND_TIME.finditer(text))):
        if not days or read_date(Cell(match["date"]), hints) in days:
            weekday = match["weekday"] if match["weekday"] and not is_weekday(fold_word(match["weekday"])) else ""
            text = f"{text[: match.start()]}{weekday}{text[match.end() :]}"
    return text


def _without_week(text: str, days: Collection[date], hints: DateHints) -> str:
    match = WEEK_OF.match(text)
    begin = read_date(Cell(match["date"].strip()), hints) if match else None
    is_borne_out = isinstance(begin, date) and all(begin <= day < begin + A_WEEK for day in days)
    return text[: match.start("week")] + text[match.end() :] if match and is_borne_out else text


def _tidy(text: str) -> str:
    return " ".join(EMPTY_BRACKETS.sub("", text).split()).strip(BETWEEN)


class TimedTitle(NamedTuple):
    """A title without the time it says, and the pattern that other times fit too: ``7A`` and ``7A *``."""

    name: str
    pattern: str


def timed_title(title: str) -> TimedTitle | None:
    """Return the parts of a title that says a name and a time, such as ``7A September``; None for any other."""
    text = title.replace("_", " ")
    week = WEEK_OF.match(text)
    spans = [week.span("week")] if week else []
    spans += [match.span() for match in (DATE_IN_TEXT.search(text), PART_OF_A_YEAR.search(text), _month(text)) if match]
    for start, end in spans:
        if name := _tidy(text[:start] + text[end:]):
            return TimedTitle(name, f"{title[:start]}*{title[end:]}")
    return None


def _month(text: str) -> re.Match[str] | None:
    words = (word for word in WORDS.finditer(text) if is_month(fold_word(word[0])))
    return next((re.compile(rf"{re.escape(word[0])}{YEAR}").match(text, word.start()) for word in words), None)
