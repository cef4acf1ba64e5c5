"""Dates that a spreadsheet made of texts with day and month the wrong way round, told by the texts it left alone."""

from collections.abc import Sequence
from datetime import date

from student_track.sheets.written_dates import Written

MUCH_FARTHER, FORTNIGHT, SEVERAL = 4, 14, 3


def swapped_dates(written: Sequence[Written | None]) -> set[Written]:
    """Return the dates of a row or column that are not to be believed; most often none.

    A program set to write the month first takes ``7/9/2026`` for 9 July, and leaves ``14/9/2026`` a text. So every text
    has a number above 12 and no date has a day above it. Several dates that stand close together as they are, and far
    apart with day and month swapped, are believed all the same.
    """
    texts = {part for part in written if part and part.pair and part.year}
    made = {part for part in written if part and part.year and isinstance(part.month, int) and not part.weekday}
    pairs = [sorted(part.pair or ()) for part in texts]
    if not texts or not made or any(day <= 12 for _, day in pairs) or any(part.day > 12 for part in made):
        return set()
    left = [_day(part.year, *sorted(part.pair or ())) for part in texts]
    as_made = [_day(part.year, part.month, part.day) for part in made]
    swapped = [_day(part.year, part.day, part.month) for part in made]
    is_close = _span([*left, *swapped]) > MUCH_FARTHER * _span([*left, *as_made]) + FORTNIGHT
    are_believed = is_close and len(made) >= SEVERAL
    return set() if are_believed else {part for part in made if part.month != part.day}


def _day(year: int | None, month: int | str | None, day: int | str | None) -> date | None:
    try:
        return date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None


def _span(days: Sequence[date | None]) -> int:
    """Days from the first to the last."""
    found = [day for day in days if day]
    return (max(found) - min(found)).days if found else 0
