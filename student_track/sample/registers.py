"""The registers as they are kept: who stands in which line, what is written there, and the mistakes people make."""

from dataclasses import dataclass
from datetime import date
from random import Random

from student_track.sample.marks import Marks, untaken_registers
from student_track.sample.school import CLUB, Pupil, School

STRANGE_MARKS = ("?", "sck", "see note", "P?", "1", "n/a")
COUNT_STRANGE = 15
GROUP_WITH_BAD_DATE, PLACE_OF_BAD_DATE, BAD_DATE = "Cedar", -30, "31 Sept 2026"
GROUP_WITH_UNKNOWN, UNKNOWN_STUDENT, DAYS_OF_UNKNOWN = "Hazel", ("009999", "New pupil"), 12
GROUP_WITH_DOUBLE, DAYS_OF_DOUBLE = "Maple", 5


@dataclass(frozen=True)
class Line:
    """A student's line: what is written on each day of the register, None for nothing."""

    number: str
    name: str
    marks: list[str | None]
    has_total: bool = True


@dataclass(frozen=True)
class Register:
    """A group's register; on ``bad_day`` its header shows a date that does not exist.

    ``present`` is the teacher's own count of each day, also of days on which the register was not taken.
    """

    group: str
    days: list[date]
    lines: list[Line]
    present: list[int]
    bad_day: date | None


def registers(school: School, people: list[Pupil], marks: Marks) -> list[Register]:
    """Return the register of every group, with the mistakes where the school has them."""
    untaken = untaken_registers(school)
    written = marks | _strange_cells(marks, untaken, school.seed) if school.effects.dirty_cells else marks
    return [_register(school, group, people, written, untaken) for group in school.groups]


def _register(
    school: School, group: str, people: list[Pupil], written: Marks, untaken: set[tuple[str, date]]
) -> Register:
    days = school.days_of(group)
    own = [pupil for pupil in people if any(stay.cohort == group for stay in pupil.stays)]
    lines = [
        Line(
            pupil.number,
            pupil.name,
            [None if (group, day) in untaken else written.get((pupil.number, group, day)) for day in days],
        )
        for pupil in own
    ]
    is_dirty = school.effects.dirty_cells
    bad_day = days[PLACE_OF_BAD_DATE] if is_dirty and group == GROUP_WITH_BAD_DATE else None
    present = [sum(written.get((pupil.number, group, day)) in ("P", "L") for pupil in own) for day in days]
    return Register(group, days, lines + (_mistaken_lines(group, lines) if is_dirty else []), present, bad_day)


def _strange_cells(marks: Marks, untaken: set[tuple[str, date]], seed: int) -> Marks:
    """A few cells hold what is in no code table."""
    random = Random(f"{seed}-strange")  # noqa: S311
    places = [place for place in sorted(marks) if place[1] != CLUB and (place[1], place[2]) not in untaken]
    chosen = random.sample(places, COUNT_STRANGE)
    return {place: STRANGE_MARKS[index % len(STRANGE_MARKS)] for index, place in enumerate(chosen)}


def _mistaken_lines(group: str, lines: list[Line]) -> list[Line]:
    """A student nobody put on the roster; a student written twice, equal but for one mark."""
    count = len(lines[0].marks)
    if group == GROUP_WITH_UNKNOWN:
        present = [*[None] * (count - DAYS_OF_UNKNOWN), *["P"] * DAYS_OF_UNKNOWN]
        return [Line(*UNKNOWN_STUDENT, present, has_total=False)]
    if group == GROUP_WITH_DOUBLE:
        copy = [*[None] * (count - DAYS_OF_DOUBLE), *lines[0].marks[-DAYS_OF_DOUBLE:]]
        copy[-1] = "A" if copy[-1] == "P" else "P"
        return [Line(lines[0].number, lines[0].name, copy, has_total=False)]
    return []
