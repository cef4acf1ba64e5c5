"""Two registers in one tab, one below the other: read together where they surely are one, else asked about."""

from datetime import date

import pytest
import yaml

from student_track.sheets import Grid, cell_of, explain

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
OCTOBER = [date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7)]
FIRST = [["Name", MONDAY, TUESDAY], ["Ann", "P", "A"], ["Ben", "P", "P"]]
SECOND = [["Name", *OCTOBER], ["Ann", "A", "P", "L"], ["Ben", "P", "P", "P"]]


def placed(reading):
    return [(mark.cell, mark.student_id, mark.session_date, mark.mark) for mark in reading.marks]


@pytest.mark.parametrize("between", [[[]], [[], []], [[], ["October"]], [["Total", 1, 2], []]])
def test_further_dates_below_for_the_same_students_are_read(read, between):
    reading = read([*FIRST, *between, *SECOND])
    below = len(FIRST) + len(between) + 2
    assert placed(reading)[:4] == [
        *(("B2", "Ann", MONDAY, "P"), ("C2", "Ann", TUESDAY, "A")),
        *(("B3", "Ben", MONDAY, "P"), ("C3", "Ben", TUESDAY, "P")),
    ]
    assert placed(reading)[4:] == [
        *((f"{letter}{below}", "Ann", day, mark) for letter, day, mark in zip("BCD", OCTOBER, "APL", strict=True)),
        *((f"{letter}{below + 1}", "Ben", day, "P") for letter, day in zip("BCD", OCTOBER, strict=True)),
    ]
    assert {session.session_date for session in reading.sessions} == {MONDAY, TUESDAY, *OCTOBER}
    assert [student.student_id for student in reading.students] == ["Ann", "Ben"]
    assert reading.problems == []


def test_months_and_the_year_of_the_title_serve_all_parts(read):
    rows = [
        *(["Register 2026/27"], [], [None, "September", None], ["Name", 7, 8], ["Ann", "P", "A"]),
        *([], [None, "October", None], ["Name", 5, 6], ["Ann", "A", "P"]),
    ]
    assert [mark.session_date for mark in read(rows).marks] == [MONDAY, TUESDAY, *OCTOBER[:2]]


def test_a_part_far_below_is_read_too(read):
    pupils = [[f"Pupil {number}", "P", "A"] for number in range(50)]
    reading = read([FIRST[0], *pupils, [], SECOND[0], *([*row, "P"] for row in pupils)])
    assert len(reading.marks) == 50 * 5
    assert reading.notes == []


@pytest.mark.parametrize(
    "rows",
    [
        [*FIRST, *SECOND],
        [*FIRST, [], ["Name", *OCTOBER], ["Cleo", *"PPP"], ["Dan", *"PPP"]],
        [*FIRST, [], ["Name", TUESDAY, *OCTOBER[:2]], ["Ann", *"APP"], ["Ben", *"PPP"]],
        [*FIRST, [], ["Pupil", *OCTOBER], ["Ann", *"APP"], ["Ben", *"PPP"]],
    ],
    ids=["no blank row", "other students", "a date in both", "another header"],
)
def test_what_may_be_two_registers_gives_nothing_before_a_person_says_which(read, rows):
    reading = read(rows)
    assert "both look like the row of dates" in reading.recognition.question
    assert reading.marks == []


def test_the_choice_of_a_person_comes_first(read):
    assert read([*FIRST, [], *SECOND], header_row=5).marks[0].cell == "B6"
    assert len(read([*FIRST, [], *SECOND], header_row=1).marks) == 4


def test_the_explanation_names_both_headers_and_its_yaml_reads_both(read, known_marks):
    rows = [*FIRST, [], *SECOND]
    reading = read(rows)
    text = explain(reading, Grid("r.xlsx", "7A", [[cell_of(value) for value in row] for row in rows]), known_marks)
    assert "  header    row 1; row 5 for further dates" in text
    ((tab, choice),) = yaml.safe_load(text[text.index("    tabs:") :])["tabs"].items()
    assert read(rows, tab=tab, **choice).marks == reading.marks
