"""Headers of wide registers in the manner of real ones: one row or three, merged, without a year, in any language."""

from datetime import date, datetime

import pytest

from student_track.sheets.dates import ZONE
from student_track.sheets.slipped_years import SLIPPED_YEAR

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


def days(reading):
    """The dates of the columns, in their order."""
    return [reading.recognition.dates[column] for column in sorted(reading.recognition.dates)]


def unread(reading):
    return [(problem.cell, problem.reason) for problem in reading.problems]


def test_months_merged_above_numbers_of_days_with_weekdays_below(read):
    rows = [
        ["Register of class 7A"],
        [None, None, "September 2026", None, None, "October 2026", None],
        ["No.", "Name", 7, 8, 9, 1, 2],
        [None, None, "Mon", "Tue", "Wed", "Thu", "Fri"],
        ["1", "Ann", "P", "A", "P", "P", "L"],
    ]
    reading = read(rows)
    assert days(reading) == [MONDAY, TUESDAY, date(2026, 9, 9), date(2026, 10, 1), date(2026, 10, 2)]
    assert [mark.mark for mark in reading.marks] == ["P", "A", "P", "P", "L"]
    assert [student.student_id for student in reading.students] == ["Ann"]


def test_weekdays_may_stand_between_months_and_days(read):
    rows = [["Name", "Sept 2026", None], [None, "Mon", "Tue"], [None, 7, 8], ["Ann", "P", "A"]]
    assert [(mark.session_date, mark.mark) for mark in read(rows).marks] == [(MONDAY, "P"), (TUESDAY, "A")]


def test_the_same_numbers_under_two_months_are_two_dates(read):
    rows = [["2026/27"], [None, "Sep", None, "Jan", None], ["Name", 7, 8, 7, 8], ["Ann", *"PPPP"]]
    assert days(read(rows)) == [MONDAY, TUESDAY, date(2027, 1, 7), date(2027, 1, 8)]


def test_days_that_go_back_without_a_new_month_are_quarantined(read):
    rows = [[None, "September 2026", None, None], ["Name", 29, 30, 1], ["Ann", "P", "P", "A"]]
    reading = read(rows)
    assert days(reading) == [date(2026, 9, 29), date(2026, 9, 30)]
    assert unread(reading) == [("D2", "bad_date")]
    assert "no new month" in reading.problems[0].what_to_do


def test_a_month_written_above_the_middle_of_its_days_is_not_taken_for_its_beginning(read):
    rows = [[None, None, "September 2026", None], ["Name", 7, 8, 9], ["Ann", "P", "P", "A"]]
    reading = read(rows)
    assert reading.marks == []
    assert unread(reading) == [("B2", "bad_date"), ("C2", "bad_date"), ("D2", "bad_date")]


def test_the_month_of_the_title_serves_days_that_are_no_count(read):
    rows = [["Attendance"], ["September 2026"], ["Name", 7, 8, 9], ["Ann", "P", "P", "A"]]
    assert days(read(rows)) == [MONDAY, TUESDAY, date(2026, 9, 9)]
    counted = read([["September 2026"], ["Name", 1, 2, 3], ["Ann", "P", "P", "A"]])
    assert "no dates" in counted.recognition.question


@pytest.mark.parametrize(
    "header", [["14 Sep", "15 Sep"], ["14/9", "15/9"], ["Mon 14/9", "Tue 15/9"], ["14.9.", "15.9."]]
)
@pytest.mark.parametrize("title", ["Register 2026/27", "Autumn term 2026"])
def test_a_year_that_is_not_written_is_the_titles(read, header, title):
    reading = read([[title], ["Name", *header], ["Ann", "P", "A"]])
    assert days(reading) == [date(2026, 9, 14), date(2026, 9, 15)]


def test_a_year_that_stands_nowhere_is_asked_of_the_sheet_and_not_guessed(read):
    rows = [["Name", "14 Sep", "15 Sep"], ["Ann", "P", "A"]]
    reading = read(rows)
    assert (reading.marks, unread(reading)) == ([], [("B1", "bad_date"), ("C1", "bad_date")])
    assert "school_year" in reading.problems[0].what_to_do
    assert days(read(rows, school_year="2026/27")) == [date(2026, 9, 14), date(2026, 9, 15)]
    assert days(read(rows, tab="7A 2026-27")) == [date(2026, 9, 14), date(2026, 9, 15)]


