"""Lists: one row per student, and the dates of the absences in one cell."""

import re
from datetime import date

from student_track.sheets.dates import Unread
from student_track.sheets.grid import Cell, one_cell
from student_track.sheets.register_tab import ABSENT, ERROR_VALUE, PRESENT, RegisterTab
from student_track.sheets.totals import is_nothing_but_total

BETWEEN_DATES = re.compile(r"[;\n|]|,(?!\s*\d{4}\b(?![-/.]\d))|\band\b|\bund\b|\bet\b|(?<=\d)\.?\s+(?=\d{1,2}[./-]\d)")
NONE_WORDS = frozenset("none - – — 0 nil no keine ninguna aucune".split())
NOT_LISTED = "not listed"


def read_list(tab: RegisterTab) -> None:
    """Take a mark for each date listed; the others of the declared sessions are present only where a person says so."""
    column = tab.found.columns["absent_dates"]
    totals = [row for row in tab.rows if is_nothing_but_total(tab.students.of(row).student_id)]
    for row in totals:
        tab.note(f"row {row} holds totals")
    rows = [row for row in tab.rows if row not in totals]
    listed = {row: _pieces(tab.grid.cell(row, column)) for row in rows}
    dates = tab.dates(piece for pieces in listed.values() for piece in pieces)
    declared = set(tab.choice.session_dates)
    tab.add_sessions(declared)
    for row, pieces in listed.items():
        _read_row(tab, row, pieces, {piece: dates[piece] for piece in pieces}, declared)
    if not (declared and tab.choice.others):
        tab.note("only absences are listed: no mark says who was present")


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
    tab: RegisterTab, row: int, pieces: list[Cell], dates: dict[Cell, date | Unread], declared: set[date]
) -> None:
    student, column = tab.students.of(row), tab.found.columns["absent_dates"]
    if (pieces or not student.student_id) and not (student.student_id or pieces):
        return
    if tab.student_problem(row, student, len(pieces)):
        return
    tab.add_student(student)
    unread = [(piece, dates[piece]) for piece in pieces if isinstance(dates[piece], Unread)]
    if tab.grid.cell(row, column).is_error:
        tab.problem(row, column, "error_value", ERROR_VALUE, 1)
        return
    if unread:
        tab.problem(row, column, "bad_date", unread[0][1].advice, len(unread))
    days = {day: piece for piece in pieces if isinstance(day := dates[piece], date)}
    tab.add_sessions(set(days))
    for day, piece in days.items():
        tab.add_mark(row, column, student, day, piece.text, tab.choice.mark or ABSENT)
    if tab.choice.others and not unread:
        for day in sorted(declared - days.keys()):
            meaning = PRESENT if tab.choice.others == "present" else ABSENT
            tab.add_mark(row, student.column, student, day, NOT_LISTED, meaning)
