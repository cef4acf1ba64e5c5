"""What was taken for what, in words, and never a student."""

from datetime import date

import pytest
import yaml

from student_track.sheets import Grid, cell_of, explain

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
ROWS = [
    ["Register of 7A"],
    ["Id", "Name", MONDAY, TUESDAY, "31 Sept 2026", "Total"],
    ["00123", "Ann", "P", "A", "P", 1],
    ["00124", "Ben", "P", "Ann", "P", 1],
    ["Total", None, 2, 0, 2],
]


@pytest.fixture(scope="module")
def explained(known_marks):
    """Explain a reading of rows of values."""

    def explained(reading, rows=()):
        grid = Grid(reading.source_id, reading.tab, [[cell_of(value) for value in row] for row in rows])
        return explain(reading, grid, known_marks)

    return explained


def test_a_register_is_explained_and_its_choice_spelled_out(read, explained):
    text = explained(read(ROWS))
    assert text.splitlines() == [
        'register.xlsx, tab "7A": attendance, wide',
        "  header    row 2",
        "  columns   student's id in A, student's name in B",
        '  class     "7A"',
        "  students  2 students",
        "  dates     2, from 2026-09-07 to 2026-09-08",
        "  marks     4: P 2, A 1, others 1",
        "  unknown   1: others 1; say what they mean by `marks:` for this tab, or in the policy's code table",
        "  not read  bad_date in E2",
        "  to do     write the date as year-month-day, such as 2026-09-14",
        "  ignored   row 5 holds totals",
        "  ignored   column F2 is no date",
        "  to fix or change this choice, in params/sheet.yml:",
        "    tabs:",
        '      "7A": {kind: attendance, layout: wide, header_row: 2}',
    ]
    assert "Ann" not in text
    assert "00123" not in text


def test_the_yaml_reads_the_tab_as_it_was(read, explained):
    text = explained(read(ROWS))
    ((tab, choice),) = yaml.safe_load(text[text.index("    tabs:") :])["tabs"].items()
    assert read(ROWS, tab=tab, **choice).marks == read(ROWS).marks


def test_a_question_stands_in_place_of_a_choice(read, explained):
    text = explained(read([["Id", MONDAY], ["1", "x"]]))
    assert "whether that is present or absent is not said" in text
    assert 'marks: {"x": A}' in text
    assert "to fix or change" not in text


def test_a_tab_left_out_says_why(read, explained):
    assert "why       no row of dates" in explained(read([["Name", "Mon"], ["Ann", "P"]], tab="Sheet1"))


def test_a_reference_tab_says_how_many_lines_were_read(read, explained):
    text = explained(read([["Id", "Name"], ["1", "Ann"], ["2", "Ben"]], tab="Roster"))
    assert "lines     2 lines" in text
    assert "Ann" not in text


def test_periods_are_told_and_two_marks_for_one_session_are_a_reason_to_beware(read, explained):
    rows = [["Id", MONDAY, None], [None, "AM", "PM"], ["1", "P", "A"], ["1", "P", "P"]]
    text = explained(read(rows))
    assert "  dates     1, from 2026-09-07 to 2026-09-07, in periods such as AM, PM" in text
    assert "  beware    2 marks beside another of the same student and session: is a column of periods missing?" in text


def test_marks_that_nobody_knows_are_named_before_a_run(read, explained):
    rows = [["Name", MONDAY, TUESDAY], ["Ann", "P", True], ["Bob", "A", False]]
    assert "  unknown   2: TRUE 1, FALSE 1; say what they mean by `marks:`" in explained(read(rows))
    assert "unknown" not in explained(read(rows, marks={"TRUE": "P", "FALSE": "A"}))


def test_a_name_written_among_the_marks_is_not_named(read, explained):
    text = explained(read([["Name", MONDAY, TUESDAY], ["Ada Lovelace", "P", "Ada L."], ["Bob Ng", "lovelace", "?"]]))
    assert "marks     4: P 1, ? 1, others 2" in text
    assert not {"ada", "lovelace"} & set(text.casefold().split())


def test_classes_of_a_column_are_only_counted_for_it_could_be_the_wrong_one(read, explained):
    rows = [["Id", "Class", "2026-09-07"], ["1", "Ann Lee", "P"], ["2", "Bob Ng", "A"]]
    text = explained(read(rows, columns={"cohort": "B"}))
    assert "class     2 classes" in text
    assert "Ann" not in text