@pytest.mark.parametrize(
    "header",
    [
        ["7 septembre 2026", "8 septembre 2026"],
        ["7. Sept. 2026", "8. Sept. 2026"],
        ["lun 7 sept 2026", "mar 8 sept 2026"],
        ["7 września 2026", "8 września 2026"],
        ["2026年9月7日", "2026年9月8日"],
        ["７／９／２０２６", "８／９／２０２６"],
    ],
)
def test_months_and_weekdays_in_other_languages(read, header):
    assert days(read([["Nom", *header], ["Ann", "P", "A"]], date_order="dmy")) == [MONDAY, TUESDAY]


def test_a_date_on_another_weekday_than_written_is_quarantined(read):
    reading = read([["Name", "Mon 7 Sep 2026", "Mon 8 Sep 2026"], ["Ann", "P", "A"]])
    assert (days(reading), unread(reading)) == ([MONDAY], [("C1", "bad_date")])
    below = read([["Name", MONDAY, TUESDAY], [None, "Mon", "Wed"], ["Ann", "P", "A"]])
    assert (days(below), unread(below)) == ([MONDAY], [("C1", "bad_date")])


def test_initials_of_weekdays_below_the_dates_are_no_marks(read):
    week = [date(2026, 9, day) for day in range(7, 12)]
    reading = read([["Id", *week], [None, *"MTWTF"], ["1", *"PPAPP"]])
    assert (len(reading.marks), reading.problems) == (5, [])


def test_serial_numbers_beside_dates_are_dates(read):
    assert days(read([["Id", MONDAY, 46273], ["1", "P", "A"]])) == [MONDAY, TUESDAY]
    assert days(read([["Id", 46272, 46273], ["1", "P", "A"]], serial_dates=True)) == [MONDAY, TUESDAY]


def test_the_contract_names_the_order(read):
    rows = [["Id", "07/09/2026", "08/09/2026"], ["1", "P", "A"]]
    assert days(read(rows, date_order="dmy")) == [MONDAY, TUESDAY]
    assert days(read(rows, date_order="mdy")) == [date(2026, 7, 9), date(2026, 8, 9)]


def test_a_date_in_the_title_is_no_register(read):
    rows = [["Register", "printed", date(2026, 9, 1)], ["Id", MONDAY, TUESDAY], ["1", "P", "A"]]
    assert days(read(rows)) == [MONDAY, TUESDAY]


def test_two_rows_of_dates_are_asked_for(read):
    rows = [
        *(["Name", MONDAY, TUESDAY], ["Ann", "P", "A"], []),
        *(["Name", date(2026, 10, 5), date(2026, 10, 6)], ["Ben", "A", "P"]),
    ]
    reading = read(rows)
    assert "rows 1 and 4" in reading.recognition.question
    assert reading.recognition.suggestion.splitlines() == [
        *("tabs:", '  "7A": {header_row: 1}', "  # or", '  # "7A": {header_row: 4}'),
    ]
    assert reading.marks == []
    assert [(mark.cell, mark.session_date) for mark in read(rows, header_row=1).marks] == [
        ("B2", MONDAY),
        ("C2", TUESDAY),
    ]
    assert [mark.cell for mark in read(rows, header_row=4).marks] == ["B5", "C5"]


@pytest.mark.parametrize("mark", ["PA", "P A", "Di", "Mar"])
def test_marks_that_are_weekdays_in_some_language_are_marks(read, mark):
    reading = read([["Id", MONDAY, TUESDAY], ["1", mark, mark], ["2", "P", "P"]])
    assert [found.mark for found in reading.marks] == [mark, mark, "P", "P"]


