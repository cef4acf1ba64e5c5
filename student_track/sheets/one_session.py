"""A tab or file per session, as learning platforms and meetings export it: marks, or minutes with a declared rule."""

from collections.abc import Iterator
from datetime import date

from student_track.sheets.dates import Unread
from student_track.sheets.durations import minutes_of
from student_track.sheets.grid import Cell
from student_track.sheets.register_tab import ABSENT, ERROR_VALUE, PRESENT, RegisterTab
from student_track.sheets.students import Student
from student_track.sheets.text import plain
from student_track.sheets.totals import is_nothing_but_total
from student_track.translatable import N_

BAD_MINUTES = N_("write how long the student was there in minutes, such as 45, or as 0:45:00")
UNEXPLAINED = "it says how long each student was there, and not from when on that is present"


def read_one_session(tab: RegisterTab) -> None:
    """Take the mark of each student, or present and absent by the minutes of all the student's rows together."""
    has_minutes = "minutes" in tab.found.columns
    if has_minutes and not tab.choice.present_from_minutes:
        tab.reading.recognition = tab.found.asking(tab.grid.contract_name, UNEXPLAINED, "present_from_minutes: 30")
        return
    days = _days(tab)
    placed = [
        (row, student, day) for row in _rows(tab) if (student := _student(tab, row)) and (day := _day(tab, row, days))
    ]
    known: set[str] = set()
    for row, student, day in placed:
        tab.add_sessions([day], row=row)
        if student.student_id not in known:
            known.add(student.student_id)
            tab.add_student(row, student)
    if has_minutes:
        _add_minutes(tab, placed)
    else:
        _add_marks(tab, placed)


def _rows(tab: RegisterTab) -> Iterator[int]:
    """The rows, without headers said again, up to another header: meetings list who spoke or was there once more."""
    columns = sorted(tab.found.columns.values())
    header = [plain(tab.grid.cell(tab.found.header_row, column).text) for column in columns]
    place = columns.index(tab.students.column)
    for row in tab.rows:
        cells = [plain(tab.grid.cell(row, column).text) for column in columns]
        if cells == header:
            tab.note(f"row {row} says the header again")
        elif header[place] and cells[place] == header[place]:
            tab.note(f"rows from {row} on stand below another header: what they say is not read")
            return
        elif is_nothing_but_total(tab.students.of(row).student_id):
            tab.note(f"row {row} holds totals")
        else:
            yield row


def _value(tab: RegisterTab, row: int) -> Cell:
    return tab.grid.cell(row, tab.found.columns.get("minutes") or tab.found.columns["mark"])


def _student(tab: RegisterTab, row: int) -> Student | None:
    student = tab.students.of(row)
    lost = 0 if _value(tab, row).is_blank else 1
    if not student.student_id and not lost:
        return None
    return None if tab.student_problem(row, student, lost) else student


def _days(tab: RegisterTab) -> dict[Cell, date | Unread]:
    """The date of every stamp, where the tab has them; otherwise the one date of the tab is used."""
    if "stamp" not in tab.found.columns:
        return {}
    return tab.dates(tab.grid.cell(row, tab.found.columns["stamp"]) for row in tab.rows)


def _day(tab: RegisterTab, row: int, days: dict[Cell, date | Unread]) -> date | None:
    if "stamp" not in tab.found.columns:
        return next(iter(tab.found.dates.values()))
    column = tab.found.columns["stamp"]
    day = days[tab.grid.cell(row, column)]
    if isinstance(day, Unread) and not _value(tab, row).is_blank:
        tab.problem(row, column, "bad_date", day.advice, 1)
    return day if isinstance(day, date) else None


def _add_marks(tab: RegisterTab, placed: list[tuple[int, Student, date]]) -> None:
    column = tab.found.columns["mark"]
    for row, student, day in placed:
        cell = tab.grid.cell(row, column)
        if cell.is_error:
            tab.problem(row, column, "error_value", ERROR_VALUE, 1)
        elif not cell.is_blank:
            tab.add_mark(row, column, student, day, cell.text, tab.meaning(cell.text))


def _add_minutes(tab: RegisterTab, placed: list[tuple[int, Student, date]]) -> None:
    """One mark per student and day: who left and came back stands in several rows, and their minutes are added."""
    column = tab.found.columns["minutes"]
    rows: dict[tuple[str, date], list[tuple[int, Student]]] = {}
    for row, student, day in placed:
        if not tab.grid.cell(row, column).is_blank:
            rows.setdefault((student.student_id, day), []).append((row, student))
    for (_, day), stays in rows.items():
        texts = [tab.grid.cell(row, column).text for row, _ in stays]
        minutes = [minutes_of(text) for text in texts]
        row, student = stays[0]
        if None in minutes:
            bad, _ = stays[minutes.index(None)]
            tab.problem(bad, column, "bad_minutes", BAD_MINUTES, 1)
            continue
        meaning = PRESENT if sum(minutes) >= (tab.choice.present_from_minutes or 0) else ABSENT
        tab.add_mark(row, column, student, day, " + ".join(texts), meaning)
