"""Wide registers: one row per student, one column per session."""

import re
from collections.abc import Iterator

from student_track.policy import fold_mark
from student_track.sheets.date_headers import date_header
from student_track.sheets.dates import BAD
from student_track.sheets.grid import Cell, address
from student_track.sheets.register_tab import ERROR_VALUE, RegisterTab
from student_track.sheets.text import plain
from student_track.sheets.totals import explained_mark, is_legend, is_nothing_but_total, is_signature, is_total
from student_track.sheets.wide_recognition import REGISTER_BESIDE
from student_track.sheets.written_dates import looks_like_a_date

LEAST_MARKS_OF_A_COLUMN = 3
SUM = re.compile(r"\d+(?:[.,]\d+)?\s?%?")


Marks = list[tuple[int, Cell]]
"""The cells of a row that are not blank and stand under a date, each with its column."""


def read_wide(tab: RegisterTab) -> None:
    """Take the marks under every date. What stands beside and below is noted, or a problem where marks are lost."""
    rows = dict(_rows_of_students(tab))
    _say_other_columns(tab, list(rows))
    periods = _periods_of_rows(tab, list(rows))
    names = {period: _periods_of_columns(tab, period) for period in {*periods.values()} or {""}}
    for columns in names.values():
        for column, day in tab.found.dates.items():
            tab.add_sessions([day], columns[column])
    for row, marks in rows.items():
        _read_row(tab, row, marks, names[periods.get(row, "")])


def _rows_of_students(tab: RegisterTab) -> Iterator[tuple[int, Marks]]:
    """Rows below the header that hold a student, or marks without one, up to another header."""
    last, header = tab.found.first_row - 1, _marks_of(tab, tab.found.header_row)
    for row in tab.rows:
        marks = _marks_of(tab, row)
        if marks and marks == header:
            tab.note(f"row {row} says the header again")
            continue
        if _is_another_header(tab, row, marks):
            tab.note(f"rows from {row} on stand below another row of dates: move them to a tab of their own")
            return
        if why := _why_no_student(tab, row, marks, is_below_a_gap=row > last + 1):
            tab.note(f"row {row} {why}")
        else:
            last = row
            yield row, marks


def _periods_of_rows(tab: RegisterTab, rows: list[int]) -> dict[int, str]:
    """The period of each row, where a column names it and students have a row for each; else none has any."""
    column = tab.found.columns.get("period")
    students = [tab.students.of(row).student_id for row in rows]
    if not column or len(students) == len(set(students)):
        return {}
    return {row: tab.grid.cell(row, column).text.strip() for row in rows}


def _periods_of_columns(tab: RegisterTab, period_of_row: str) -> dict[int, str]:
    return {column: f"{tab.found.periods.get(column, '')} {period_of_row}".strip() for column in tab.found.dates}


def _marks_of(tab: RegisterTab, row: int) -> Marks:
    cells = tab.grid.rows[row - 1]
    width = len(cells)
    return [
        (column, cell)
        for column in tab.found.dates
        if column <= width and (text := (cell := cells[column - 1]).text) and not text.isspace()
    ]


def _why_no_student(tab: RegisterTab, row: int, marks: Marks, is_below_a_gap: bool) -> str:
    """Why a row is no student's: totals, percentages, a legend, a note; empty where it is."""
    student = tab.students.of(row).student_id
    first = student or plain(tab.grid.cell(row, 1).text)
    known = {cell for cell in _distinct(marks) if tab.is_known(cell)}
    if _is_legend_of_marks(tab, row, marks, is_below_a_gap):
        return "explains marks"
    if is_signature(first):
        return "is signed by staff"
    is_of_numbers = is_nothing_but_total(first) and all(fold_mark(cell.text).isdecimal() for cell in known)
    if is_of_numbers or (is_total(first) and not known) or _is_row_of_sums(tab, row, marks):
        return "holds totals"
    has_error = tab.grid.cell(row, tab.students.column).is_error
    return "holds no student's marks" if not student and not known and marks and not has_error else ""


