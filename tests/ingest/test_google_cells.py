"""One cell from what Google shows and holds (C1, C5, C7, C9, C10, C13, C16): text, kind and typed value."""

import time
from datetime import date, datetime

import pytest

from student_track.ingest.google_cells import google_cell
from student_track.sheets.grid import BLANK
from tests.sheets_emulator.number_formats import LOCALES, shown
from tests.sheets_emulator.workbook import SheetCell, serial

MONDAY = serial(date(2026, 9, 7))


def cell_of(cell, locale="en_US"):
    """The cell that comes of one in the spreadsheet, through both renderings."""
    return google_cell(shown(cell.holds, cell.format, LOCALES[locale]), cell.holds)


def texts(*values):
    return [pytest.param(SheetCell(value), id=repr(value[:20])) for value in values]


@pytest.mark.parametrize(
    "cell",
    [
        *texts("00123", "7E3", "1E400", "８５", "12345678901234567", "1,234", "2026-09-07", "31/02/2026", "03/04/2026"),
        *texts("Nan", "Inf", "None", "TRUE", "1e5", "-", "  ", "\u00a0", "0"),
        *texts("+1", "-1", "@SUM(A1)", "\tx", "\rx", "=1+1", "=cmd|' /C calc'!A0", "<script>", "<!channel>", "*x*"),
        *texts("محمد 7", "\u202e7\u202c", "e\u0301", "👩\u200d🎓", "x" * 50_000),
    ],
)
def test_a_text_stays_as_it_is(cell):
    assert cell_of(cell) == (cell.holds, "text", "")


def test_a_formula_is_its_result():
    link = SheetCell("Ann", formula='=HYPERLINK("https://example.org","Ann")')
    assert cell_of(link) == ("Ann", "text", "")
    assert cell_of(SheetCell(2, formula="=4/2")) == ("2", "number", "2")


@pytest.mark.parametrize(
    ("cell", "locale", "expected"),
    [
        (SheetCell(123, "00000"), "en_US", ("00123", "number", "123")),
        (SheetCell(12345678901234567), "en_US", ("1.23457E+16", "number", "12345678901234567")),
        (SheetCell(7000), "en_US", ("7000", "number", "7000")),
        (SheetCell(2000000.01, "#,##0.00"), "en_US", ("2,000,000.01", "number", "2000000.01")),
        (SheetCell(12.5), "fr_FR", ("12,5", "number", "12.5")),
        (SheetCell(1234.56, "#,##0.00"), "fr_FR", ("1\u202f234,56", "number", "1234.56")),
        (SheetCell(0.875, "0.0 %"), "fr_FR", ("87,5 %", "number", "0.875")),
        (SheetCell(0.5, "0%"), "en_US", ("50%", "number", "0.5")),
        (SheetCell(-3), "en_US", ("-3", "number", "-3")),
        (SheetCell(12.0004, "0.00"), "en_US", ("12.00", "number", "12.0004")),
        (SheetCell(7, '"Week "0'), "en_US", ("Week 7", "number", "7")),
        (SheetCell(12, '"Lesson "0" of 30"'), "en_US", ("Lesson 12 of 30", "number", "12")),
        (SheetCell(True), "en_US", ("TRUE", "boolean", "true")),
        (SheetCell(True), "fr_FR", ("VRAI", "boolean", "true")),
        (SheetCell(False), "fr_FR", ("FAUX", "boolean", "false")),
        (SheetCell("17", '"No. "@'), "en_US", ("No. 17", "text", "")),
    ],
)
def test_a_number_keeps_how_it_is_shown_and_what_it_is(cell, locale, expected):
    assert cell_of(cell, locale) == expected


@pytest.mark.parametrize("number_format", ["", "0", "0.00", "#,##0.0", "0%"])
@pytest.mark.parametrize("locale", LOCALES)
def test_no_number_becomes_a_date_by_its_size(number_format, locale):
    numbers = (0, 1, 2, 7, 12, 30, 31, 100, 1900, 1905, 2026, 43831, 46272, 1.5, 12.5, 0.5, 0.75, -1, 3e6)
    assert {cell_of(SheetCell(number, number_format), locale).kind for number in numbers} == {"number"}


def test_no_whole_number_becomes_a_date():
    shown_as = ("{}", "{:,}", "{:.1f}", "{:,.2f}", "{:05}", "Week {}")
    kinds = {google_cell(form.format(number), number).kind for number in range(0, 60_000, 7) for form in shown_as}
    assert kinds == {"number"}


def test_no_percentage_becomes_a_date():
    """30 % is held as 0.3, a time on the thirtieth of December 1899."""
    kinds = {google_cell(f"{percent}{sign}", percent / 100).kind for percent in range(-5, 201) for sign in ("%", " %")}
    assert kinds == {"number"}


