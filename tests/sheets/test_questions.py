"""Where two readings are possible a tab gives nothing, and the answer is spelled out."""

from datetime import date

import pytest
import yaml

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
