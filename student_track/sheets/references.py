"""Reference tabs: roster, calendar, owners, actions."""

from collections.abc import Iterator
from datetime import date

from student_track.sheets.contract import SESSION_WEEKDAYS, TabChoice
from student_track.sheets.date_headers import date_hints
from student_track.sheets.dates import BAD, Read, read_dates
from student_track.sheets.grid import Cell, Grid, address
from student_track.sheets.merged_cells import FILLED_DOWN, filled_down
from student_track.sheets.reading import (
    ActionEntry,
    CalendarEntry,
    OwnerEntry,
    Problem,
    RosterEntry,
    TabReading,
)
from student_track.sheets.recognised import Recognition
from student_track.sheets.students import StudentColumns
from student_track.translatable import N_

CALENDAR_TYPES = ("school year", "term", "school days", "holiday", "cancelled")
SCHOOL_WEEK = (0, 1, 2, 3, 4)


def read_reference(grid: Grid, recognition: Recognition, choice: TabChoice) -> TabReading:
    """Return what a roster, calendar, owners or actions tab says; an unreadable cell is a problem."""
    reading = TabReading(grid.source_id, grid.tab, recognition)
    lines = _Lines(grid, recognition, reading, choice)
    read = {"roster": _roster, "calendar": _calendar, "owners": _owners, "actions": _actions}[recognition.kind]
    read(lines, reading)
    return reading


class _Lines:
    """The rows below a reference tab's header, with their columns by role."""

    def __init__(self, grid: Grid, found: Recognition, reading: TabReading, choice: TabChoice) -> None:
        self.grid = filled_down(grid, map(found.columns.get, FILLED_DOWN), found.first_row)
        self.found, self.reading = found, reading
        self._hints = date_hints(grid, choice, found.header_row)
        self._dates: dict[str, dict[Cell, Read]] = {}

    def __iter__(self) -> Iterator[int]:
        for row in range(self.found.header_row + 1, len(self.grid.rows) + 1):
            if any(not cell.is_blank for cell in self.grid.rows[row - 1]):
                yield row

    @property
    def id_role(self) -> str:
        return "student_id" if self.has("student_id") else "student_name"

    def students(self) -> StudentColumns:
        """The students of the tab; a tab without any column of them has none in any row."""
        columns = self.found.columns if self.has(self.id_role) else {"student_name": 0}
        return StudentColumns(self.grid, columns, (self.cell(row, self.id_role) for row in self))

    def has(self, role: str) -> bool:
        return role in self.found.columns

    def cell(self, row: int, role: str) -> Cell:
        return self.grid.cell(row, self.found.columns.get(role, 0))

    def text(self, row: int, role: str) -> str:
        return self.cell(row, role).text.strip()

    def date(self, row: int, role: str) -> date | None:
        """The date of a cell; one that is written and cannot be read becomes a problem."""
        cell = self.cell(row, role)
        if cell.is_blank:
            return None
        day = self._column(role)[cell]
        if not isinstance(day, date):
            self.problem(row, role, "bad_date", BAD)
            return None
        return day

    def problem(self, row: int, role: str, reason: str, advice: str) -> None:
        where = address(row, self.found.columns.get(role, 1))
        text = self.cell(row, role).text
        self.reading.problems.append(Problem(self.grid.source_id, self.grid.tab, where, text, reason, advice, 0))

    def _column(self, role: str) -> dict[Cell, Read]:
        if role not in self._dates:
            cells = list({self.cell(row, role) for row in self})
            self._dates[role] = dict(zip(cells, read_dates(cells, self._hints), strict=True))
        return self._dates[role]


def _roster(lines: _Lines, reading: TabReading) -> None:
    students = lines.students()
    for row in lines:
        student = students.of(row)
        if not student.student_id:
            lines.problem(row, lines.id_role, "missing_student", N_("write the student's id in this row, or clear it"))
            continue
        if student.doubt:
            lines.problem(row, lines.id_role, "doubtful_id", student.doubt)
            continue
        joined, left = lines.date(row, "joined"), lines.date(row, "left")
        if joined and left and left < joined:
            lines.problem(
                row, "left", "left_before_joined", N_("the last day lies before the first: mend one of the two")
            )
            left = None
        cohort = lines.text(row, "cohort")
        entry = RosterEntry(student.student_id, student.name, cohort, joined, left, lines.has("left"))
        reading.roster.append(entry)


def _calendar(lines: _Lines, reading: TabReading) -> None:
    for row in lines:
        kind = " ".join(lines.text(row, "type").casefold().replace("_", " ").split())
        if kind not in CALENDAR_TYPES:
            lines.problem(row, "type", "unknown_calendar_type", f"write one of: {', '.join(CALENDAR_TYPES)}")
            continue
        start, end = lines.date(row, "from"), lines.date(row, "to")
        end = end if not lines.cell(row, "to").is_blank else start
        if start is None or end is None or end < start:
            if start and end:
                lines.problem(row, "to", "ends_before_it_starts", N_("mend one of the two dates"))
            continue
        reading.calendar.append(
            CalendarEntry(
                *(kind, lines.text(row, "label"), start, end),
                _weekdays(lines, row),
                tuple(part.strip() for part in lines.text(row, "periods").split(",") if part.strip()),
                lines.text(row, "cohort"),
            )
        )


def _weekdays(lines: _Lines, row: int) -> tuple[int, ...]:
    """Weekdays (Monday is 0) written as ``Mon Tue``, ``Mon, Tue`` or ``Mon-Fri``; empty: Monday to Friday."""
    text = lines.text(row, "weekdays").casefold().replace(",", " ").replace("–", "-")
    days: list[int] = []
    for word in text.split():
        ends = [part[:3] for part in word.split("-")]
        if not all(end in SESSION_WEEKDAYS for end in ends) or len(ends) > 2:
            lines.problem(row, "weekdays", "unknown_weekday", N_("write weekdays as Mon Tue Wed Thu Fri, or Mon-Fri"))
            return SCHOOL_WEEK
        days.extend(range(SESSION_WEEKDAYS.index(ends[0]), SESSION_WEEKDAYS.index(ends[-1]) + 1))
    return tuple(sorted(set(days))) or SCHOOL_WEEK


def _owners(lines: _Lines, reading: TabReading) -> None:
    for row in lines:
        cohort = lines.text(row, "cohort")
        if not cohort:
            lines.problem(row, "cohort", "missing_cohort", N_("write the cohort in this row, or clear it"))
            continue
        people = [lines.text(row, role) or None for role in ("owner", "deputy", "teacher")]
        reading.owners.append(OwnerEntry(cohort, *people))


def _actions(lines: _Lines, reading: TabReading) -> None:
    students = lines.students()
    for row in lines:
        student, day = students.of(row).student_id, lines.date(row, "date")
        if not student:
            lines.problem(row, lines.id_role, "missing_student", N_("write the student's id in this row, or clear it"))
        elif day is None and lines.cell(row, "date").is_blank:
            lines.problem(row, "date", "bad_date", BAD)
        elif day is not None:
            place = f"{lines.grid.source_id}|{lines.grid.tab}|{row}"
            by, note = lines.text(row, "by") or None, lines.text(row, "note") or None
            reading.actions.append(ActionEntry(place, student, day, lines.text(row, "action").casefold(), by, note))
