"""Dates as people write them. Day and month are told apart by the whole column, never by one cell."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from student_track.sheets.grid import Cell

Order = Literal["dmy", "mdy"]

YEARS = range(1990, 2101)
YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?$")
NUMBERS = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$")
WITH_MONTH = re.compile(r"^(?:[^\W\d]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([^\W\d]{3,9})\.?[\s,.-]+(\d{4})$")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LOOKS_LIKE_A_DATE = re.compile(
    rf"\d\s*[-/.]\s*\d|\d\D{{0,3}}({'|'.join(MONTHS)})|({'|'.join(MONTHS)})\D{{0,7}}\d", re.I
)


def day_month_order(texts: Iterable[str]) -> Order | None:
    """Return which of two numbers is the day, where some date of the column decides it; None where none does.

    A column in which dates decide against each other has no order.
    """
    orders = set()
    for text in texts:
        if match := NUMBERS.match(text.strip()):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                orders.add("dmy")
            elif second > 12 >= first:
                orders.add("mdy")
    return orders.pop() if len(orders) == 1 else None


def read_date(cell: Cell, order: Order | None) -> date | None:
    """Return the date of a cell; None where it is none, or where day and month cannot be told apart."""
    text = cell.typed if cell.kind == "date" else cell.text.strip()
    if match := YEAR_FIRST.match(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMBERS.match(text):
        return _date_of_numbers(*(int(part) for part in match.groups()), order)
    if match := WITH_MONTH.match(text):
        month = match[2][:3].lower()
        return _date(int(match[3]), MONTHS.index(month) + 1, int(match[1])) if month in MONTHS else None
    return None


def looks_like_a_date(cell: Cell) -> bool:
    """Return whether somebody meant a date here, readable or not."""
    return cell.kind == "date" or bool(LOOKS_LIKE_A_DATE.search(cell.text))


def is_ambiguous(cell: Cell) -> bool:
    """Return whether the cell would be a date if day and month could be told apart."""
    match = NUMBERS.match(cell.text.strip())
    return bool(match) and max(int(match[1]), int(match[2])) <= 12


def _date_of_numbers(first: int, second: int, year: int, order: Order | None) -> date | None:
    year += 2000 if year < 100 else 0
    if order is None:
        return _date(year, first, second) if first == second else None
    return _date(year, second, first) if order == "dmy" else _date(year, first, second)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
