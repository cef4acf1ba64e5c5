"""Lists: one row per student, and the dates of the absences in one cell; late days, if listed, in another."""

import re
from datetime import date

from student_track.sheets.dates import Unread
from student_track.sheets.grid import Cell, column_letters, one_cell
from student_track.sheets.register_tab import ABSENT, ERROR_VALUE, LATE, PRESENT, RegisterTab
from student_track.sheets.totals import is_nothing_but_total
from student_track.sheets.written_dates import looks_like_a_date
from student_track.translatable import N_

BETWEEN_DATES = re.compile(r"[;\n|]|,(?!\s*\d{4}\b(?![-/.]\d))|\band\b|\bund\b|\bet\b|(?<=\d)\.?\s+(?=\d{1,2}[./-]\d)")
NONE_WORDS = frozenset("none - – — 0 nil no keine ninguna aucune".split())
NOT_LISTED = "not listed"
OTHER_DATES = N_("say what these dates are: add the header to `absent_dates` or `late_dates` in params/sheet.yml")


def read_list(tab: RegisterTab) -> None:
    """Take a mark for each date listed; the others of the declared sessions are present only where a person says so."""
    marks = {"absent_dates": tab.choice.mark or ABSENT, "late_dates": LATE}
    marks_of_columns = {tab.found.columns[role]: mark for role, mark in marks.items() if role in tab.found.columns}
    totals = [row for row in tab.rows if is_nothing_but_total(tab.students.of(row).student_id)]
    for row in totals:
        tab.note(f"row {row} holds totals")
    rows = [row for row in tab.rows if row not in totals]
    listed = {(row, column): _pieces(tab.grid.cell(row, column)) for row in rows for column in marks_of_columns}
    dates = tab.dates(piece for pieces in listed.values() for piece in pieces)
    declared = set(tab.choice.session_dates)
    tab.add_sessions(declared)
    others = "" if _say_other_dates(tab, rows, declared) else tab.choice.others or ""
    for row in rows:
        own = {column: listed[row, column] for column in marks_of_columns}
        _read_row(tab, row, own, marks_of_columns, dates, others)
    if not (declared and tab.choice.others):
        what = "absences and late days" if len(marks_of_columns) > 1 else "absences"
        tab.note(f"only {what} are listed: no mark says who was present")


def _say_other_dates(tab: RegisterTab, rows: list[int], declared: set[date]) -> bool:
    """Say which other columns hold dates; return whether one has declared sessions, which may be excused or absent."""
    is_doubtful = False
    for column in sorted(set(range(1, tab.grid.width + 1)) - set(tab.found.columns.values())):
        pieces = [piece for row in rows for piece in _pieces(tab.grid.cell(row, column)) if looks_like_a_date(piece)]
        count = len(declared.intersection(tab.dates(pieces).values()))
        if count and tab.choice.others:
            tab.problem(tab.found.header_row, column, "unknown_dates", OTHER_DATES, count)
            is_doubtful = True
        elif pieces:
            tab.note(f"column {column_letters(column)} holds dates, and what they mean is not known")
    return is_doubtful


def _pieces(cell: Cell) -> list[Cell]:
    """The dates of a cell, each as a cell of its own; words for no date are left out."""
    if cell.kind == "date" or cell.is_error:
        return [cell]
    texts = [
        text.strip(" .") if text.strip().count(".") != 2 else text.strip() for text in BETWEEN_DATES.split(cell.text)
    ]
    kind = "text" if len(texts) > 1 else cell.kind
    return [one_cell(text, kind, cell.typed) for text in texts if text and text.casefold() not in NONE_WORDS]


def _read_row(
    tab: RegisterTab,
    row: int,
    listed: dict[int, list[Cell]],
    marks: dict[int, str],
    dates: dict[Cell, date | Unread],
    others: str,
) -> None:
    """Take the marks of a student: ``listed`` are the dates in each column of the row, ``marks`` what each means."""
    student, count = tab.students.of(row), sum(map(len, listed.values()))
    if not student.student_id and not count:
        return
    if tab.student_problem(row, student, count):
        return
    tab.add_student(row, student)
    problems_before = len(tab.reading.problems)
    listed_days: set[date] = set()
    for column, pieces in listed.items():
        days = _days_of_cell(tab, row, column, pieces, dates)
        listed_days |= days.keys()
        for day, piece in days.items():
            tab.add_mark(row, column, student, day, piece.text, marks[column])
    tab.add_sessions(listed_days, row=row)
    if others and len(tab.reading.problems) == problems_before:
        meaning = PRESENT if others == "present" else ABSENT
        for day in sorted(set(tab.choice.session_dates) - listed_days):
            tab.add_mark(row, student.column, student, day, NOT_LISTED, meaning)


def _days_of_cell(
    tab: RegisterTab, row: int, column: int, pieces: list[Cell], dates: dict[Cell, date | Unread]
) -> dict[date, Cell]:
    """The days listed in a cell, each with what is written; what cannot be read is a problem."""
    if tab.grid.cell(row, column).is_error:
        tab.problem(row, column, "error_value", ERROR_VALUE, 1)
        return {}
    unread = [day for piece in pieces if isinstance(day := dates[piece], Unread)]
    if unread:
        tab.problem(row, column, "bad_date", unread[0].advice, len(unread))
    return {day: piece for piece in pieces if isinstance(day := dates[piece], date)}
