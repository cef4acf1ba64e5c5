"""Texts of dates, months and days taken apart."""

from datetime import date

import pytest

from student_track.sheets.grid import cell_of
from student_track.sheets.written_dates import day_number, looks_like_a_date, written_month


@pytest.mark.parametrize(
    ("text", "meant"), [("31 Sept", True), ("7/9", True), ("Total", False), ("%", False), ("Week 3", False)]
)
def test_somebody_meant_a_date(text, meant):
    assert looks_like_a_date(cell_of(text)) is meant


@pytest.mark.parametrize(
    ("value", "month"),
    [
        *(("September", ("september", None)), ("Sept 2026", ("sept", 2026)), ("9月", (9, None))),
        *(("09/2026", (9, 2026)), (date(2026, 9, 1), (9, 2026)), ("März", ("marz", None)), ("Sep 26", None)),
        ("Name", None),
    ],
)
def test_a_heading_is_a_month(value, month):
    assert written_month(cell_of(value)) == month


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, (7, "")), ("7.", (7, "")), ("Mon 7", (7, "mon")), ("7 Di", (7, "di")), ("32", None), ("Week 7", None)],
)
def test_a_number_is_a_day(value, number):
    assert day_number(cell_of(value)) == number