def test_weeks_counted_may_stand_between_months_and_days(read):
    rows = [
        *([None, "September 2026", None, "October 2026", None], [None, "Week 4", None, None, "Week 5"]),
        *([None, "Tue", "Wed", "Thu", "Mon"], ["Name", 29, 30, 1, 5], ["Ann", *"PPAP"]),
    ]
    assert days(read(rows)) == [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 5)]


def test_names_of_columns_merged_down_from_above_the_months_are_found(read):
    rows = [
        *(["Register 2026/27"], ["Student", "ID", "Term 1", None], [None, None, "September", None]),
        *([None, None, 7, 8], ["Ann", "01", "P", "A"], ["Ben", "02", "P", "P"]),
    ]
    reading = read(rows)
    assert reading.recognition.columns == {"student_name": 1, "student_id": 2}
    assert [(mark.student_id, mark.session_date) for mark in reading.marks][:2] == [("01", MONDAY), ("01", TUESDAY)]


def test_birthdays_are_no_header_however_far_down_they_stand(read):
    rows = [["Pupil", "Born"], *([name, date(2017, 3, day)] for day, name in enumerate(("Ann", "Ben", "Cleo"), 1))]
    assert read(rows, tab="Sheet1").recognition.kind == "ignored"


def test_the_month_of_the_tabs_name_or_of_a_cell_beside_its_year_serves_days(read):
    days = ["Name", 7, 8, 10], ["Ann", *"PAP"]
    template = [["Class", "7A"], ["Month", "September", "Year", 2026], [], *days]
    for reading in (read([*days], tab="September 2026"), read([*days], tab="2026-09"), read(template)):
        assert sorted(reading.recognition.dates.values()) == [date(2026, 9, day) for day in (7, 8, 10)]
    assert not read(template, tab="October 2026").recognition.dates
    assert not read([["Year", 2025], *days], tab="September 2026").recognition.dates


def test_days_from_the_first_on_are_days_where_initials_of_weekdays_stand_beside_them(read):
    days = [date(2026, 9, day) for day in range(1, 31)]
    rows = [
        ["Name", *(day.day for day in days)],
        [None, *("MTWTFSS"[day.weekday()] for day in days)],
        ["Ann", *"P" * 30],
    ]
    assert len(read(rows, tab="Sep 2026", cohort="7A").marks) == 30
    assert read([rows[0], rows[2]], tab="Sep 2026", cohort="7A").recognition.question
    assert read(rows, tab="Oct 2026").recognition.layout == "sessions"


def test_a_lesson_beside_its_date_is_its_period(read):
    reading = read([["Register 2026/27"], ["Name", "7 Sep L1", "7 Sep L2", "14 Sep L1"], ["Ann", *"PAP"]])
    assert [(mark.session_date, mark.period) for mark in reading.marks] == [
        *((date(2026, 9, 7), "L1"), (date(2026, 9, 7), "L2"), (date(2026, 9, 14), "L1")),
    ]


def test_the_days_of_a_week_follow_its_first_date(read):
    """The date of each Monday stands above Mon to Wed, as registers for a week are printed."""
    rows = [
        [None, MONDAY, None, None, date(2026, 9, 14), None, None],
        ["Name", *["Mon", "Tue", "Wed"] * 2],
        ["Ann", *"PAPLPA"],
    ]
    found = {mark.session_date.isoformat()[5:]: mark.mark for mark in read(rows).marks}
    assert found == {"09-07": "P", "09-08": "A", "09-09": "P", "09-14": "L", "09-15": "P", "09-16": "A"}


def test_days_that_go_back_without_a_new_date_are_of_no_week(read):
    rows = [
        [None, MONDAY, None, None],
        ["Name", "Mon", "Wed", "Mon"],
        *([name, *"PAP"] for name in ("Ann", "Bob", "Cy")),
    ]
    reading = read(rows)
    assert sorted({mark.session_date for mark in reading.marks}) == [MONDAY, date(2026, 9, 9)]
    assert [(problem.cell, problem.count_marks) for problem in reading.problems] == [("D1", 3)]


