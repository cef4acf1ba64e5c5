"""Check-in stamps: one row per student and time; a stamp means present, and the lack of one means nothing by itself."""

from datetime import date

from student_track.sheets.dates import Unread
from student_track.sheets.register_tab import ABSENT, PRESENT, RegisterTab
from student_track.sheets.students import Student

NOT_STAMPED = "no stamp"


def read_stamps(tab: RegisterTab) -> None:
    """Take one mark per student and day stamped; with ``others: absent`` also one for each declared session without."""
    column = tab.found.columns["date"]
    dates = tab.dates(tab.grid.cell(row, column) for row in tab.rows)
    stamped: dict[str, set[date]] = {}
    first_rows: dict[str, tuple[int, Student]] = {}
    for row in tab.rows:
        student, cell = tab.students.of(row), tab.grid.cell(row, column)
        day = dates[cell]
        if cell.is_blank or tab.student_problem(row, student, 1):
            continue
        if isinstance(day, Unread):
            tab.problem(row, column, "bad_date", day.advice, 1)
            continue
        if student.student_id not in first_rows:
            first_rows[student.student_id] = (row, student)
            tab.add_student(row, student)
        stamped.setdefault(student.student_id, set()).add(day)
        tab.add_mark(row, column, student, day, cell.text, PRESENT)
        tab.add_sessions([day], row=row)
    tab.add_sessions(tab.choice.session_dates)
    _add_others(tab, stamped, first_rows)


def _add_others(tab: RegisterTab, stamped: dict[str, set[date]], first_rows: dict[str, tuple[int, Student]]) -> None:
    """Absences inferred because a person declared it: of students with a stamp, on the sessions declared."""
    if tab.choice.others != "absent" or not tab.choice.session_dates:
        tab.note("a stamp means present; who has none is not marked")
        return
    tab.note("a student without any stamp is in no row, and is not marked")
    if tab.reading.problems:
        tab.note("no absence is inferred while a stamp cannot be read")
        return
    for student_id, (row, student) in first_rows.items():
        for day in sorted(set(tab.choice.session_dates) - stamped[student_id]):
            tab.add_mark(row, student.column, student, day, NOT_STAMPED, ABSENT)
