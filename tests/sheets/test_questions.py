"""Where two readings are possible a tab gives nothing, and the answer is spelled out."""

from datetime import date, timedelta

import pytest
import yaml

from student_track.sheets.contract import TabChoice

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


@pytest.mark.parametrize(
    ("first", "second"), [(1, 0), (1, 1), (True, False), ("x", None), ("X", "x"), ("TRUE", "FALSE"), ("●", None)]
)
def test_marks_that_do_not_say_what_they_mean_are_asked_for(read, first, second):
    reading = read([["Id", MONDAY, TUESDAY], ["1", first, second]])
    assert reading.recognition.question
    assert (reading.marks, reading.sessions, reading.problems) == ([], set(), [])


@pytest.mark.parametrize("marks", [("P", "x"), ("✓", None), ("SICK", "HOME"), ("L/E", "P")])
def test_other_marks_are_judged_one_by_one(read, marks):
    reading = read([["Id", MONDAY, TUESDAY], ["1", *marks]])
    assert not reading.recognition.question
    assert [mark.mark for mark in reading.marks] == [mark for mark in marks if mark]


def test_a_tab_both_long_and_wide_is_asked_for(read):
    rows = [["Id", "Date", "Mark", MONDAY, TUESDAY], ["1", MONDAY, "P", "A", "A"]]
    assert read(rows).recognition.question
    assert len(read(rows, layout="long").marks) == 1
    assert [mark.mark for mark in read(rows, layout="wide").marks] == ["A", "A"]


def test_each_answer_is_yaml_that_answers(read, contract):
    rows = [["Id", MONDAY, TUESDAY], ["1", 1, 0]]
    suggestion = read(rows, tab='7 "A"').recognition.suggestion
    first, second = suggestion, suggestion.replace("  # ", "  ").replace("  or\n", "").split("\n")
    answers = [yaml.safe_load(first), yaml.safe_load("\n".join([second[0], second[-1]]))]
    meanings = [
        {mark.mark: mark.meaning for mark in read(rows, tab=tab, **choice).marks}
        for answer in answers
        for tab, choice in answer["tabs"].items()
    ]
    assert meanings == [{"1": "P", "0": "A"}, {"1": "A", "0": "P"}]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["P = present, A = absent, H = holiday"], []),
        (["Key: H - Holiday (school closed)", "P - present"], []),
        ([], [[], ["Legend"], ["H", "Holiday"], ["P", "Present"]]),
    ],
)
def test_a_mark_that_the_sheet_explains_otherwise_than_the_policy_is_asked_about(read, above, below):
    rows = [above, ["Id", MONDAY, TUESDAY], ["1", "P", "H"], ["2", "P", "H"], *below]
    found = read(rows).recognition
    assert "H as" in found.question
    (choice,) = yaml.safe_load(found.suggestion)["tabs"].values()
    assert [mark.meaning for mark in read(rows, **choice).marks if mark.mark == "H"] in (
        ["Holiday"] * 2,
        ["holiday"] * 2,
    )
    kept = {mark.mark: mark.meaning for mark in read(rows, marks={"H": "H"}).marks}
    assert kept == {"P": None, "H": "H"}


@pytest.mark.parametrize(
    "legend", ["P = present, A = absent (unexcused), L = late, H = half a day", "H: see the office", "A = Authorised"]
)
def test_a_legend_that_agrees_says_something_else_or_of_a_mark_nobody_wrote_asks_nothing(read, legend):
    assert not read([[legend], ["Id", MONDAY, TUESDAY], ["1", "P", "H"]]).recognition.question


def test_a_tick_and_a_cross_of_a_font_are_no_letters(read):
    rows = [["Id", MONDAY, TUESDAY], ["1", "ü", "û"], ["2", "ü", "A"]]
    found = read(rows).recognition
    (choice,) = yaml.safe_load(found.suggestion)["tabs"].values()
    assert [mark.meaning for mark in read(rows, **choice).marks] == ["P", "A", "P", None]


