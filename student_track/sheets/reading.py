"""A recognised tab read into values: marks, sessions, students, and what could not be understood."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from student_track.sheets.grid import address
from student_track.sheets.recognised import Recognition


class Mark(NamedTuple):
    """One mark of one student in one session, as written. ``student_column`` is where, in its row, the student stands.

    ``meaning`` is the mark of the code table it stands for where the tab itself or the contract says so: a bare ``1``,
    minutes, a date in a list of absences. None: what is written is to be looked up.
    """

    source_id: str
    tab: str
    row: int
    column: int
    student_column: int
    cohort_id: str
    student_id: str
    session_date: date
    period: str
    mark: str
    meaning: str | None = None

    @property
    def cell(self) -> str:
        """Its address; a register has a hundred thousand marks, so none is written before someone asks."""
        return address(self.row, self.column)


class Problem(NamedTuple):
    """A cell that could not be understood, and how many marks it keeps out."""

    source_id: str
    tab: str
    cell: str
    raw_value: str
    reason: str
    what_to_do: str
    count_marks: int
    cohort_id: str | None = None


class SheetSession(NamedTuple):
    """A register the sheet has room for, whether or not a mark stands in it."""

    cohort_id: str
    session_date: date
    period: str


class SheetStudent(NamedTuple):
    """A student as an attendance tab or a roster names one."""

    student_id: str
    student_name: str | None
    cohort_id: str


class RosterEntry(NamedTuple):
    """One line of a roster: a stay in a cohort (empty: in every cohort in which marks stand)."""

    student_id: str
    student_name: str | None
    cohort_id: str
    joined: date | None
    left: date | None
    is_end_declared: bool


class CalendarEntry(NamedTuple):
    """One line of a calendar; an empty cohort means all."""

    type: str
    label: str
    from_date: date
    to_date: date
    weekdays: tuple[int, ...]
    periods: tuple[str, ...]
    cohort_id: str


class OwnerEntry(NamedTuple):
    """Who looks after a cohort."""

    cohort_id: str
    owner: str | None
    deputy: str | None
    teacher: str | None


class ActionEntry(NamedTuple):
    """A call, letter, meeting or acknowledgement."""

    action_id: str
    student_id: str
    action_date: date
    kind: str
    by: str | None
    note: str | None


@dataclass
class TabReading:
    """Everything one tab said.

    What the sheet contract may call the tab: ``contract_name`` means it alone, ``contract_names`` are all.
    """

    source_id: str
    tab: str
    recognition: Recognition
    tab_id: str = ""
    contract_name: str = ""
    contract_names: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sessions: set[SheetSession] = field(default_factory=set)
    students: list[SheetStudent] = field(default_factory=list)
    roster: list[RosterEntry] = field(default_factory=list)
    calendar: list[CalendarEntry] = field(default_factory=list)
    owners: list[OwnerEntry] = field(default_factory=list)
    actions: list[ActionEntry] = field(default_factory=list)

    @property
    def count_marks(self) -> int:
        """Marks in the tab: those read, and those a cell that was not understood keeps out."""
        return len(self.marks) + sum(problem.count_marks for problem in self.problems)
