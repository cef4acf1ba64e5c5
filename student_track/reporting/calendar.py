"""A student's period as a calendar: weeks by weekdays, a state for each day."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from student_track.reporting.session_state import NOT_EXPECTED
from student_track.reporting.student_facts import Mark, Outcome

MONDAY = 1


class CalendarDay(NamedTuple):
    """A day's state, as in ``STATE_LOOKS``, and whether an absence of it is excused or it was a tardy one."""

    date: date
    state: str = NOT_EXPECTED
    is_excused: bool = False
    is_tardy: bool = False


@dataclass(frozen=True)
class Calendar:
    """``weeks`` are Mondays; ``days`` are in their order, by weekday (1: Monday), for weekdays that occur."""

    weeks: list[date]
    days: dict[int, list[CalendarDay]]

    @property
    def months(self) -> list[tuple[date, int]]:
        """The first Monday of each month, and how many weeks begin in it."""
        of_month = groupby(self.weeks, key=lambda week: (week.year, week.month))
        return [(own[0], len(own)) for own in (list(group) for _, group in of_month)]


def calendar_of(marks: list[Mark], possible_from_known: Fraction) -> Calendar | None:
    """Return the calendar from the first to the last day with a session; None where there is none."""
    by_day = {
        day: _day(day, tuple(mark.outcome for mark in own), possible_from_known)
        for day, own in groupby(marks, key=attrgetter("date"))
    }
    if not by_day:
        return None
    first, last = min(by_day), max(by_day)
    weekdays = sorted({day.isoweekday() for day in by_day} | {1, 2, 3, 4, 5})
    days = {
        weekday: [by_day.get(day) or CalendarDay(day) for day in _every_week(first, last, weekday)]
        for weekday in weekdays
    }
    return Calendar(_every_week(first, last, MONDAY), days)


@lru_cache(maxsize=512)
def _every_week(first: date, last: date, weekday: int) -> list[date]:
    """The weekday's date in each week from that of the first date to that of the last; most students have the same."""
    begin = first - timedelta(days=first.weekday())
    return [begin + timedelta(days=days + weekday - MONDAY) for days in range(0, (last - begin).days + 1, 7)]


@lru_cache(maxsize=8192)
def _day(day: date, marks: tuple[Outcome, ...], possible_from_known: Fraction) -> CalendarDay:
    """A day is known when its unit would be possible; missed in part where not all of what is known was missed.

    Days are kept: on a day, hundreds of students have the same marks.
    """
    counted = [mark for mark in marks if mark.is_counted]
    if not counted:
        return CalendarDay(day)
    known = {mark.state for mark in counted if mark.state != "unknown"}
    share = Fraction(sum(mark.state != "unknown" for mark in counted), len(counted))
    state = "unknown" if not known or share < possible_from_known else known.pop() if len(known) == 1 else "partial"
    missed = [mark for mark in counted if mark.state in ("absent", "partial")]
    is_excused = bool(missed) and all(mark.is_excused for mark in missed)
    return CalendarDay(day, state, is_excused, any(mark.is_tardy for mark in counted))
