"""Sessions counted, lists of absences, check-in stamps, one session a tab; and the same marks in every layout."""

from datetime import date, datetime

import pytest

from student_track.sheets import Grid, cell_of, read_tab

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
BOTH = ["2026-09-07", "2026-09-08"]


def placed(reading):
    """Student, day and the mark meant."""
    return [(mark.student_id, mark.session_date, mark.meaning or mark.mark) for mark in reading.marks]


def problems(reading):
    return [(problem.cell, problem.reason, problem.count_marks) for problem in reading.problems]


@pytest.mark.parametrize(
    "header", [[1, 2], ["Session 1", "Session 2"], ["L1", "L2"], ["Week 1", "Week 2"], ["#1", "#2"]]
)
def test_counted_sessions_are_asked_for_their_dates(read, header):
    rows = [["Id", *header, "Total"], ["01", "P", "A", 1], ["02", "L", "P", 2]]
    reading = read(rows)
    assert (reading.recognition.layout, reading.marks) == ("sessions", [])
    assert "session_dates" in reading.recognition.suggestion
    assert "first_session" in reading.recognition.suggestion
    assert placed(read(rows, session_dates=BOTH)) == [
        *(("01", MONDAY, "P"), ("01", TUESDAY, "A"), ("02", MONDAY, "L"), ("02", TUESDAY, "P")),
    ]


def test_sessions_on_weekdays_from_a_first_day_on(read):
    rows = [["Id", 1, 2, 3], ["01", "P", "A", "L"]]
    days = [mark.session_date for mark in read(rows, first_session="2026-09-07", weekdays=["Mon", "Wed"]).marks]
    assert days == [MONDAY, date(2026, 9, 9), date(2026, 9, 14)]


def test_unnamed_sessions_by_the_contract_alone(read):
    rows = [["Id", None, None], ["01", "P", "A"]]
    assert read(rows).recognition.kind == "ignored"
    assert placed(read(rows, layout="sessions", session_dates=BOTH)) == [("01", MONDAY, "P"), ("01", TUESDAY, "A")]
    assert (
        "3 columns" in read([["Id"], ["01", "P", "A", "P"]], layout="sessions", session_dates=BOTH).recognition.question
    )


def test_numbered_columns_without_marks_are_no_register(read):
    assert read([["Name", 1, 2, 3], ["Ann", 87, 45, 60]]).recognition.kind == "ignored"


def test_a_list_gives_the_absences_it_names_and_nobody_else(read):
    rows = [["Id", "Absent dates"], ["01", "3/9, 10/9; 14.9."], ["02", None], ["03", "none"]]
    reading = read(rows, school_year="2026/27")
    assert placed(reading) == [("01", date(2026, 9, day), "A") for day in (3, 10, 14)]
    assert [student.student_id for student in reading.students] == ["01", "02", "03"]


def test_the_others_of_a_list_are_present_where_a_person_says_so(read):
    rows = [["Id", "Dates absent"], ["01", "2026-09-07"], ["02", None]]
    reading = read(rows, session_dates=BOTH, others="present", mark="E")
    assert placed(reading) == [("01", MONDAY, "E"), ("01", TUESDAY, "P"), ("02", MONDAY, "P"), ("02", TUESDAY, "P")]


def test_a_listed_date_that_cannot_be_read_leaves_the_other_days_of_its_student_open(read):
    rows = [["Id", "Absent dates"], ["01", "7 Sep 2026, soon\n31 Sept 2026"], ["02", "3/9/2026"]]
    reading = read(rows, session_dates=BOTH, others="present")
    assert placed(reading) == [("01", MONDAY, "A")]
    assert problems(reading) == [("B2", "bad_date", 2), ("B3", "bad_date", 1)]


def test_stamps_are_presence_and_nothing_else(read):
    rows = [
        ["Timestamp", "Name"],
        [datetime(2026, 9, 7, 8, 31), "Ann"],
        ["2026-09-08 08:29:10", "Ann"],
        ["07.09.2026 9:02", "Ben"],
        ["soon", "Ben"],
    ]
    reading = read(rows, date_order="dmy")
    assert reading.recognition.layout == "stamps"
    assert placed(reading) == [("Ann", MONDAY, "P"), ("Ann", TUESDAY, "P"), ("Ben", MONDAY, "P")]
    assert problems(reading) == [("A5", "bad_date", 1)]


