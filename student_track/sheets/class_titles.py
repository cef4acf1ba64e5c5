"""The class that a tab's title names: the title without what only says when its sessions were.

``Physics 2026-09-07`` is a file of the class Physics, ``7A September`` a month of 7A. What a title says of time is left
out only where the sessions bear it out; where nothing else is left, the title names no class.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta

from student_track.sheets.calendar_words import fold_word, is_month, months_of
from student_track.sheets.dates import DateHints, read_date
from student_track.sheets.grid import Cell
from student_track.sheets.session_headers import DATE_IN_TEXT
from student_track.sheets.text import plain
from student_track.sheets.written_dates import WORDS, dated_cell, written_month

A_WEEK = timedelta(days=7)
SEASONS = "autumn|fall|winter|spring|summer|michaelmas|hilary|trinity|lent|easter"
PART_OF_A_YEAR = re.compile(
    rf"(?:(?:{SEASONS})(?:\s*(?:term|semester))?"
    r"|(?:term|semester|trimester|quarter|half[- ]?term|week|wk|woche|kw|semaine|semana)\.?\s*\d{1,2})"
    r"(?:\s*20\d\d(?:\s*[/-]\s*(?:20)?\d\d)?)?",
    re.I,
)
BEGIN_OF_A_WEEK = re.compile(r"\b(?:w[/.]?\s?[cb]\b|(?:week|wk|woche|semaine|semana|settimana)\s[^\W\d])[^()]*", re.I)
BETWEEN = " \t-–—_.,:;/|"
EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")


def class_of_title(title: str, days: Collection[date], hints: DateHints) -> str:
    """Return the name of the class that a title gives to a register with sessions on ``days``; empty if it gives none.

    ``days`` may be empty, where they are not known yet: then only a whole title that is a time names no class.
    """
    text = plain(title.replace("_", " "))
    if PART_OF_A_YEAR.fullmatch(text) or written_month(Cell(text)):
        return ""
    rest = _without_date(_without_week(text, days, hints), days, hints)
    rest = _without_month(rest, days, hints.language)
    return _tidy(rest) if rest != text else title


def _without_date(text: str, days: Collection[date], hints: DateHints) -> str:
    """Without the dates that are the one day of the register."""
    for match in reversed(list(DATE_IN_TEXT.finditer(text))):
        if set(days) == {read_date(Cell(match[0]), hints)}:
            text = text[: match.start()] + text[match.end() :]
    return text


def _without_week(text: str, days: Collection[date], hints: DateHints) -> str:
    match = BEGIN_OF_A_WEEK.search(text)
    found = dated_cell(Cell(match[0])) if match else None
    begin = read_date(found.date, hints) if found and found.is_week else None
    is_borne_out = isinstance(begin, date) and bool(days) and all(begin <= day < begin + A_WEEK for day in days)
    return text[: match.start()] + text[match.end() :] if match and is_borne_out else text


def _without_month(text: str, days: Collection[date], language: str | None) -> str:
    """Without the month in which all sessions are, and its year."""
    in_months = {(day.year, day.month) for day in days}
    if len(in_months) != 1:
        return text
    (year, month), words = in_months.pop(), WORDS.findall(text)
    for word in words:
        folded = fold_word(word)
        if is_month(folded) and months_of({folded}, language).get(folded) == month:
            return re.sub(
                rf"(?<!\d)(?<!\d\s)\b{re.escape(word)}(?:\s*(?:{year}|['’]?{year % 100:02d})\b)?", "", text, count=1
            )
    return text


def _tidy(text: str) -> str:
    return " ".join(EMPTY_BRACKETS.sub("", text).split()).strip(BETWEEN)
