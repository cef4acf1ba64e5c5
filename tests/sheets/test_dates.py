"""Dates: read where they are certain, said why where they are not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from student_track.sheets.dates import (
    AMBIGUOUS,
    BAD,
    CONTRADICTION,
    NO_YEAR,
    OTHER_LOCALE,
    UNKNOWN_MONTH,
    ZONE,
    DateHints,
    Unread,
    day_month_order,
    order_of_locale,
    read_date,
    read_dates,
)
from student_track.sheets.grid import Cell, cell_of
from student_track.sheets.school_years import declared_span, stated_span
from student_track.sheets.written_dates import written_date

MONDAY = date(2026, 9, 14)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def read(*values, in_sequence=False, **hints):
    """The dates of the values; the advice where one is not read."""
    found = read_dates([cell_of(value) for value in values], DateHints(**hints), in_sequence)
    return [day.advice if isinstance(day, Unread) else day for day in found]


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["13/09/2026", "01/09/2026"], "dmy"),
        (["09/13/2026", "09/01/2026"], "mdy"),
        (["01/09/2026"], None),
        (["13/09/2026", "09/13/2026"], None),
        (["Mon 07/09/2026", "08/09/2026"], "dmy"),
        (["14/9", "7/9"], "dmy"),
        ([], None),
    ],
)
def test_a_column_decides_or_has_no_order(texts, order):
    assert day_month_order([written_date(text) for text in texts]) == order


@pytest.mark.parametrize(
    "text",
    [
        *("2026-09-14", "2026/9/14", "20260914", "14/09/2026", "14.9.2026", "14.09.26", "14 Sep 2026", "14-Sep-26"),
        *(
            "Sept. 14, 2026",
            "Monday, September 14, 2026",
            "14th September 2026",
            "Mon 14/9/2026",
            "2026-09-14 08:31:00",
        ),
        *("14 Sep 2026, 8:31 am", "14. September 2026", "14 de septiembre de 2026", "lundi 14 septembre 2026"),
        *(
            "14 сентября 2026",
            "14 Eylül 2026",
            "2026年9月14日(月)",
            "2026년 9월 14일",
            "14 ก.ย. 2026",
            "14 سبتمبر 2026",
        ),
        *("１４／０９／２０２６", "14\u00a0Sep\u200b 2026", "١٤/٠٩/٢٠٢٦"),
    ],
)
def test_a_date_is_a_date_in_any_language_script_and_width(text):
    assert read(text, order="dmy") == [MONDAY]


@pytest.mark.parametrize("text", ["yesterday", "", "Week 3", "Room 12", "14-15 Sep", "P", "Sep 2026", "9", 14, 45910])
def test_what_is_no_date_is_none(text):
    assert read(text, order="dmy") == [None]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2026-02-30", BAD),
        ("31 Sept 2026", BAD),
        ("99/99/2026", BAD),
        ("1850-01-01", BAD),
        ("1/2", NO_YEAR),
        ("14 Sep", NO_YEAR),
        ("Tue 14 Sep 2026", CONTRADICTION),
        ("2026-09-14T23:31:00Z", ZONE),
    ],
)
def test_a_date_that_cannot_be_read_says_why(text, advice):
    assert read(text, order="dmy") == [advice]


def test_day_and_month_that_nothing_decides_are_said():
    assert read("07/09/2026", "08/09/2026") == [AMBIGUOUS, AMBIGUOUS]
    assert read("07/09/2026", order="mdy") == [date(2026, 7, 9)]


def test_a_month_of_two_languages_waits_for_the_language():
    assert read("3 listopad 2026") == [UNKNOWN_MONTH]
    assert read("3 listopad 2026", "4 prosinec 2026") == [date(2026, 11, 3), date(2026, 12, 4)]
    assert read("3 listopad 2026", language="hr") == [date(2026, 10, 3)]


def test_equal_numbers_need_no_order():
    assert read("05/05/2026") == [date(2026, 5, 5)]


def test_serial_numbers_are_dates_beside_dates_or_by_a_persons_word():
    assert read(46279, 46280) == [None, None]
    assert read(46279, are_serials=True) == [MONDAY]
    assert read("2026-09-07", 46279) == [date(2026, 9, 7), MONDAY]
    assert read("2006-09-07", 46279) == [date(2006, 9, 7), None]


def test_the_year_comes_from_a_school_year_in_the_order_of_the_columns():
    stated = stated_span(["Register 2026/27"])
    assert read("14 Sep", "12 Jan", "2 Jun", years=stated, in_sequence=True) == [
        *(MONDAY, date(2027, 1, 12), date(2027, 6, 2)),
    ]
    assert read("2 Jun", years=stated, in_sequence=True) == [NO_YEAR]
    assert read("2 Jun", "14 Sep", years=stated, in_sequence=True) == [NO_YEAR, MONDAY]
    assert read("2 Jun", years=declared_span("2026/27")) == [date(2027, 6, 2)]
    assert read("2 Jun", years=declared_span("2026-04-01")) == [date(2026, 6, 2)]


def test_a_term_that_runs_over_new_year_is_not_read():
    stated = stated_span(["Term 1 2026"])
    assert read("14 Dec", "2 Jan", years=stated, in_sequence=True) == [NO_YEAR, NO_YEAR]
    assert read("14 Dec", "2 Jan", years=stated) == [NO_YEAR, NO_YEAR]


@given(DAYS)
def test_a_true_date_and_its_texts_are_the_same_day(day):
    assert read(day) == [day]
    assert read(f"{day:%d/%m/%Y}", order="dmy") == [day]
    assert read(f"{day:%m/%d/%Y}", order="mdy") == [day]


@given(DAYS)
def test_without_an_order_a_date_is_right_or_not_read(day):
    assert read_date(cell_of(f"{day:%d/%m/%Y}")) in (Unread(AMBIGUOUS), day)


@pytest.mark.parametrize(
    ("locale", "order"),
    [("en_GB", "dmy"), ("en_US", "mdy"), ("de_DE", "dmy"), ("sv_SE", None), ("", None), ("xx_YY", None), ("?", None)],
)
def test_a_locale_has_an_order_or_none(locale, order):
    assert order_of_locale(locale) == order


def test_the_locale_decides_only_what_no_date_of_the_column_does():
    assert read("03/04/2026", locale="en_GB") == [date(2026, 4, 3)]
    assert read("03/04/2026", locale="en_US") == [date(2026, 3, 4)]
    assert read("03/04/2026", "13/04/2026", locale="en_US") == [date(2026, 4, 3), date(2026, 4, 13)]
    assert read("03/04/2026", locale="en_US", order="dmy") == [date(2026, 4, 3)]
    assert read("03/04/2026", "13/04/2026", "04/13/2026", locale="en_US") == [AMBIGUOUS, BAD, BAD]
    assert read("03/04/2026", locale="sv_SE") == [AMBIGUOUS]


def test_a_date_that_the_spreadsheet_made_in_another_order_than_its_writers_is_not_believed():
    """A British school in a sheet of the American locale: 3/4/2026 became 4 March, 13/4/2026 stayed a text."""
    made = Cell("3/4/2026", "date", "2026-03-04")
    whole = Cell("3/13/2026", "date", "2026-03-13")
    spelled = Cell("4 Mar 2026", "date", "2026-03-04")

    def days(*cells, **hints):
        return [day.advice if isinstance(day, Unread) else day for day in read_dates(cells, DateHints(**hints))]

    text = cell_of("13/4/2026")
    assert days(made, text, locale="en_US") == [OTHER_LOCALE, date(2026, 4, 13)]
    assert days(made, text, locale="en_GB") == [date(2026, 3, 4), date(2026, 4, 13)]
    assert days(whole, spelled, text, locale="en_US") == [date(2026, 3, 13), date(2026, 3, 4), date(2026, 4, 13)]


def test_dates_made_of_day_and_month_the_wrong_way_round_are_told_by_the_texts_left_alone():
    """Excel set to American dates, and a register of 7 to 15 September written the other way."""
    made = [date(2026, 7, 9), date(2026, 9, 9), date(2026, 11, 9)]
    assert read(*made, "14/9/2026", "15/09/2026") == [
        *(OTHER_LOCALE, date(2026, 9, 9), OTHER_LOCALE, date(2026, 9, 14), date(2026, 9, 15)),
    ]
    week = [date(2026, 9, day) for day in (7, 8, 10)]
    assert read(*week, "14/09/2026") == [*week, date(2026, 9, 14)]
    assert read(*week[:2], "14/09/2026") == [OTHER_LOCALE, OTHER_LOCALE, date(2026, 9, 14)]
    assert read(*made, date(2026, 9, 14), "15/09/2026")[:3] == made
    assert read(*made, "09/09/2026", "14/09/2026")[:3] == made


@pytest.mark.parametrize("text", ["17/9/69", "17 Sep 69", "17/9/48", "17/9/2569", "17.9.1448"])
def test_a_year_of_another_calendar_is_no_year(text):
    assert read(text, years=stated_span(["Register 2026/27"])) == [BAD]


def test_dates_said_again_beside_are_not_those_of_the_next_year():
    stated = stated_span(["Register 2026/27"])
    assert read("4 May", "1 Jun", "4 May", "1 Jun", years=stated, in_sequence=True) == [NO_YEAR] * 4
    term, days = ["14 Sep", "12 Jan", "4 May"], [MONDAY, date(2027, 1, 12), date(2027, 5, 4)]
    assert read(*term, *term, years=stated, in_sequence=True) == days * 2
    assert read(*term, "4 May", years=stated, in_sequence=True) == [*days, days[-1]]
