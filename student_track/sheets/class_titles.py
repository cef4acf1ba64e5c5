"""The class that a tab's title names, and what a title says of time beside it.

``Physics 2026-09-07`` is a file of one session of the class Physics. ``September`` names no class. ``7A September`` may
be a month of 7A, or the class that began in September: that only other tabs can tell.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from student_track.sheets.calendar_words import fold_word, is_month
from student_track.sheets.dates import DateHints, read_date
from student_track.sheets.grid import Cell
from student_track.sheets.session_headers import DATE_IN_TEXT
from student_track.sheets.text import plain
from student_track.sheets.written_dates import WORDS, dated_cell, written_date, written_month

A_WEEK = timedelta(days=7)
SEASONS = "autumn|fall|winter|spring|summer|michaelmas|hilary|trinity|lent|easter"
YEAR = r"(?:\s*['’]?(?:20\d\d(?:\s*[/-]\s*(?:20)?\d\d)?|\d\d\b))?"
PART_OF_A_YEAR = re.compile(
    rf"\b(?:(?:{SEASONS})(?:\s*(?:term|semester))?"
    rf"|(?:term|semester|trimester|quarter|half[- ]?term|week|wk|woche|kw|semaine|semana)\.?\s*\d{{1,2}})\b{YEAR}",
    re.I,
)
BEGIN_OF_A_WEEK = re.compile(r"\b(?:w[/.]?\s?[cb]\b|(?:week|wk|woche|semaine|semana|settimana)\s[^\W\d])[^()]*", re.I)
BETWEEN = " \t-–—_.,:;/|"
EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")


def class_of_title(title: str, days: Collection[date] | None, hints: DateHints) -> str:
    """Return the name of the class that a title gives; empty where it is a date, week, month or term and nothing else.

    ``days`` are those of a register whose title is known to say its day or week, empty where they are not read yet; of
    others (None) the title is taken whole.
    """
    text = plain(title.replace("_", " "))
    written = written_date(text)
    if PART_OF_A_YEAR.fullmatch(text) or written_month(Cell(text)) or dated_cell(Cell(text)).is_week:
        return ""
    if written and written.year is not None:
        return ""
    rest = _without_dates(_without_week(text, days, hints), days, hints) if days is not None else text
    return _tidy(rest) if rest != text else title


def _without_dates(text: str, days: Collection[date], hints: DateHints) -> str:
    for match in reversed(list(DATE_IN_TEXT.finditer(text))):
        if not days or read_date(Cell(match[0]), hints) in days:
            text = text[: match.start()] + text[match.end() :]
    return text


def _without_week(text: str, days: Collection[date], hints: DateHints) -> str:
    match = BEGIN_OF_A_WEEK.search(text)
    found = dated_cell(Cell(match[0])) if match else None
    begin = read_date(found.date, hints) if found and found.is_week else None
    is_borne_out = isinstance(begin, date) and all(begin <= day < begin + A_WEEK for day in days)
    return text[: match.start()] + text[match.end() :] if match and is_borne_out else text


def _tidy(text: str) -> str:
    return " ".join(EMPTY_BRACKETS.sub("", text).split()).strip(BETWEEN)


class TimedTitle(NamedTuple):
    """A title without the time it says, and the pattern that other times fit too: ``7A`` and ``7A *``."""

    name: str
    pattern: str


def timed_title(title: str) -> TimedTitle | None:
    """Return the parts of a title that says a name and a time, such as ``7A September``; None for any other."""
    text = title.replace("_", " ")
    for match in (BEGIN_OF_A_WEEK.search(text), DATE_IN_TEXT.search(text), PART_OF_A_YEAR.search(text), _month(text)):
        if match and (name := _tidy(text[: match.start()] + text[match.end() :])):
            return TimedTitle(name, f"{title[: match.start()]}*{title[match.end() :]}")
    return None


def _month(text: str) -> re.Match[str] | None:
    words = (word for word in WORDS.finditer(text) if is_month(fold_word(word[0])))
    return next((re.compile(rf"{re.escape(word[0])}{YEAR}").match(text, word.start()) for word in words), None)
