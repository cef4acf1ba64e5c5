"""The year of dates without one: where it is stated, and where it is not certain."""

from datetime import date

import pytest

from student_track.sheets.school_years import declared_span, stated_span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Register 2026/27", date(2026, 4, 1), date(2027, 7, 31)),
        ("2026-2027", date(2026, 4, 1), date(2027, 7, 31)),
        ("Class 7A, ２０２６–２７", date(2026, 4, 1), date(2027, 7, 31)),
        ("Autumn 2026", date(2026, 3, 1), date(2026, 12, 31)),
        ("Term 1, 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("Printemps 2027", date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_title_states_a_span(text, first, last):
    assert stated_span(["7A", text])[:2] == (first, last)


@pytest.mark.parametrize(
    "texts",
    [
        *([], ["Register"], ["Class of 2026"], ["2026/28"], ["Printed 14/09/2026"], ["2026-09-14"], ["Winter 2026"]),
        *(["Term 2026 and 2027"], ["2026/27", "2027/28"]),
    ],
)
def test_what_is_no_certain_year_states_none(texts):
    assert stated_span(texts) is None


def test_a_person_declares_a_year_by_its_first_day():
    assert declared_span("2026/27")[:2] == (date(2026, 8, 1), date(2027, 7, 31))
    assert declared_span("2026-01-15")[:2] == (date(2026, 1, 15), date(2027, 1, 14))
    assert declared_span("2028-02-29")[:2] == (date(2028, 2, 29), date(2029, 2, 28))


def test_the_days_of_a_span():
    span = stated_span(["2026/27"])
    assert span.days(9, 14) == [date(2026, 9, 14)]
    assert span.days(6, 1) == [date(2026, 6, 1), date(2027, 6, 1)]
    assert span.days(2, 30) == []
