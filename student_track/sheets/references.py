"""Reference tabs: roster, calendar, owners, actions."""

from collections.abc import Iterator
from datetime import date

from student_track.sheets.dates import Order, day_month_order, read_date
from student_track.sheets.grid import Cell, Grid, address
from student_track.sheets.reading import (
    ActionEntry,
    CalendarEntry,
    OwnerEntry,
    Problem,
    RosterEntry,
    TabReading,
)
from student_track.sheets.recognition import Recognition

CALENDAR_TYPES = ("school year", "term", "school days", "holiday", "cancelled")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHOOL_WEEK = (0, 1, 2, 3, 4)
BAD_DATE = "write the date as year-month-day, such as 2026-09-14"


def read_reference(grid: Grid, recognition: Recognition) -> TabReading:
    """Return what a roster, calendar, owners or actions tab says; an unreadable cell is a problem."""
    reading = TabReading(grid.source_id, grid.tab, recognition)
    lines = _Lines(grid, recognition, reading)
    read = {"roster": _roster, "calendar": _calendar, "owners": _owners, "actions": _actions}[recognition.kind]
    read(lines, reading)
    return reading


class _Lines:
    """The rows below a reference tab's header, with their columns by role."""

    def __init__(self, grid: Grid, found: Recognition, reading: TabReading) -> None:
        self.grid, self.found, self.reading = grid, found, reading
        self._orders: dict[str, Order | None] = {}

    def __iter__(self) -> Iterator[int]:
        for row in range(self.found.header_row + 1, len(self.grid.rows) + 1):
            if any(not cell.is_blank for cell in self.grid.rows[row - 1]):
                yield row

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
        day = read_date(cell, self._order(role))
        if day is None:
            self.problem(row, role, "bad_date", BAD_DATE)
        return day

    def problem(self, row: int, role: str, reason: str, advice: str) -> None:
        where = address(row, self.found.columns.get(role, 1))
        text = self.cell(row, role).text
        self.reading.problems.append(Problem(self.grid.source_id, self.grid.tab, where, text, reason, advice, 0))

    def _order(self, role: str) -> Order | None:
        if role not in self._orders:
            self._orders[role] = day_month_order(self.cell(row, role).text for row in self)
        return self._orders[role]


def _roster(lines: _Lines, reading: TabReading) -> None:
    id_role = "student_id" if lines.has("student_id") else "student_name"
    for row in lines:
        student = lines.text(row, id_role)
        if not student:
            lines.problem(row, id_role, "missing_student", "write the student's id in this row, or clear it")
            continue
        name = lines.text(row, "student_name") if id_role == "student_id" else ""
        joined, left = lines.date(row, "joined"), lines.date(row, "left")
        if joined and left and left < joined:
            lines.problem(row, "left", "left_before_joined", "the last day lies before the first: mend one of the two")
            left = None
        entry = RosterEntry(student, name or None, lines.text(row, "cohort"), joined, left, lines.has("left"))
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
                lines.problem(row, "to", "ends_before_it_starts", "mend one of the two dates")
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
        if not all(end in WEEKDAYS for end in ends) or len(ends) > 2:
            lines.problem(row, "weekdays", "unknown_weekday", "write weekdays as Mon Tue Wed Thu Fri, or Mon-Fri")
            return SCHOOL_WEEK
        days.extend(range(WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1]) + 1))
    return tuple(sorted(set(days))) or SCHOOL_WEEK


def _owners(lines: _Lines, reading: TabReading) -> None:
    for row in lines:
        cohort = lines.text(row, "cohort")
        if not cohort:
            lines.problem(row, "cohort", "missing_cohort", "write the cohort in this row, or clear it")
            continue
        people = [lines.text(row, role) or None for role in ("owner", "deputy", "teacher")]
        reading.owners.append(OwnerEntry(cohort, *people))


def _actions(lines: _Lines, reading: TabReading) -> None:
    id_role = "student_id" if lines.has("student_id") else "student_name"
    for row in lines:
        student, day = lines.text(row, id_role), lines.date(row, "date")
        if not student:
            lines.problem(row, id_role, "missing_student", "write the student's id in this row, or clear it")
        elif day is None and lines.cell(row, "date").is_blank:
            lines.problem(row, "date", "bad_date", BAD_DATE)
        elif day is not None:
            place = f"{lines.grid.source_id}|{lines.grid.tab}|{row}"
            by, note = lines.text(row, "by") or None, lines.text(row, "note") or None
            reading.actions.append(ActionEntry(place, student, day, lines.text(row, "action").casefold(), by, note))
