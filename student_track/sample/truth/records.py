"""True sessions, records and quarantine of a sample school, as its sheet or its tables must be understood."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import NamedTuple

from student_track.sample.actions import LoggedAction, logged_actions
from student_track.sample.calendar import SAMPLE_TODAY, SNOW_DAY, TERMS
from student_track.sample.marks import Marks, marks_of, true_marks, untaken_registers
from student_track.sample.registers import STRANGE_MARKS, Register, registers
from student_track.sample.school import CLUB, Pupil, School, pupils

HALF = Fraction(1, 2)
STRANGE_SHARE = 0.00015
"""Share of the marks that are strange where a school is made as tables; about as many as in a sheet."""


class Meaning(NamedTuple):
    """What a mark means."""

    state: str
    missed: Fraction = Fraction(0)
    is_excused: bool = False
    is_tardy: bool = False
    counts_in_rate: bool = True


CANCELS = "CLOSED"
MEANINGS = {
    "P": Meaning("present"),
    "L": Meaning("present", is_tardy=True),
    "A": Meaning("absent", Fraction(1)),
    "E": Meaning("absent", Fraction(1), is_excused=True),
    "H": Meaning("partial", HALF),
    "HE": Meaning("partial", HALF, is_excused=True),
    "NR": Meaning("absent", counts_in_rate=False),
    CANCELS: Meaning("absent", counts_in_rate=False),
}


_ONLY = {mark: frozenset((mark,)) for mark in MEANINGS}
"""Sets of one mark, shared by all sessions that hold no other."""


class Session(NamedTuple):
    """One register: was it taken, do all its marks cancel it, and where is it known from."""

    cohort: str
    day: date
    is_taken: bool
    is_cancelled: bool
    is_in_sheet: bool
    is_in_calendar: bool

    @property
    def session_id(self) -> str:
        return f"{self.cohort}|{self.day}"


class Record(NamedTuple):
    """One usable mark."""

    number: str
    cohort: str
    day: date
    mark: str

    @property
    def meaning(self) -> Meaning:
        return MEANINGS[self.mark]


class KeptOut(NamedTuple):
    """One mark that makes no record, and why."""

    number: str
    cohort: str
    day: date
    mark: str
    reason: str


class Student(NamedTuple):
    """A student with all that is known; ``actions`` is None where the school keeps no log of them."""

    pupil: Pupil
    records: list[Record]
    kept_out: list[KeptOut]
    actions: list[LoggedAction] | None = None


@dataclass
class TrueSchool:
    """A school's truth: its sessions by cohort, and its students one after the other."""

    school: School
    sessions: dict[str, list[Session]]
    students: Iterable[Student]
    strangers: list[KeptOut]
    """Marks of students who are on no roster."""
    count_duplicates: int = 0


def school_of_sheet(school: School) -> TrueSchool:
    """Return the truth about the school's workbook, mistakes included."""
    people = pupils(school)
    marks = true_marks(people, school)
    kept = registers(school, people, marks)
    written = _written(kept, marks)
    judged = _Judged(written, {pupil.number for pupil in people}, {r.group: r.bad_day for r in kept})
    log = logged_actions(people, school)
    students = [
        Student(
            *(pupil, judged.records[pupil.number], judged.kept_out[pupil.number]),
            [action for action in log if action.number == pupil.number],
        )
        for pupil in people
    ]
    strangers = [mark for number, marks in judged.kept_out.items() if number not in judged.known for mark in marks]
    in_sheet = {(register.group, day) for register in kept for day in register.days if day != register.bad_day}
    in_sheet |= {(cohort, day) for _, cohort, day in written if cohort == CLUB}
    sessions = _sessions(school, in_sheet, judged.marks_of_session)
    return TrueSchool(school, sessions, students, strangers, judged.count_duplicates)


Written = dict[tuple[str, str, date], list[str]]
"""What is written for a student (by number) in a cohort on a date, in the sheet's order."""


def _written(kept: list[Register], marks: Marks) -> Written:
    written: Written = {place: [mark] for place, mark in marks.items() if place[1] == CLUB}
    for register in kept:
        for line in register.lines:
            for day, mark in zip(register.days, line.marks, strict=True):
                if mark is not None:
                    written.setdefault((line.number, register.group, day), []).append(mark)
    return written