def test_no_stamp_is_an_absence_only_where_a_person_says_so(read):
    rows = [["Check-in", "Name"], ["2026-09-07 08:31", "Ann"], ["2026-09-08 08:31", "Ben"]]
    reading = read(rows, session_dates=BOTH, others="absent")
    assert sorted(placed(reading)) == [
        *(("Ann", MONDAY, "P"), ("Ann", TUESDAY, "A"), ("Ben", MONDAY, "A"), ("Ben", TUESDAY, "P")),
    ]


def test_a_form_with_a_status_is_a_long_register(read):
    rows = [["Timestamp", "Name", "Status"], ["2026-09-07 08:31:00", "Ann", "Late"]]
    assert placed(read(rows)) == [("Ann", MONDAY, "Late")]


@pytest.mark.parametrize(
    ("rows", "tab", "choice"),
    [
        ([["Session of 7 September 2026"], ["Name", "Status"], ["Ann", "Late"]], "Sheet1", {}),
        ([["Name", "Status"], ["Ann", "Late"]], "attendance_2026-09-07", {}),
        ([["Name", "Status"], ["Ann", "Late"]], "Sheet1", {"session_date": "2026-09-07"}),
        ([["Date", MONDAY], ["Name", "Status"], ["Ann", "Late"]], "Sheet1", {}),
    ],
)
def test_the_date_of_one_session_stands_above_in_a_name_or_in_the_contract(read, rows, tab, choice):
    assert placed(read(rows, tab=tab, **choice)) == [("Ann", MONDAY, "Late")]


def test_the_date_of_one_session_is_asked_for_where_marks_stand_and_not_where_none_do(read):
    assert "its date" in read([["Name", "Status"], ["Ann", "Late"]]).recognition.question
    assert read([["Name", "Status"], ["Ann", "scholarship"]]).recognition.kind == "ignored"


def test_minutes_need_a_rule(read):
    rows = [["Meeting on 2026-09-07"], ["Name", "Duration (minutes)"], ["Ann", 45], ["Ben", "20 min"], ["Ben", "1:00"]]
    assert "present_from_minutes" in read(rows[:4]).recognition.suggestion
    reading = read(rows, present_from_minutes=30)
    assert placed(reading) == [("Ann", MONDAY, "P")]
    assert problems(reading) == [("B5", "bad_minutes", 1)]


def test_who_left_and_came_back_has_the_minutes_of_all_stays(read):
    rows = [
        ["Name", "Join time", "Duration"],
        ["Ann", "2026-09-07 08:00", "20"],
        ["Ann", "2026-09-07 09:00", "15 min"],
        ["Ben", "2026-09-07 08:00", "0:20:00"],
    ]
    reading = read(rows, present_from_minutes=30)
    assert [(mark.student_id, mark.mark, mark.meaning) for mark in reading.marks] == [
        ("Ann", "20 + 15 min", "P"),
        ("Ben", "0:20:00", "A"),
    ]


def test_the_same_marks_in_every_layout(read):
    truth = [("01", MONDAY, "P"), ("01", TUESDAY, "A"), ("02", MONDAY, "A"), ("02", TUESDAY, "P")]
    wide = read([["Id", MONDAY, TUESDAY], ["01", "P", "A"], ["02", "A", "P"]])
    long = read([["Id", "Date", "Mark"], *([student, day, mark] for student, day, mark in truth)])
    sessions = read([["Id", 1, 2], ["01", "P", "A"], ["02", "A", "P"]], session_dates=BOTH)
    listed = read(
        [["Id", "Absent dates"], ["01", "8/9/2026"], ["02", "7.9.2026"]],
        session_dates=BOTH,
        others="present",
        date_order="dmy",
    )
    stamps = read(
        [["Id", "Check-in"], ["01", "2026-09-07 08:31"], ["02", "2026-09-08 08:30"]],
        session_dates=BOTH,
        others="absent",
    )
    assert {tuple(sorted(placed(reading))) for reading in (wide, long, sessions, listed, stamps)} == {tuple(truth)}


def test_a_form_that_asks_more_than_who_is_there_is_asked_about(read):
    rows = [["Timestamp", "Name", "Favourite colour"], ["2026-09-07 08:31:00", "Ann", "red"]]
    assert "form" in read(rows).recognition.question
    assert placed(read(rows, layout="stamps")) == [("Ann", MONDAY, "P")]
    assert read(rows, kind="ignored").recognition.kind == "ignored"


def test_a_column_of_dates_beside_a_list_is_asked_about(read):
    rows = [["Id", MONDAY, TUESDAY, "Absent dates"], ["01", "P", "A", "8/9"]]
    assert "layout: list" in read(rows).recognition.suggestion
    assert len(read(rows, layout="wide").marks) == 2


