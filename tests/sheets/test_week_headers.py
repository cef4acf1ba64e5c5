"""Weeks in a header: the date of a week above its days, in a title, or in the tab's name."""

from datetime import date

import pytest

DAYS = ["Mon", "Tue", "Wed", "Thu"]
MARKS = [["1", *"PAPP"], ["2", *"PPLP"]]
WEEK = [date(2026, 9, day) for day in (7, 8, 9, 10)]


def days_of(reading):
    return sorted({mark.session_date for mark in reading.marks})


@pytest.mark.parametrize(
    "week",
    ["w/c 7 Sep 2026", "W/C: 7 September 2026", "wc 2026-09-07", "Week commencing 7 Sep 2026", "Week of 7 Sep 2026"],
)
def test_the_date_of_a_week_above_its_days_is_that_of_the_first(read, week):
    rows = [["Id", week, None, None, None], [None, *DAYS], *MARKS]
    reading = read(rows)
    assert days_of(reading) == WEEK
    assert len(reading.marks) == 8


def test_each_week_has_its_own_days(read):
    rows = [["Id", "w/c 7 Sep 2026", None, "w/c 14 Sep 2026", None], [None, "Mon", "Tue", "Mon", "Tue"], *MARKS]
    assert days_of(read(rows)) == [*WEEK[:2], date(2026, 9, 14), date(2026, 9, 15)]


def test_a_week_may_begin_on_a_sunday(read):
    assert days_of(read([["Id", "w/c 6 Sep 2026", None, None, None], [None, *DAYS], *MARKS])) == WEEK


def test_the_last_day_said_alone_is_no_week_and_contradicts(read):
    rows = [["Id", "6 Sep 2026", "8 Sep 2026", "9 Sep 2026", "10 Sep 2026"], [None, *DAYS], *MARKS]
    assert days_of(read(rows)) == WEEK[1:]
    assert [problem.cell for problem in read(rows).problems] == ["B1"]


@pytest.mark.parametrize("tab", ["7A", "w/c 7 Sep 2026"])
def test_a_tab_that_is_one_week_has_the_week_in_a_title_or_in_its_name(read, tab):
    title = [["Week commencing 7 September 2026"]] if tab == "7A" else []
    reading = read([*title, ["Id", *DAYS], *MARKS], tab=tab, cohort="7A")
    assert days_of(reading) == WEEK


@pytest.mark.parametrize(
    "rows",
    [
        [["Id", *DAYS], *MARKS],  # no week
        [["w/c 7 Sep 2026"], ["w/c 14 Sep 2026"], ["Id", *DAYS], *MARKS],  # two
        [["w/c 7/9/2026"], ["Id", *DAYS], *MARKS],  # July or September
        [["w/c 9 Sep 2026"], ["Id", *DAYS], *MARKS],  # a week from Wednesday on goes from Wednesday to Tuesday
        [["Id", "w/c 7 Sep 2026", "w/c 14 Sep 2026", "w/c 21 Sep 2026", "w/c 28 Sep 2026"], *MARKS],  # no days
    ],
)
def test_days_of_no_certain_week_and_weeks_without_days_are_asked_about(read, rows):
    reading = read(rows)
    assert reading.recognition.question
    assert reading.marks == []


def test_a_week_without_days_beside_others_is_not_read_and_said(read):
    weeks = ["w/c 7 Sep 2026", None, "w/c 14 Sep 2026", "w/c 21 Sep 2026"]
    reading = read([["Id", *weeks], [None, "Mon", "Tue", "Mon", None], *MARKS])
    assert days_of(reading) == [*WEEK[:2], date(2026, 9, 14)]
    assert [(problem.cell, problem.count_marks) for problem in reading.problems] == [("E1", 2)]
    assert "a week is no day" in reading.problems[0].what_to_do


@pytest.mark.parametrize(
    "above",
    [
        ["7A", None, None, "Week commencing:", date(2026, 9, 7)],
        ["Class: 7A", None, "W/C", "7 September 2026"],
        ["7A register, w/c 7 September 2026"],
        ["Week beginning Sunday 6 September 2026"],
    ],
)
def test_the_week_may_stand_in_a_cell_of_its_own_or_in_a_title(read, above):
    reading = read([above, ["Name", *DAYS], *MARKS])
    assert days_of(reading) == WEEK
    assert {mark.student_id for mark in reading.marks} == {"1", "2"}


def test_a_date_above_a_week_that_is_not_said_to_be_its_first_is_asked_about(read):
    assert read([["7A", None, None, date(2026, 9, 7)], ["Name", *DAYS], *MARKS]).recognition.question


def test_a_week_that_does_not_begin_with_its_first_day_is_not_read(read):
    weeks = ["w/c 7 Sep 2026", None, "w/c 15 Sep 2026", None]
    reading = read([["Id", *weeks], [None, "Mon", "Tue", "Mon", "Tue"], *MARKS])
    assert days_of(reading) == WEEK[:2]
    assert [(problem.cell, problem.count_marks) for problem in reading.problems] == [("D1", 2), ("E1", 2)]


def test_a_week_from_sunday_on_has_its_sunday_first(read):
    days = ["Sun", "Mon", "Tue", "Wed"]
    sunday = [date(2026, 9, day) for day in (6, 7, 8, 9)]
    assert days_of(read([["Id", "w/c 6 Sep 2026", None, None, None], [None, *days], *MARKS])) == sunday
    assert days_of(read([["w/c 6 Sep 2026"], ["Id", *days], *MARKS])) == sunday
    assert read([["Id", "w/c 7 Sep 2026", None, None, None], [None, *days], *MARKS]).marks == []


@pytest.mark.parametrize(
    ("week", "days"),
    [
        ("Woche vom 7. September 2026", ["Mo", "Di", "Mi", "Do"]),
        ("Semaine du 7 septembre 2026", ["lun", "mar", "mer", "jeu"]),
    ],
)
def test_days_that_could_be_several_are_the_next_ones_of_their_week(read, week, days):
    assert days_of(read([["Name", week, None, None, None], [None, *days], *MARKS])) == WEEK
