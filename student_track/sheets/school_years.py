"""The year of dates written without one: stated near them in the tab, or by a person in the contract."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from student_track.sheets.text import plain

PAIR = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)\s*[/–—-]\s*(?:(?:19|20)(?=\d\d))?(\d\d)(?![\d]|[/.-]\d)")
YEAR = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)(?![\d]|[/.-]\d)")
TERM = re.compile(
    r"\b(autumn|fall|spring|summer|term|semester|trimester|quarter|herbst|frühling|frühjahr|sommer|automne|printemps"
    r"|été|otoño|primavera|verano|autunno|estate|outono|verão|halbjahr|trimestre|semestre)\b",
    re.I,
)
AUTUMN = re.compile(r"\b(autumn|fall|herbst|automne|otoño|autunno|outono)\b", re.I)
WINTER = re.compile(r"winter|hiver|invierno|inverno", re.I)


class YearSpan(NamedTuple):
    """The days among which a date without a year is looked for. ``is_declared``: by a person, for this tab."""

    first: date
    last: date
    is_declared: bool = False

    def days(self, month: int, day: int) -> list[date]:
        """Return the days of the span with this month and day, in order."""
        found = []
        for year in range(self.first.year, self.last.year + 1):
            try:
                candidate = date(year, month, day)
            except ValueError:
                continue
            if self.first <= candidate <= self.last:
                found.append(candidate)
        return found

    @property
    def is_of_one_calendar_year(self) -> bool:
        return self.first.year == self.last.year


def declared_span(text: str) -> YearSpan:
    """Return the span a person declares: ``2026/27`` is 1 August to 31 July, a date is the first day of a year.

    Raises ValueError where the text is neither.
    """
    if pair := PAIR.fullmatch(text.strip()):
        return YearSpan(*_school_year(pair), is_declared=True)
    first = date.fromisoformat(text.strip())
    return YearSpan(first, _a_year_later(first) - timedelta(days=1), is_declared=True)


def stated_span(texts: Iterable[str]) -> YearSpan | None:
    """Return the one span that the texts of a row state, such as ``2026/27`` or ``Autumn 2026``; else None.

    School years start in different months: from April to July ``2026/27`` can mean either year, and what stands
    around a date must decide.
    """
    spans = {span for text in texts if (span := _span_of(text))}
    return spans.pop() if len(spans) == 1 else None


@lru_cache(maxsize=10_000)
def _span_of(text: str) -> YearSpan | None:
    text = plain(text)
    if pair := PAIR.search(text):
        first = int(pair[1])
        return YearSpan(date(first, 4, 1), date(first + 1, 7, 31)) if _are_in_turn(pair) else None
    years = set(YEAR.findall(text))
    if len(years) != 1 or not TERM.search(text) or WINTER.search(text):
        return None
    year = int(years.pop())
    return YearSpan(date(year, 3 if AUTUMN.search(text) else 1, 1), date(year, 12, 31))


def _are_in_turn(pair: re.Match[str]) -> bool:
    return (int(pair[1]) + 1) % 100 == int(pair[2])


def _school_year(pair: re.Match[str]) -> tuple[date, date]:
    if not _are_in_turn(pair):
        raise ValueError("the second year does not follow the first")
    year = int(pair[1])
    return date(year, 8, 1), date(year + 1, 7, 31)


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)