def test_two_columns_called_as_marks_are_are_told_apart_by_what_stands_in_them(read):
    header = ["Id", "Status", "Date", "Attendance"]
    (mark,) = read([header, ["1", "Active", MONDAY, "P"]]).marks
    assert mark.cell == "D2"
    assert [mark.cell for mark in read([header, ["1", "Present", MONDAY, "P"]]).marks] == ["B2"]
    rows = [header, ["1", "Absent", MONDAY, "P"]]
    found = read(rows).recognition
    assert "columns B and D" in found.question
    (choice,) = yaml.safe_load(found.suggestion)["tabs"].values()
    assert [mark.cell for mark in read(rows, **choice).marks] == ["B2"]


def test_marks_below_what_is_no_date_are_asked_about_and_not_left_out(read):
    rows = [["Week 1", None, "Week 2"], ["Name", "Mon", "Tue", "Mon", "Tue"], ["Ann", *"PAPP"], ["Bob", *"PPAL"]]
    found = read(rows).recognition
    assert found.question == "below row 2 it has 4 columns of marks, and no dates above them that can be read"
    answer = yaml.safe_load(found.suggestion)["tabs"]["7A"] | {"first_session": MONDAY, "weekdays": ["mon", "tue"]}
    read_days = {(mark.student_id, mark.session_date): mark.mark for mark in read(rows, **answer).marks}
    assert len(read_days) == 8
    assert read_days["Bob", MONDAY + timedelta(7)] == "A"


def test_an_answer_is_not_taken_before_its_date_is_filled_in(read):
    suggestion = read([["Name", "Mon", "Tue"], ["Ann", *"PA"], ["Bob", *"AP"]]).recognition.suggestion
    with pytest.raises(ValueError, match="date"):
        TabChoice.model_validate(yaml.safe_load(suggestion)["tabs"]["7A"])


@pytest.mark.parametrize("cells", ["✓✓", "YN", "xx", "13"])
def test_a_table_of_something_else_asks_nothing(read, cells):
    assert read([["Name", "Trip", "Photos"], ["Ann", *cells], ["Bob", *cells]]).recognition.kind == "ignored"


def test_a_tab_that_is_no_register_by_its_name_is_asked_about(read):
    rows = [["Name", MONDAY, TUESDAY], ["Ann", *"AB"]]
    assert read(rows, tab="Grades").recognition.question
    assert len(read(rows, tab="Grades", kind="attendance").marks) == 2
    assert not read([["Name", "Result"], ["Ann", "17"]], tab="Grades").recognition.question


TWICE = [["Id", MONDAY, MONDAY, TUESDAY, TUESDAY], ["1", *"PAPP"], ["2", *"PPLP"]]


def test_dates_that_stand_above_several_columns_are_asked_about(read):
    assert "same_date: sessions" in read(TWICE).recognition.suggestion
    marks = read(TWICE, same_date="sessions").marks
    assert [(mark.session_date, mark.period) for mark in marks[:4]] == [
        *((MONDAY, "1"), (MONDAY, "2"), (TUESDAY, "1"), (TUESDAY, "2")),
    ]
    assert {mark.period for mark in read(TWICE, same_date="one").marks} == {""}


def test_one_date_said_twice_among_many_is_a_slip_and_stops_nobody(read):
    days = [MONDAY + timedelta(number) for number in (0, 1, 1, 3, 4)]
    assert len(read([["Id", *days], ["1", *"PAPPP"]]).marks) == 5


def test_sessions_counted_by_an_answer_stay_counted_when_other_days_come(read):
    later = [*TWICE[0], *(TUESDAY + timedelta(days) for days in range(1, 6))]
    reading = read([later, ["1", *"PAPPPPPPP"]], same_date="sessions")
    assert [mark.period for mark in reading.marks] == ["1", "2", "1", "2", "", "", "", "", ""]


def test_of_the_newest_days_first_the_first_session_stands_last(read):
    days = [TUESDAY, TUESDAY, MONDAY, MONDAY]
    assert [mark.period for mark in read([["Id", *days], ["1", *"PAPP"]], same_date="sessions").marks] == list("2121")


def test_an_answer_about_dates_that_cannot_be_read_is_none(read):
    reading = read([["Id", "3/4/2026", "3/4/2026"], ["1", *"PA"]], same_date="sessions")
    assert (reading.marks, len(reading.problems)) == ([], 2)
