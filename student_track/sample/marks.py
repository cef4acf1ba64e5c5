"""What happens in the sample school: each student's mark on each school day, and which registers nobody took."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from student_track.sample.calendar import SAMPLE_TODAY, SNOW_DAY
from student_track.sample.effects import Effects
from student_track.sample.school import Pupil, School

WEEKDAY_WEIGHT = (1.1, 0.9, 0.85, 0.95, 1.25)
MOST_ABSENCE = 0.95
ILLNESS_AMONG_ABSENCES, DAYS_MORE = 0.25, (1, 1, 2, 3)
EXCUSED_AMONG_OTHERS, HALF_DAYS = 0.3, 0.004
UNTAKEN_SHARE = 0.012
FORGETFUL_GROUP, LATE_GROUP = "Larch", "Elm"
DECLINE_PER_WEEK = 0.09
WORST_OF_DECLINE = 0.6

Marks = dict[tuple[str, str, date], str]
"""Mark of a student (by number) in a cohort on a date."""


def true_marks(people: list[Pupil], school: School) -> Marks:
    """Return every mark that the registers would show had each been taken."""
    days = {cohort: school.days_of(cohort) for cohort in school.cohorts}
    return {
        (pupil.number, cohort, day): mark for pupil in people for cohort, day, mark in marks_of(pupil, school, days)
    }


def marks_of(pupil: Pupil, school: School, days: dict[str, list[date]]) -> Iterator[tuple[str, date, str]]:
    """Yield a student's cohort, day and mark, stay by stay; ``days`` are those on which each cohort meets."""
    random = Random(f"{school.seed}-{pupil.number}")  # noqa: S311 - each student has an own story
    is_snow_known = school.effects.holidays
    for stay in pupil.stays:
        own = [day for day in days[stay.cohort] if stay.joined <= day <= (stay.left or SAMPLE_TODAY)]
        for day, (mark, _) in zip(own, story(pupil, own, random, school.effects), strict=True):
            yield stay.cohort, day, "CLOSED" if day == SNOW_DAY and is_snow_known else mark


def untaken_registers(school: School) -> set[tuple[str, date]]:
    """Return the registers nobody took: a few at random, and the latest of a forgetful group."""
    if not school.effects.untaken_registers:
        return set()
    random = Random(f"{school.seed}-untaken")  # noqa: S311
    days = {group: school.days_of(group) for group in school.groups}
    untaken = {(group, day) for group in school.groups for day in days[group] if random.random() < UNTAKEN_SHARE}
    return untaken | {(FORGETFUL_GROUP, day) for day in days[FORGETFUL_GROUP][-3:]} | {(LATE_GROUP, SAMPLE_TODAY)}


def story(pupil: Pupil, days: list[date], random: Random, effects: Effects) -> Iterator[tuple[str, int]]:
    """Yield a student's mark day by day, and for how many days more an illness goes on.

    Present, tardy, half a day, away for a day, or ill for several.

    An effect switched off changes what is written and, as far as that goes, not what is drawn for the days after.
    """
    ill_for = 0
    for day in days:
        if is_silent(pupil, day):
            ill_for, mark = 0, "A"
        elif ill_for:
            ill_for, mark = ill_for - 1, "E"
        elif random.random() < chance_of_absence(pupil, day, effects):
            is_ill = random.random() < ILLNESS_AMONG_ABSENCES and effects.excused_runs
            ill_for = random.choice(DAYS_MORE) if is_ill else 0
            mark = "E" if ill_for or random.random() < EXCUSED_AMONG_OTHERS else "A"
        elif random.random() < HALF_DAYS:
            half = random.choice(("H", "HE"))
            mark = half if effects.half_days else "P"
        else:
            is_late = random.random() < pupil.tardiness
            mark = "L" if is_late and effects.tardies else "P"
        yield (mark if day.weekday() in pupil.weekdays else "NR"), ill_for


def chance_of_absence(pupil: Pupil, day: date, effects: Effects) -> float:
    """Return the chance that a student who is not ill already is away on a day."""
    weight = WEEKDAY_WEIGHT[day.weekday()] if effects.weekday else 1.0
    return min(MOST_ABSENCE, _absence(pupil, day) * weight)


def is_silent(pupil: Pupil, day: date) -> bool:
    """Return whether the day lies in the weeks in which the student does not come at all."""
    return pupil.bad_weeks is not None and pupil.bad_weeks.silent_from <= day < pupil.bad_weeks.returns_on


def _absence(pupil: Pupil, day: date) -> float:
    """The chance on an average weekday; a student who declines is away more with every week."""
    bad = pupil.bad_weeks
    if bad and bad.declines_from <= day < bad.silent_from:
        gone_by = (day - bad.declines_from) / (bad.silent_from - bad.declines_from)
        return pupil.absence + WORST_OF_DECLINE * gone_by
    if pupil.declines_from is None or day < pupil.declines_from:
        return pupil.absence
    weeks = (day - pupil.declines_from) / timedelta(weeks=1)
    return pupil.absence + DECLINE_PER_WEEK * (1 + weeks)
