"""The page of one student, for who looks after it: how things stand, what happened, what was done, and every mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from student_track.page_names import INDEX, cohort_file, student_file
from student_track.reporting.calendar import calendar_of
from student_track.reporting.facts import Row
from student_track.reporting.frame import Frame
from student_track.reporting.rendering import render
from student_track.reporting.student_facts import StudentFacts, Unit

LEAST_MARKS_TO_COMPARE = 5
"""Marks before and after an action from which its before and after are shown."""


@dataclass(frozen=True)
class Event:
    """Something on the time line: ``what`` is tier, action, joined or left; ``subject`` its tier, kind or cohort."""

    date: date
    what: str
    subject: str
    missed: float | None = None
    possible: int | None = None
    by: str | None = None


@dataclass(frozen=True)
class Weekday:
    """Units of a weekday (1: Monday) in the period: possible, and missed with fractions."""

    weekday: int
    possible: int
    missed: float


def student_pages(frame: Frame, students: Iterator[StudentFacts]) -> Iterator[tuple[str, str]]:
    """Yield file name and HTML of each student's page, one at a time: a large school's do not fit into memory."""
    for student in students:
        yield student_file(student.student_key), student_page(frame, student)


def student_page(frame: Frame, student: StudentFacts) -> str:
    """Return the HTML of a student's page, with the name; everything on it is the student's own."""
    policy = frame.day.policy
    return render(
        "student.html.j2",
        frame,
        student=student,
        events=time_line(student, policy.parts_per_unit),
        weekdays=weekdays_of(student.units, policy.parts_per_unit),
        compared=[row for row in student.effects if _is_comparable(row)],
        calendar=calendar_of(student.marks, policy.possible_from_known),
        links={row["cohort"]: cohort_file(row["cohort"]) for row in student.cohorts},
        index=INDEX,
    )


def time_line(student: StudentFacts, parts_per_unit: int) -> list[Event]:
    """Return tiers since their first day, actions, and first and last days in cohorts; the latest first."""
    events = [Event(row["action_date"], "action", row["kind"], by=row["taken_by"]) for row in student.actions]
    for row in student.cohorts:
        for what, column in (("joined", "first_expected_date"), ("left", "last_expected_date")):
            if row[column]:
                events.append(Event(row[column], what, row["cohort"]))
    for _, units in groupby(student.units, key=lambda unit: unit.cohort):
        events += _tiers(list(units), parts_per_unit)
    return sorted(events, key=lambda event: event.date, reverse=True)


def _tiers(units: list[Unit], parts_per_unit: int) -> Iterator[Event]:
    """Each tier that began to hold, with what was missed and possible after that unit."""
    possible, missed, before = 0, 0, None
    for unit in units:
        possible, missed = possible + unit.is_possible, missed + unit.missed_parts
        if unit.tier != before:
            yield Event(unit.date, "tier", unit.tier, missed / parts_per_unit, possible, unit.cohort or None)
        before = unit.tier


def weekdays_of(units: list[Unit], parts_per_unit: int) -> list[Weekday]:
    """Return the weekdays with possible units, Monday first."""
    found: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.is_possible:
            found.setdefault(unit.date.isoweekday(), []).append(unit)
    return [
        Weekday(weekday, len(own), sum(unit.missed_parts for unit in own) / parts_per_unit)
        for weekday, own in sorted(found.items())
    ]


def _is_comparable(effect: Row) -> bool:
    return min(effect["marks_before"], effect["marks_after"]) >= LEAST_MARKS_TO_COMPARE
