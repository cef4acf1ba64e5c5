"""Merged cells of a sheet that tells them: a student, a class or a date stands for all its rows, a mark for its own."""

from datetime import date

from student_track.sheets.tab_facts import Merge, TabFacts, facts_from_stored

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
ROWS = [
    ["Id", "Class", "Date", "Mark"],
    *(["01", "7A", MONDAY, "P"], [None, None, TUESDAY, "A"], ["02", None, MONDAY, "P"], [None, None, None, "L"]),
]
STUDENTS = (Merge(2, 1, 3, 1), Merge(4, 1, 5, 1))


def placed(reading):
    return [(mark.student_id, mark.cohort_id, mark.session_date, mark.mark) for mark in reading.marks]


def test_a_merged_student_class_and_date_stand_for_all_their_rows(read):
    reading = read(ROWS, merges=[*STUDENTS, Merge(2, 2, 5, 2), Merge(4, 3, 5, 3)])
    assert placed(reading) == [
        *(("01", "7A", MONDAY, "P"), ("01", "7A", TUESDAY, "A"), ("02", "7A", MONDAY, "P"), ("02", "7A", MONDAY, "L")),
    ]
    assert reading.problems == []


def test_without_a_merge_a_blank_cell_is_nobodys(read):
    reading = read(ROWS, merges=[Merge(2, 2, 5, 2)])
    assert placed(reading) == [("01", "7A", MONDAY, "P"), ("02", "7A", MONDAY, "P")]
    assert [problem.reason for problem in reading.problems] == ["missing_student", "bad_date"]


def test_a_merged_mark_is_the_first_ones_alone(read):
    rows = [["Id", MONDAY, TUESDAY], ["01", "P", "A"], ["02", None, "P"]]
    reading = read(rows, merges=[Merge(2, 2, 3, 2)])
    assert [(mark.student_id, mark.mark) for mark in reading.marks] == [("01", "P"), ("01", "A"), ("02", "P")]


def test_a_merged_class_of_a_roster_is_that_of_all_its_students(read):
    rows = [["Student id", "Class", "Joined"], ["01", "7A", MONDAY], ["02", None, MONDAY]]
    assert [entry.cohort_id for entry in read(rows, merges=[Merge(2, 2, 3, 2)]).roster] == ["7A", "7A"]


def test_what_is_kept_of_a_tab_is_read_as_it_was():
    facts = TabFacts("0", "en_GB", (Merge(1, 2, 3, 28), Merge(5, 1, 6, 1)))
    assert facts_from_stored((text, kind) for _, text, kind in facts.stored()) == facts
    assert [text for _, text, _ in facts.stored()] == ["0", "en_GB", "B1:AB3 A5:A6"]
    assert list(TabFacts().stored()) == []