def test_a_footer_far_below_is_nobody(read):
    rows = [["Id", "Absent dates"], ["01", "2026-09-07"], [], ["Printed by the office"]]
    reading = read(rows, session_dates=BOTH, others="present")
    assert [student.student_id for student in reading.students] == ["01"]
    assert "row 4 is a footer" in reading.notes


def test_what_stands_below_another_header_of_a_meetings_report_is_not_added(read):
    """Teams lists everybody once more below, with each stay: 20 minutes would be 40."""
    rows = [
        *(["1. Summary"], ["Meeting title", "Maths"], [], ["2. Participants"]),
        *(["Name", "First join", "In-meeting duration"], ["Ann", "2026-09-07 09:00:00", "20m 5s"], []),
        *(["3. In-Meeting Activities"], ["Name", "Join time", "Duration"], ["Ann", "2026-09-07 09:00:00", "20m 5s"]),
    ]
    reading = read(rows, present_from_minutes=30)
    assert [(mark.student_id, mark.meaning) for mark in reading.marks] == [("Ann", "A")]
    assert any("another header" in note for note in reading.notes)


def test_totals_left_out_of_one_session_and_of_a_list_are_said(read):
    one = read([["Session of 2026-09-07"], ["Name", "Status"], ["Ann", "P"], ["Total", "1"]])
    listed = read([["Name", "Absent dates"], ["Ann", "2026-09-07"], ["Total", "1"]])
    assert len(one.marks) == len(listed.marks) == 1
    assert "holds totals" in " ".join(one.notes)
    assert "holds totals" in " ".join(listed.notes)


def test_dates_with_the_year_first_are_parted_by_a_comma_and_a_year_after_one_is_not(read):
    rows = [["Name", "Absent dates"], ["Ann", "2026-09-07, 2026-09-08,2026-09-10"], ["Bob", "September 7, 2026"]]
    assert [mark.session_date.day for mark in read(rows).marks] == [7, 8, 10, 7]


def test_late_days_listed_beside_the_absences_are_late(read):
    header = ["Name", "Absent dates", "Late dates"]
    rows = [header, ["Ann", "2026-09-07", "2026-09-08"], ["Ben", None, "2026-09-07; 2026-09-31"]]
    reading = read(rows)
    assert placed(reading) == [("Ann", MONDAY, "A"), ("Ann", TUESDAY, "L"), ("Ben", MONDAY, "L")]
    assert problems(reading) == [("C3", "bad_date", 1)]
    everybody = read(rows, session_dates=BOTH, others="present")
    assert [(mark.student_id, mark.meaning) for mark in everybody.marks] == [("Ann", "A"), ("Ann", "L"), ("Ben", "L")]


@pytest.mark.parametrize("header", ["Excused dates", "Dates of exams", None])
def test_no_presence_is_inferred_where_other_dates_are_listed(read, header):
    rows = [["Name", "Absent dates", header], ["Ann", "2026-09-07", "2026-09-08"], ["Ben", None, None]]
    reading = read(rows, session_dates=BOTH, others="present")
    assert placed(reading) == [("Ann", MONDAY, "A")]
    assert problems(reading) == [("C1", "unknown_dates", 1)]
    assert any("column C holds dates" in note for note in read(rows).notes)


def test_dates_of_other_days_beside_a_list_are_noted_and_no_obstacle(read):
    rows = [["Name", "Absent dates", "Date of birth"], ["Ann", "2026-09-07", date(2014, 3, 1)]]
    reading = read(rows, session_dates=BOTH, others="present")
    assert placed(reading) == [("Ann", MONDAY, "A"), ("Ann", TUESDAY, "P")]
    assert any("column C holds dates" in note for note in reading.notes)


def test_a_line_that_says_another_date_than_the_title_leaves_the_session_in_doubt(read):
    rows = [["Printed 8 Sep 2026"], ["Name", "Mark"], ["Ann", "P"], ["Ben", "A"]]
    assert "its date" in read(rows, tab="7A 2026-09-07").recognition.question
    assert {mark.session_date for mark in read(rows[1:], tab="7A 2026-09-07").marks} == {MONDAY}


def test_the_date_in_the_name_of_the_file_is_asked_last(known_marks, contract):
    rows = [["Name", "Mark"], ["Ann", "P"], ["Ben", "A"]]
    grid = Grid("export 2026-09-30.xlsx", "7A 2026-09-07", [[cell_of(value) for value in row] for row in rows])
    assert {mark.session_date for mark in read_tab(grid, contract, known_marks).marks} == {MONDAY}
