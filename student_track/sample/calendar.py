"""The sample school's calendar: terms, holidays, and its fixed today."""

from datetime import date, timedelta
from functools import cache

SAMPLE_TODAY = date(2026, 11, 20)
TERMS = (
    ("Autumn 2025", date(2025, 9, 3), date(2025, 12, 19)),
    ("Spring 2026", date(2026, 1, 5), date(2026, 3, 27)),
    ("Summer 2026", date(2026, 4, 13), date(2026, 7, 17)),
    ("Autumn 2026", date(2026, 9, 2), date(2026, 12, 18)),
    ("Spring 2027", date(2027, 1, 4), date(2027, 3, 25)),
    ("Summer 2027", date(2027, 4, 12), date(2027, 7, 16)),
)
START, SECOND_YEAR = TERMS[0][1], TERMS[3][1]
SCHOOL_YEARS = (("2025/26", date(2025, 9, 1), date(2026, 7, 31)), ("2026/27", date(2026, 9, 1), date(2027, 7, 31)))
HOLIDAYS = (
    ("Autumn half-term", date(2025, 10, 27), date(2025, 10, 31)),
    ("Spring half-term", date(2026, 2, 16), date(2026, 2, 20)),
    ("May Day", date(2026, 5, 4), date(2026, 5, 4)),
    ("Summer half-term", date(2026, 5, 25), date(2026, 5, 29)),
    ("Autumn half-term", date(2026, 10, 26), date(2026, 10, 30)),
    ("Spring half-term", date(2027, 2, 15), date(2027, 2, 19)),
    ("May Day", date(2027, 5, 3), date(2027, 5, 3)),
    ("Summer half-term", date(2027, 5, 31), date(2027, 6, 4)),
)
STAFF_DAY = date(2026, 9, 18)
SNOW_DAY = date(2026, 1, 22)
CLUB_WEEKDAYS = (1, 3)


def school_days(first: date, last: date, has_holidays: bool = True) -> list[date]:
    """Return the days with lessons between two dates: in term, Monday to Friday, no holiday, no staff day."""
    count = (last - first).days + 1
    days = (first + timedelta(days=number) for number in range(count))
    return [
        day
        for day in days
        if day.weekday() < 5 and _is_in_term(day) and not (has_holidays and _is_free_of_lessons(day))
    ]


@cache
def school_year(day: date) -> int:
    """Return the calendar year in which the day's school year starts."""
    return next(first.year for _, first, last in SCHOOL_YEARS if first <= day <= last)


def _is_in_term(day: date) -> bool:
    return any(first <= day <= last for _, first, last in TERMS)


def _is_free_of_lessons(day: date) -> bool:
    return day == STAFF_DAY or any(first <= day <= last for _, first, last in HOLIDAYS)
