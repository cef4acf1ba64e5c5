"""Long registers: one row per mark."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from student_track.sheets.dates import Unread
from student_track.sheets.grid import BLANK, Cell
from student_track.sheets.reading import Mark, SheetSession, SheetStudent
from student_track.sheets.register_tab import ERROR_VALUE, NO_COHORT, RegisterTab
from student_track.sheets.students import STUDENT_ROLES, Student

ROLES = ("date", "mark", "cohort", "period")


class _Line(NamedTuple):
    """The cells of a row by what they mean, without the student's."""

    row: int
    date: Cell
    mark: Cell
    cohort: Cell
    period: Cell


def read_long(tab: RegisterTab) -> None:
    """Take the mark of every row; a row has one reason at most why it has none: its date, cohort, student or mark."""
    lines = list(_lines(tab))
    dates = tab.dates(line.date for line in lines)
    students: dict[tuple[str, str], str | None] = {}
    has_cohort = "cohort" in tab.found.columns
    for line in lines:
        day, student = dates[line.date], tab.students.of(line.row)
        cohort = line.cohort.text.strip() if has_cohort else tab.cohort
        has_mark = not line.mark.is_blank
        if has_mark and _is_refused(tab, line, day, student, cohort):
            continue
        if not student.student_id or student.doubt or isinstance(day, Unread) or not cohort:
            continue
        period = line.period.text.strip()
        tab.reading.sessions.add(SheetSession(cohort, day, period))
        students.setdefault((student.student_id, cohort), student.name)
        if has_mark:
            tab.reading.marks.append(_mark(tab, line, student, cohort, day))
    tab.reading.students = [SheetStudent(student, name, cohort) for (student, cohort), name in students.items()]


def _lines(tab: RegisterTab) -> Iterator[_Line]:
    """The rows, without headers said again; merged cells are filled down where a person says so."""
    columns = [tab.found.columns.get(role, 0) for role in ROLES]
    header = _cells(tab, tab.found.header_row, columns)
    above: dict[str, Cell] = {}
    for row in tab.rows:
        cells = _cells(tab, row, columns)
        if cells == header:
            tab.note(f"row {row} says the header again")
            continue
        if tab.choice.fill_down:
            cells = _filled_down(tab, row, cells, above)
        yield _Line(row, *cells)


def _cells(tab: RegisterTab, row: int, columns: list[int]) -> list[Cell]:
    cells = tab.grid.rows[row - 1]
    width = len(cells)
    return [cells[column - 1] if 0 < column <= width else BLANK for column in columns]


def _filled_down(tab: RegisterTab, row: int, cells: list[Cell], above: dict[str, Cell]) -> list[Cell]:
    """The cells, with those above in place of blank ones; ``above`` remembers the last that stood in each column."""
    here = dict(zip(ROLES, cells, strict=True))
    here |= {role: tab.grid.cell(row, tab.found.columns.get(role, 0)) for role in STUDENT_ROLES}
    for role in tab.choice.fill_down:
        if not here[role].is_blank:
            above[role] = here[role]
        elif role in above:
            here[role] = above[role]
            if tab.found.columns[role] == tab.students.column:
                tab.students.fill(row, above[role])
    return [here[role] for role in ROLES]


def _is_refused(tab: RegisterTab, line: _Line, day: date | Unread, student: Student, cohort: str) -> bool:
    columns, row = tab.found.columns, line.row
    if isinstance(day, Unread):
        tab.problem(row, columns["date"], "bad_date", day.advice, 1, cohort or None)
    elif not cohort:
        tab.problem(row, columns["cohort"], "missing_cohort", NO_COHORT, 1, None)
    elif tab.student_problem(row, student, 1, cohort):
        return True
    elif line.mark.is_error:
        tab.problem(row, columns["mark"], "error_value", ERROR_VALUE, 1, cohort)
    else:
        return False
    return True


def _mark(tab: RegisterTab, line: _Line, student: Student, cohort: str, day: date) -> Mark:
    column = tab.found.columns["mark"]
    return Mark(
        *(tab.grid.source_id, tab.grid.tab, line.row, column, student.column, cohort, student.student_id, day),
        *(line.period.text.strip(), line.mark.text, tab.meaning(line.mark.text)),
    )
