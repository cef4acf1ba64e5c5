"""The page of one student, for who looks after it: how things stand, what happened, what was done, and every mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from student_track.page_names import INDEX, cohort_file, student_file
from student_track.reporting.calendar import calendar_of
from student_track.reporting.facts import Row
from student_track.reporting.frame import Frame
from student_track.reporting.rendering import render
from student_track.reporting.student_facts import StudentFacts

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


def student_pages(frame: Frame, students: Iterator[StudentFacts]) -> Iterator[tuple[str, str]]:
    """Yield file name and HTML of each student's page, one at a time: a large school's do not fit into memory."""
    for student in students:
        yield student_file(student.student_key), student_page(frame, student)


def student_page(frame: Frame, student: StudentFacts) -> str:
    """Return the HTML of a student's page, with the name; everything on it is the student's own."""
    return render(
        "student.html.j2",
        frame,
        student=student,
        events=time_line(student),
        compared=[row for row in student.effects if _is_comparable(row)],
        calendar=calendar_of(student.marks, frame.day.policy.possible_from_known),
        links={row["cohort"]: cohort_file(row["cohort"]) for row in student.cohorts},
        index=INDEX,
    )


def time_line(student: StudentFacts) -> list[Event]:
    """Return tiers since their first day, actions, and first and last days in cohorts; the latest first."""
    events = [Event(row["action_date"], "action", row["kind"], by=row["taken_by"]) for row in student.actions]
    for row in student.cohorts:
        for what, column in (("joined", "first_expected_date"), ("left", "last_expected_date")):
            if row[column]:
                events.append(Event(row[column], what, row["cohort"]))
    for row in student.tiers:
        counts = row["missed_units"], row["count_possible_units"]
        events.append(Event(row["since_date"], "tier", row["tier"], *counts, by=row["cohort_id"] or None))
    return sorted(events, key=lambda event: event.date, reverse=True)


def _is_comparable(effect: Row) -> bool:
    return min(effect["marks_before"], effect["marks_after"]) >= LEAST_MARKS_TO_COMPARE