def test_dates_of_another_year_above_the_days_and_the_names_are_contradicted(read):
    """Somebody copied last year's dates: they are not believed, and the row of names is no student."""
    rows = [[None, MONDAY, TUESDAY], ["Name", "Tue", "Wed"], *([name, *"PA"] for name in ("Ann", "Bob", "Cy"))]
    reading = read(rows)
    assert not reading.marks
    assert sum(problem.count_marks for problem in reading.problems) == 6


@pytest.mark.parametrize(
    ("days", "slipped"),
    [
        (["2026-09-07", "2025-09-08", "2026-09-09"], [1]),
        (["2026-09-07", "2027-09-08", "2026-09-09", "2026-09-10"], [1]),
        (["2026-12-17", "2026-12-18", "2026-01-07", "2026-01-08"], [2, 3]),
        (["2026-09-10", "2026-09-09", "2025-09-08", "2026-09-07"], [2]),
        (["2026-09-07", "2026-09-08", "2026-09-01"], []),
        (["2025-09-08", "2026-09-07", "2026-09-08"], []),
        (["2026-09-10", "2026-09-09", "2026-09-08", "2026-09-07"], []),
        (["2026-12-18", "2027-01-07", "2027-01-08"], []),
    ],
)
def test_a_date_out_of_order_by_just_a_year_is_not_believed(read, days, slipped):
    header = read([["Name", *days], *([name, *"P" * len(days)] for name in ("Ann", "Bob"))]).recognition
    assert sorted(column - 2 for column, advice in header.unread_dates.items() if advice == SLIPPED_YEAR) == slipped
    assert len(header.dates) == len(days) - len(slipped)


@pytest.mark.parametrize(
    "days",
    [
        [datetime(2026, 9, 7, 9), datetime(2026, 9, 8, 13, 30)],
        ["2026-09-07 00:00:00", "2026-09-08 00:00:00"],
        ["7 Sep 2026 9:00-10:30", "8 Sep 2026 9:00 - 10:30"],
        ["Mon 7 Sep 2026, 9:00 am", "Tue 8 Sep 2026, 1:00 pm"],
        ["7 Sep 2026 (1)", "8 Sep 2026 (2)"],
    ],
)
def test_a_time_or_a_number_beside_a_date_that_has_one_column_is_no_period(read, days):
    reading = read([["Name", *days], ["Ann", *"PA"]])
    assert [(mark.session_date, mark.period) for mark in reading.marks] == [(MONDAY, ""), (TUESDAY, "")]


@pytest.mark.parametrize(
    ("days", "periods"),
    [
        ([datetime(2026, 9, 7, 9), datetime(2026, 9, 7, 13, 30), TUESDAY], ["09:00", "13:30", ""]),
        (["2026-09-07 09:00", "2026-09-07 1:30 pm", "2026-09-08 09:00"], ["09:00", "13:30", ""]),
        (["7 Sep 2026 9:00-10:30", "7 Sep 2026 11:00-12:30", "8 Sep 2026 9:00-10:30"], ["09:00", "11:00", ""]),
        (["7 Sep 2026 (1)", "7 Sep 2026 (2)", "8 Sep 2026 (1)"], ["1", "2", ""]),
        (["2026-09-07 #1", "2026-09-07 #2", "2026-09-08 #1"], ["1", "2", ""]),
    ],
)
def test_times_and_numbers_tell_the_columns_of_one_date_apart(read, days, periods):
    reading = read([["Name", *days], ["Ann", *"PAP"]])
    expected = list(zip([MONDAY, MONDAY, TUESDAY], periods, strict=True))
    assert [(mark.session_date, mark.period) for mark in reading.marks] == expected


def test_a_time_with_a_zone_is_not_read(read):
    reading = read([["Name", "2026-09-07T09:00-04:00", "2026-09-08T09:00Z"], ["Ann", *"PA"]])
    assert reading.marks == []
    assert {problem.what_to_do for problem in reading.problems} == {ZONE}


def test_check_ins_beside_each_other_are_no_header(read):
    rows = [["Name", "In", "Out"], ["Ann", datetime(2026, 9, 7, 8), datetime(2026, 9, 7, 15)]]
    assert read(rows).marks == []