def _is_legend_of_marks(tab: RegisterTab, row: int, marks: Marks, is_below_a_gap: bool) -> bool:
    """Whether a row lists or explains marks: no name stands before the dates, and no mark twice below them."""
    texts = [plain(cell.text) for cell in _before_dates(tab, row)]
    if not texts or len(_distinct(marks)) < len(marks):
        return False
    explained = [text for text in texts if is_legend(text) or fold_mark(explained_mark(text)) in tab.known_marks]
    listed = [text for text in texts if fold_mark(text) in tab.known_marks]
    is_of_marks = is_below_a_gap and len(marks) <= 1
    return len(explained) + len(listed) >= len(texts) and bool(explained or is_of_marks)


def _before_dates(tab: RegisterTab, row: int) -> list[Cell]:
    cells = tab.grid.rows[row - 1][: min(tab.found.dates, default=1) - 1]
    return [cell for cell in cells if not cell.is_blank]


def _is_row_of_sums(tab: RegisterTab, row: int, marks: Marks) -> bool:
    """Whether one word for totals stands before the dates, above seats or in half a name, and numbers alone beside."""
    words = [cell.text for cell in _before_dates(tab, row) if not _is_a_sum(cell)]
    return len(words) == 1 and is_nothing_but_total(words[0]) and all(_is_a_sum(cell) for _, cell in marks)


def _is_a_sum(cell: Cell) -> bool:
    return cell.is_error or SUM.fullmatch(plain(cell.text)) is not None


def _is_another_header(tab: RegisterTab, row: int, marks: Marks) -> bool:
    """Whether the row names the column of students again, or most of what stands under the dates are dates."""
    column = tab.students.column
    name = plain(tab.grid.cell(tab.found.header_row, column).text)
    if name and plain(tab.grid.cell(row, column).text) == name:
        return True
    if len(marks) < 2 or not any(looks_like_a_date(cell) for _, cell in marks[:3]):
        return False
    header = date_header(tab.grid, row, tab.choice)
    return header is not None and 2 * len(header.dates) > len(marks) and len(set(header.dates.values())) > 1


def _read_row(tab: RegisterTab, row: int, marks: Marks, periods: dict[int, str]) -> None:
    student = tab.students.of(row)
    if not student.student_id and not marks:
        return
    if tab.student_problem(row, student, len(marks)):
        return
    tab.add_student(row, student)
    if errors := {cell for cell in _distinct(marks) if cell.is_error}:
        for column in (column for column, cell in marks if cell in errors):
            tab.problem(row, column, "error_value", ERROR_VALUE, 1)
        marks = [(column, cell) for column, cell in marks if cell not in errors]
    dates = tab.found.dates
    tab.add_row_of_marks(row, student, ((column, dates[column], periods[column], cell.text) for column, cell in marks))


def _distinct(marks: Marks) -> set[Cell]:
    """The different cells of a row: a register holds the same few marks many times."""
    return {cell for _, cell in marks}


def _say_other_columns(tab: RegisterTab, rows: list[int]) -> None:
    """Columns without a date: those that lose marks are problems, the others are noted."""
    found, header_row = tab.found, tab.found.header_row
    taken = {*found.columns.values(), *found.dates}
    for column in range(min(found.columns.values()) + 1, tab.grid.width + 1):
        if column in taken:
            continue
        header = next(
            (
                cell
                for row in range(header_row, found.last_header_row + 1)
                if not (cell := tab.grid.cell(row, column)).is_blank
            ),
            tab.grid.cell(header_row, column),
        )
        advice = found.unread_dates.get(column)
        filled = [row for row in rows if not tab.grid.cell(row, column).is_blank]
        if advice or _holds_marks(tab, filled, column, is_total(header.text)):
            is_beside = advice == REGISTER_BESIDE
            lost = sum(is_beside or bool(tab.students.of(row).student_id) for row in filled)
            tab.problem(header_row, column, "bad_date", advice or BAD, lost)
        elif filled or not header.is_blank:
            tab.note(f"column {address(header_row, column)} is no date")


def _holds_marks(tab: RegisterTab, filled: list[int], column: int, is_total_column: bool) -> bool:
    """Whether at least half of what stands in a column, and of three cells or more, are known marks.

    Under the header of a total, numbers are no marks.
    """
    known = [
        cell
        for row in filled
        if tab.is_known(cell := tab.grid.cell(row, column))
        and not (is_total_column and fold_mark(cell.text).isdecimal())
    ]
    return len(known) >= LEAST_MARKS_OF_A_COLUMN and 2 * len(known) >= len(filled)
