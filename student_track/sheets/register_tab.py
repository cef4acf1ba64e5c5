"""One attendance tab while it is read: its rows, its students, and what is said about cells."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from student_track.policy import fold_mark
from student_track.sheets.calendar_words import fold_word, is_weekday
from student_track.sheets.class_titles import class_of_title
from student_track.sheets.contract import TabChoice
from student_track.sheets.date_headers import date_hints
from student_track.sheets.dates import BAD, Unread, read_dates
from student_track.sheets.durations import minutes_of
from student_track.sheets.grid import Cell, Grid, address
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.merged_cells import FILLED_DOWN, filled_down
from student_track.sheets.reading import Mark, Problem, SheetSession, SheetStudent, TabReading
from student_track.sheets.students import Student, StudentColumns, column_of_ids
from student_track.translatable import N_

PRESENT, ABSENT, LATE = "P", "A", "L"
"""Marks of the code table that stand for what no mark says: a stamp, enough minutes, being listed or not."""

NO_STUDENT = N_("write the student's id in this row, or clear its marks")
NO_COHORT = N_("write the student's class in this row")
ERROR_VALUE = N_("a formula fails in this cell: mend it, or write the mark itself")
ERROR_STUDENT = N_("a formula fails in this cell: mend it, or write the student's id itself")


class RegisterTab:
    """A tab with what was recognised in it; readers of layouts add to ``reading``."""

    def __init__(self, grid: Grid, reading: TabReading, choice: TabChoice, known_marks: KnownMarks) -> None:
        self.found = reading.recognition
        self.grid = filled_down(grid, map(self.found.columns.get, FILLED_DOWN), self.found.first_row)
        self.reading, self.choice, self.known_marks = reading, choice, known_marks
        hints = date_hints(grid, choice, self.found.header_row)
        self.class_of_title = class_of_title(grid.tab, set(self.found.dates.values()), self._is_day_in_title(), hints)
        self.cohort = choice.cohort or self.class_of_title or grid.tab
        is_by_row = "cohort" in choice.columns and not choice.cohort
        self.column_of_classes = self.found.columns["cohort"] if is_by_row else 0
        self._known: dict[str, bool] = {}
        self._meanings: dict[str, str | None] = {}

    @cached_property
    def rows(self) -> list[int]:
        """Rows below the header in which something stands, without lone texts at the very end."""
        first = self.found.first_row
        filled = [
            row
            for row, cells in enumerate(self.grid.rows[first - 1 :], first)
            if any(cell.text and not cell.is_blank for cell in cells)
        ]
        footer = self._footer(filled)
        for row in footer:
            self.note(f"row {row} is a footer")
        return filled[: len(filled) - len(footer)]

    def _footer(self, filled: list[int]) -> list[int]:
        """The last rows, below a blank one, that hold one cell each."""
        start = len(filled)
        while start and not _has_two_cells(self.grid.rows[filled[start - 1] - 1]):
            start -= 1
        above = [self.found.first_row - 1, *filled]
        gap = next((index for index in range(start, len(filled)) if filled[index] > above[index] + 1), None)
        return filled[gap:] if gap is not None else []

    @cached_property
    def students(self) -> StudentColumns:
        """The students, told by the rows that hold more than a footer or the explanation of a mark."""
        column = column_of_ids(self.found.columns)
        rows = [row for row in self.rows if _has_two_cells(self.grid.rows[row - 1])]
        cells = {self.grid.cell(row, column) for row in rows or self.rows}
        header = self.grid.cell(self.found.header_row, column)
        surely = (cell for cell in cells if cell != header and fold_mark(cell.text) not in self.known_marks)
        return StudentColumns(self.grid, self.found.columns, surely)

    def _is_day_in_title(self) -> bool:
        """Whether the title says when the tab was: one session has its day there, a week below weekdays its date."""
        header = [self.grid.cell(self.found.header_row, column).text.strip(" .") for column in self.found.dates]
        is_week = self.found.layout == "wide" and all(text.isalpha() and is_weekday(fold_word(text)) for text in header)
        return self.found.layout == "one_session" or (is_week and bool(header))

    def class_of(self, row: int) -> str:
        """Return the class of a row: the tab's, or what stands in the column that a person named for it."""
        return self.grid.cell(row, self.column_of_classes).text.strip() if self.column_of_classes else self.cohort

    @cached_property
    def classes(self) -> set[str]:
        """All classes of the tab."""
        return {name for row in self.rows if (name := self.class_of(row))} if self.column_of_classes else {self.cohort}

    def is_known(self, cell: Cell) -> bool:
        """Return whether a mark of the code table, or of the tab's own, stands in a cell."""
        text = cell.text
        if text not in self._known:
            self._known[text] = fold_mark(text) in self.known_marks or self.meaning(text) is not None
        return self._known[text]

    def meaning(self, text: str) -> str | None:
        """Return the mark of the code table that a written one stands for in this tab; None: itself."""
        if text not in self._meanings:
            self._meanings[text] = self._look_up(text)
        return self._meanings[text]

    def _look_up(self, text: str) -> str | None:
        if meant := self.choice.meaning_of(text):
            return meant
        limit = self.choice.present_from_minutes
        minutes = minutes_of(text) if limit else None
        return None if limit is None or minutes is None else (PRESENT if minutes >= limit else ABSENT)

    def note(self, text: str) -> None:
        self.reading.notes.append(text)

    def problem(self, row: int, column: int, reason: str, advice: str, lost: int, cohort: str | None = "") -> None:
        """Say that a cell could not be understood, and how many marks it keeps out."""
        place = (self.grid.source_id, self.grid.tab, address(row, column), self.grid.cell(row, column).text)
        if cohort == "":
            is_of_all_classes = self.column_of_classes and row < self.found.first_row
            cohort = None if is_of_all_classes else self.class_of(row) or None
        self.reading.problems.append(Problem(*place, reason, advice, lost, cohort))

    def student_problem(self, row: int, student: Student, lost: int, cohort: str | None = "") -> bool:
        """Say why the marks of a row have no student; return whether they have none."""
        cell = self.grid.cell(row, student.column)
        if cell.is_error:
            self.problem(row, student.column, "error_value", ERROR_STUDENT, lost, cohort)
        elif not student.student_id:
            self.problem(row, student.column, "missing_student", NO_STUDENT, lost, cohort)
        elif student.doubt:
            self.problem(row, student.column, "doubtful_id", student.doubt, lost, cohort)
        elif self.column_of_classes and not self.class_of(row):
            self.problem(row, self.column_of_classes, "missing_cohort", NO_COHORT, lost, None)
        else:
            return False
        return True

    def dates(self, cells: Iterable[Cell]) -> dict[Cell, date | Unread]:
        """Return the date of each different cell, judged together; what is no date at all is a bad one."""
        distinct = list(set(cells))
        read = read_dates(distinct, date_hints(self.grid, self.choice, self.found.header_row))
        return {cell: day or Unread(BAD) for cell, day in zip(distinct, read, strict=True)}

    def add_mark(
        self, row: int, column: int, student: Student, day: date, text: str, meaning: str | None, period: str = ""
    ) -> None:
        """Take a mark of the row's class."""
        place = (self.grid.source_id, self.grid.tab, row, column, student.column)
        self.reading.marks.append(Mark(*place, self.class_of(row), student.student_id, day, period, text, meaning))

    def add_row_of_marks(self, row: int, student: Student, marks: Iterable[tuple[int, date, str, str]]) -> None:
        """Take a student's marks in one row, each with its column, date, period and text."""
        source_id, tab, cohort, student_id = self.grid.source_id, self.grid.tab, self.class_of(row), student.student_id
        place, meaning = student.column, self.meaning
        self.reading.marks += [
            # one call of a hundred thousand: neither names of arguments nor a tuple to be taken apart
            Mark(source_id, tab, row, column, place, cohort, student_id, day, period, text, meaning(text))
            for column, day, period, text in marks
        ]

    def add_student(self, row: int, student: Student) -> None:
        """Take a student of the row's class."""
        self.reading.students.append(SheetStudent(student.student_id, student.name, self.class_of(row)))

    def add_sessions(self, days: Iterable[date], period: str = "", row: int | None = None) -> None:
        """Take the sessions of the row's class on these days; without a row, those of every class of the tab."""
        days, classes = list(days), self.classes if row is None else {self.class_of(row)}
        self.reading.sessions |= {SheetSession(name, day, period) for name in classes for day in days}


def _has_two_cells(cells: list[Cell]) -> bool:
    filled = (cell for cell in cells if not cell.is_blank)
    return next(filled, None) is not None and next(filled, None) is not None