@pytest.mark.parametrize(
    "date_format",
    ["date", "yyyy-mm-dd", "d.m.yy", "dddd d mmmm yyyy", "ddd d/m", "mmm yyyy", "d", "dd", 'd"th of "mmmm'],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_date_is_a_date_however_it_is_shown(date_format, locale):
    cell = cell_of(SheetCell(MONDAY, date_format), locale)
    assert (cell.kind, cell.typed) == ("date", "2026-09-07")


@pytest.mark.parametrize(
    ("date_format", "locale", "text"),
    [("mmmm", "en_US", "September"), ("mmmm", "fr_FR", "septembre"), ("ddd", "en_GB", "Mon")],
)
def test_a_number_shown_as_a_word_is_the_word(date_format, locale, text):
    assert cell_of(SheetCell(MONDAY, date_format), locale) == (text, "text", "")
    assert google_cell("present", 1) == ("present", "text", "")


@pytest.mark.parametrize(
    ("number", "text", "typed"),
    [
        (0, "1899-12-30", "1899-12-30"),
        (1, "1899-12-31", "1899-12-31"),
        (2, "1900-01-01", "1900-01-01"),
        (59, "1900-02-27", "1900-02-27"),
        (60, "1900-02-28", "1900-02-28"),
        (61, "1900-03-01", "1900-03-01"),
        (-1, "1899-12-29", "1899-12-29"),
        (43831, "2020-01-01", "2020-01-01"),
        (43831.999999, "2020-01-01", "2020-01-01T23:59:59"),
        (serial(date(2100, 1, 1)), "2100-01-01", "2100-01-01"),
    ],
)
def test_days_are_counted_from_the_thirtieth_of_december_1899(number, text, typed):
    assert cell_of(SheetCell(number, "yyyy-mm-dd")) == (text, "date", typed)


@pytest.mark.parametrize("number", [3e6, -1e6, 1e300, float("inf")])
def test_a_number_beyond_the_calendar_is_no_date(number):
    assert google_cell("10113-08-16", number).kind == "number"


def test_what_a_date_shows_must_be_this_date():
    assert google_cell("8/9/2026", MONDAY).kind == "number"
    assert google_cell("7/9/2569", MONDAY).kind == "number"  # another era: no guess
    assert google_cell("٧/٩/٢٠٢٦", MONDAY) == ("٧/٩/٢٠٢٦", "date", "2026-09-07")


@pytest.mark.parametrize(
    ("locale", "text", "typed"),
    [("en_US", "4/3/2026", "2026-04-03"), ("en_GB", "03/04/2026", "2026-04-03"), ("fr_FR", "03/04/2026", "2026-04-03")],
)
def test_the_order_of_day_and_month_is_never_guessed_from_the_text(locale, text, typed):
    assert cell_of(SheetCell(serial(date(2026, 4, 3)), "date"), locale) == (text, "date", typed)


@pytest.mark.parametrize(
    ("moment", "date_format", "text", "typed"),
    [
        (datetime(2026, 9, 7, 8, 30), "date time", "9/7/2026 08:30:00", "2026-09-07T08:30:00"),
        (datetime(2026, 9, 7, 20, 5), "d/m/yyyy h:mm AM/PM", "7/9/2026 8:05 PM", "2026-09-07T20:05:00"),
        (datetime(2026, 9, 7, 8, 30), "hh:mm", "08:30", "2026-09-07T08:30:00"),
        (datetime(2026, 9, 7, 8, 30), "yyyy-mm-dd", "2026-09-07", "2026-09-07T08:30:00"),
        (datetime(2026, 9, 7, 0, 0), "yyyy-mm-dd hh:mm", "2026-09-07 00:00", "2026-09-07"),
    ],
)
def test_a_moment_is_a_date_with_its_time(moment, date_format, text, typed):
    assert cell_of(SheetCell(serial(moment), date_format)) == (text, "date", typed)


@pytest.mark.parametrize(
    ("hour", "minute", "text", "typed"),
    [(8, 30, "08:30", "08:30:00"), (12, 30, "12:30", "12:30:00"), (0, 5, "00:05", "00:05:00")],
)
def test_a_time_of_day_has_no_date(hour, minute, text, typed):
    assert cell_of(SheetCell(hour / 24 + minute / 1440, "hh:mm")) == (text, "text", typed)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_moment_is_local_to_the_sheet_wherever_the_job_runs(monkeypatch, zone):
    """At 01:30 on the night the clocks change, which comes twice, as at any other time."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        cell = cell_of(SheetCell(serial(datetime(2026, 10, 25, 1, 30)), "yyyy-mm-dd hh:mm"))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert cell == ("2026-10-25 01:30", "date", "2026-10-25T01:30:00")


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#ERROR!", "Loading..."])
def test_an_error_is_an_error(text):
    assert cell_of(SheetCell(text, formula="=A1/0")) == (text, "error", "")
    assert google_cell(text, 5).kind == "error"


@pytest.mark.parametrize(("text", "held"), [("", ""), ("", 7), (None, None), ("", "hidden"), ("", False), (None, 3)])
def test_what_shows_nothing_is_blank(text, held):
    assert google_cell(text, held) is BLANK


def test_true_and_one_are_two_things():
    assert google_cell("1", 1).kind == "number"
    assert google_cell("1", True).kind == "boolean"
