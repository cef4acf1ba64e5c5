"""Dates: read where they are certain, None where they are not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from student_track.sheets.dates import day_month_order, looks_like_a_date, read_date
from student_track.sheets.grid import cell_of


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["13/09/2026", "01/09/2026"], "dmy"),
        (["09/13/2026", "09/01/2026"], "mdy"),
        (["01/09/2026"], None),
        (["13/09/2026", "09/13/2026"], None),
        ([], None),
    ],
)
def test_a_column_decides_or_has_no_order(texts, order):
    assert day_month_order(texts) == order


@pytest.mark.parametrize("text", ["2026-02-30", "31 Sept 2026", "yesterday", "1/2", "99/99/2026", "1850-01-01", ""])
def test_what_is_no_date_is_none(text):
    assert read_date(cell_of(text), "dmy") is None


def test_equal_numbers_need_no_order():
    assert read_date(cell_of("05/05/2026"), None) == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("text", "meant"), [("31 Sept", True), ("7/9", True), ("Total", False), ("%", False), ("Week 3", False)]
)
def test_somebody_meant_a_date(text, meant):
    assert looks_like_a_date(cell_of(text)) is meant


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_true_date_and_its_texts_are_the_same_day(day):
    assert read_date(cell_of(day), None) == day
    assert read_date(cell_of(f"{day:%d/%m/%Y}"), "dmy") == day
    assert read_date(cell_of(f"{day:%m/%d/%Y}"), "mdy") == day


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_without_an_order_a_date_is_right_or_none(day):
    assert read_date(cell_of(f"{day:%d/%m/%Y}"), None) in (None, day)
