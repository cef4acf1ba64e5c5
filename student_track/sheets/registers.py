"""Registers: attendance tabs, long or wide, read into marks."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from student_track.policy import fold_mark
from student_track.sheets.contract import SheetContract, TabChoice
from student_track.sheets.dates import Order, day_month_order, is_ambiguous, looks_like_a_date, read_date
from student_track.sheets.grid import Cell, Grid, address
from student_track.sheets.reading import Mark, Problem, SheetSession, SheetStudent, TabReading
from student_track.sheets.recognition import Recognition

TOTAL_WORDS = (
    "total",
    "sum",
    "average",
    "mean",
    "count",
    "present",
    "absent",
    "attendance",
    "percent",
    "rate",
    "key",
    "legend",
)
BAD_DATE = "write the date as year-month-day, such as 2026-09-14"
AMBIGUOUS_DATE = "day and month cannot be told apart in this column: write the dates as year-month-day"
NO_STUDENT = "write the student's id in this row, or clear its marks"


def read_register(
    grid: Grid, recognition: Recognition, contract: SheetContract, known_marks: frozenset[str]
) -> TabReading:
    """Return the marks of an attendance tab. ``known_marks`` are folded marks of the policy.

    They only tell a register's column from one of totals or notes where its header is no date.
    """
    reading = TabReading(grid.source_id, grid.tab, recognition)
    cohort = contract.tabs.get(grid.tab, TabChoice()).cohort or grid.tab
    read = _read_wide if recognition.layout == "wide" else _read_long
    read(grid, recognition, cohort, known_marks, reading)
    return reading


def _read_long(
    grid: Grid, found: Recognition, tab_cohort: str, known_marks: frozenset[str], reading: TabReading
) -> None:
    columns = found.columns
    order = day_month_order(grid.cell(row, columns["date"]).text for row in _rows_below(grid, found))
    students: dict[tuple[str, str], str | None] = {}
    for row in _rows_below(grid, found):
        mark = grid.cell(row, columns["mark"])
        cohort = grid.cell(row, columns["cohort"]).text.strip() if "cohort" in columns else tab_cohort
        student, name, student_column = _student(grid, row, columns)
        problem = _problem_of_row(grid, row, columns, order, cohort, student, student_column, mark)
        if problem:
            reading.problems.append(problem)
            continue
        day = read_date(grid.cell(row, columns["date"]), order)
        if not student or day is None:
            continue
        period = grid.cell(row, columns["period"]).text.strip() if "period" in columns else ""
        reading.sessions.add(SheetSession(cohort, day, period))
        students.setdefault((student, cohort), name)
        if not mark.is_blank:
            place = (row, columns["mark"], address(row, columns["mark"]), address(row, student_column))
            reading.marks.append(Mark(grid.source_id, grid.tab, *place, cohort, student, day, period, mark.text))
    reading.students = [SheetStudent(student, name, cohort) for (student, cohort), name in students.items()]


def _problem_of_row(
    grid: Grid,
    row: int,
    columns: dict[str, int],
    order: Order | None,
    cohort: str,
    student: str,
    column: int,
    mark: Cell,
) -> Problem | None:
    """The first reason why the mark of a long row cannot be placed: date, cohort, student."""
    if mark.is_blank:
        return None
    date_cell = grid.cell(row, columns["date"])
    if read_date(date_cell, order) is None:
        return _problem(grid, row, columns["date"], "bad_date", _date_advice(date_cell), 1, cohort)
    if not cohort:
        return _problem(
            grid, row, columns["cohort"], "missing_cohort", "write the student's class in this row", 1, None
        )
    if not student:
        return _problem(grid, row, column, "missing_student", NO_STUDENT, 1, cohort)
    return None


def _read_wide(grid: Grid, found: Recognition, cohort: str, known_marks: frozenset[str], reading: TabReading) -> None:
    days = _date_columns(grid, found, known_marks, reading, cohort)
    reading.sessions = {SheetSession(cohort, day, "") for day in days.values()}
    rows = list(_rows_below(grid, found))
    for row in rows:
        student, name, student_column = _student(grid, row, found.columns)
        marks = [(column, cell) for column in days if not (cell := grid.cell(row, column)).is_blank]
        if not student:
            _read_row_without_student(grid, row, student_column, marks, known_marks, cohort, reading)
            continue
        if _is_total(student) and not any(fold_mark(cell.text) in known_marks for _, cell in marks):
            reading.notes.append(f"row {row} holds totals")
            continue
        reading.students.append(SheetStudent(student, name, cohort))
        student_cell = address(row, student_column)
        reading.marks.extend(
            Mark(
                *(grid.source_id, grid.tab, row, column, address(row, column), student_cell),
                *(cohort, student, days[column], "", cell.text),
            )
            for column, cell in marks
        )


def _read_row_without_student(
    grid: Grid,
    row: int,
    column: int,
    marks: list[tuple[int, Cell]],
    known_marks: frozenset[str],
    cohort: str,
    reading: TabReading,
) -> None:
    """Totals and notes below a register are no marks; known marks without a student go to quarantine."""
    if any(fold_mark(cell.text) in known_marks for _, cell in marks) and not _is_total(grid.cell(row, 1).text):
        reading.problems.append(_problem(grid, row, column, "missing_student", NO_STUDENT, len(marks), cohort))
    elif marks:
        reading.notes.append(f"row {row} holds no student's marks")


def _date_columns(
    grid: Grid, found: Recognition, known_marks: frozenset[str], reading: TabReading, cohort: str
) -> dict[int, date]:
    """The date of every register column; a column of marks whose header is no date goes to quarantine."""
    header = grid.rows[found.header_row - 1]
    taken = set(found.columns.values())
    candidates = [column for column in range(1, grid.width + 1) if column not in taken and column > min(taken)]
    order = day_month_order(cell.text for cell in header)
    days: dict[int, date] = {}
    for column in candidates:
        cell = grid.cell(found.header_row, column)
        day = read_date(cell, order)
        if day is not None:
            days[column] = day
        elif looks_like_a_date(cell) or _holds_marks(grid, found, column, known_marks):
            lost = _count_filled(grid, found, column)
            reading.problems.append(
                _problem(grid, found.header_row, column, "bad_date", _date_advice(cell), lost, cohort)
            )
        elif not cell.is_blank:
            reading.notes.append(f"column {address(found.header_row, column)} is no date")
    return days


def _holds_marks(grid: Grid, found: Recognition, column: int, known_marks: frozenset[str]) -> bool:
    """Whether at least half of what stands in a column, and of three cells or more, are known marks."""
    counted = Counter(
        fold_mark(cell.text) in known_marks
        for row in _rows_below(grid, found)
        if not (cell := grid.cell(row, column)).is_blank
    )
    return counted[True] >= 3 and counted[True] >= counted[False]


def _count_filled(grid: Grid, found: Recognition, column: int) -> int:
    return sum(
        not grid.cell(row, column).is_blank and bool(student) and not _is_total(student)
        for row in _rows_below(grid, found)
        for student in [_student(grid, row, found.columns)[0]]
    )


def _rows_below(grid: Grid, found: Recognition) -> Iterator[int]:
    for row in range(found.header_row + 1, len(grid.rows) + 1):
        if any(not cell.is_blank for cell in grid.rows[row - 1]):
            yield row


def _student(grid: Grid, row: int, columns: dict[str, int]) -> tuple[str, str | None, int]:
    """Id, name and column of the student of a row; where there is no column of ids, the name is the id."""
    if "student_id" not in columns:
        return grid.cell(row, columns["student_name"]).text.strip(), None, columns["student_name"]
    name = grid.cell(row, columns["student_name"]).text.strip() if "student_name" in columns else ""
    return grid.cell(row, columns["student_id"]).text.strip(), name or None, columns["student_id"]


def _is_total(text: str) -> bool:
    words = text.casefold().split()
    return bool(words) and words[0].strip(":%") in TOTAL_WORDS


def _date_advice(cell: Cell) -> str:
    return AMBIGUOUS_DATE if is_ambiguous(cell) else BAD_DATE


def _problem(grid: Grid, row: int, column: int, reason: str, advice: str, lost: int, cohort: str | None) -> Problem:
    text = grid.cell(row, column).text
    return Problem(grid.source_id, grid.tab, address(row, column), text, reason, advice, lost, cohort)