class _Judged:
    """Every written mark, judged: record, duplicate, or kept out for a reason."""

    def __init__(self, written: Written, known: set[str], bad_days: dict[str, date | None]) -> None:
        self.known = known
        self.records: dict[str, list[Record]] = {number: [] for number in known}
        self.kept_out: dict[str, list[KeptOut]] = {number: [] for number in known}
        self.marks_of_session: dict[tuple[str, date], set[str]] = {}
        self.count_duplicates = 0
        for (number, cohort, day), marks in sorted(written.items()):
            if bad_days.get(cohort) == day:
                self._keep_out(number, cohort, day, marks, "bad_date")
                continue
            self.marks_of_session.setdefault((cohort, day), set()).update(marks)
            self._judge(number, cohort, day, marks)

    def _judge(self, number: str, cohort: str, day: date, marks: list[str]) -> None:
        if number not in self.known:
            self._keep_out(number, cohort, day, marks, "unknown_student")
            return
        understood = [mark for mark in marks if mark in MEANINGS]
        self._keep_out(number, cohort, day, [mark for mark in marks if mark not in MEANINGS], "unknown_mark")
        if len(set(understood)) > 1:
            self._keep_out(number, cohort, day, understood, "conflicting_marks")
        elif understood:
            self.records[number].append(Record(number, cohort, day, understood[0]))
            self.count_duplicates += len(understood) - 1

    def _keep_out(self, number: str, cohort: str, day: date, marks: list[str], reason: str) -> None:
        self.kept_out.setdefault(number, []).extend(KeptOut(number, cohort, day, mark, reason) for mark in marks)


def school_of_tables(school: School) -> TrueSchool:
    """Return the truth about a school that is made as tables: its students come one at a time.

    Dirty cells are strange marks alone: a table has no lines to write a student in twice.
    """
    people = pupils(school)
    days = {cohort: school.days_of(cohort) for cohort in school.cohorts}
    untaken = untaken_registers(school)
    covered = _covered(people, days, school)
    marks = {place: _ONLY[mark] for place, mark in covered.items() if place not in untaken}
    in_sheet = {(group, day) for group in school.groups for day in days[group]} | set(covered)
    return TrueSchool(school, _sessions(school, in_sheet, marks), _Stream(school, people, days, untaken), [])


def _covered(people: list[Pupil], days: dict[str, list[date]], school: School) -> dict[tuple[str, date], str]:
    """Sessions in which anybody has a mark, and whether it is the one that cancels."""
    stays = {(stay.cohort, stay.joined, stay.left or SAMPLE_TODAY) for pupil in people for stay in pupil.stays}
    return {
        (cohort, day): CANCELS if day == SNOW_DAY and school.effects.holidays else "P"
        for cohort, joined, left in stays
        for day in days[cohort]
        if joined <= day <= left
    }


@dataclass
class _Stream:
    """Students one at a time, as often as they are asked for."""

    school: School
    people: list[Pupil]
    days: dict[str, list[date]]
    untaken: set[tuple[str, date]]

    def __iter__(self) -> Iterator[Student]:
        return map(self._student, self.people)

    def _student(self, pupil: Pupil) -> Student:
        random = Random(f"{self.school.seed}-strange-{pupil.number}")  # noqa: S311
        student = Student(pupil, [], [])
        for cohort, day, mark in marks_of(pupil, self.school, self.days):
            if (cohort, day) in self.untaken:
                continue
            if mark != CANCELS and self.school.effects.dirty_cells and random.random() < STRANGE_SHARE:
                strange = random.choice(STRANGE_MARKS)
                student.kept_out.append(KeptOut(pupil.number, cohort, day, strange, "unknown_mark"))
            else:
                student.records.append(Record(pupil.number, cohort, day, mark))
        return student


def _sessions(
    school: School, in_sheet: set[tuple[str, date]], marks: Mapping[tuple[str, date], Set[str]]
) -> dict[str, list[Session]]:
    """Sessions by cohort, in order of their dates: those of the sheet and those the calendar plans."""
    last = TERMS[-1][2]
    days: dict[str, set[date]] = {cohort: set() for cohort in school.cohorts}
    for cohort, day in in_sheet:
        days[cohort].add(day)
    sessions = {}
    for cohort in school.cohorts:
        plan = set(school.days_of(cohort, last))
        own = plan | days[cohort]
        sessions[cohort] = [
            _session(cohort, day, marks.get((cohort, day), frozenset()), (cohort, day) in in_sheet, day in plan)
            for day in sorted(own)
        ]
    return sessions


def _session(cohort: str, day: date, marks: Set[str], is_in_sheet: bool, is_in_calendar: bool) -> Session:
    return Session(cohort, day, bool(marks - {CANCELS}), marks == {CANCELS}, is_in_sheet, is_in_calendar)
