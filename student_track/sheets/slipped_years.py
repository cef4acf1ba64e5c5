"""Dates of a wide header with the wrong year, as January's are that still bear the old one."""

from datetime import date, timedelta
from itertools import pairwise

from student_track.translatable import N_

SLIPPED_YEAR = N_("this date is out of order among those beside it by a year: mend its year")
LONGEST_BREAK = timedelta(days=60)


def slipped_years(dates: dict[int, date]) -> set[int]:
    """Return the columns whose date would stand in order with those beside it, were it a year later or earlier."""
    columns = sorted(dates)
    if 2 * sum(dates[right] < dates[left] for left, right in pairwise(columns)) >= len(columns):
        columns.reverse()
    slipped: set[int] = set()
    before = date.min
    for index, column in enumerate(columns):
        day, after = dates[column], dates[columns[index + 1]] if index + 1 < len(columns) else date.max
        is_early = day < before <= _in_year(day, 1) <= before + LONGEST_BREAK
        is_late = before <= _in_year(day, -1) <= after < day and before != date.min
        if is_early or is_late:
            slipped.add(column)
        else:
            before = day
    return slipped


def _in_year(day: date, years_on: int) -> date:
    """The same day of another year; 1 March where that has no 29 February."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + years_on, 3, 1) if is_leap_day else day.replace(year=day.year + years_on)
