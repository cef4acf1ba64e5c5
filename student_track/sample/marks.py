"""What happens in the sample school: each student's mark on each school day, and which registers nobody took."""

from datetime import date, timedelta
from random import Random

from student_track.sample.school import (
    CLUB,
    CLUB_WEEKDAYS,
    GROUPS,
    SAMPLE_TODAY,
    SEED,
    SNOW_DAY,
    TERMS,
    Pupil,
    school_days,
)

WEEKDAY_WEIGHT = (1.1, 0.9, 0.85, 0.95, 1.25)
UNTAKEN_SHARE = 0.012
FORGETFUL_GROUP = "Larch"
DECLINE_PER_WEEK = 0.09
WORST_OF_DECLINE = 0.6

Marks = dict[tuple[str, str, date], str]
"""Mark of a student (by number) in a cohort on a date."""


def true_marks(people: list[Pupil], seed: int = SEED) -> Marks:
    """Return every mark that the registers would show had each been taken."""
    marks: Marks = {}
    for pupil in people:
        random = Random(f"{seed}-{pupil.number}")  # noqa: S311 - each student has an own story
        for stay in pupil.stays:
            days = cohort_days(stay.cohort)
            own = [day for day in days if stay.joined <= day <= (stay.left or SAMPLE_TODAY)]
            for day, mark in zip(own, _story(pupil, own, random), strict=True):
                marks[pupil.number, stay.cohort, day] = "CLOSED" if day == SNOW_DAY else mark
    return marks


def cohort_days(cohort: str) -> list[date]:
    """Return the days on which a cohort meets, up to today."""
    if cohort == CLUB:
        return [day for day in school_days(TERMS[3][1], SAMPLE_TODAY) if day.weekday() in CLUB_WEEKDAYS]
    return school_days(TERMS[0][1], SAMPLE_TODAY)


def untaken_registers(seed: int = SEED) -> set[tuple[str, date]]:
    """Return the registers nobody took: a few at random, and the latest of a forgetful group."""
    random = Random(f"{seed}-untaken")  # noqa: S311
    days = {group: cohort_days(group) for group in GROUPS}
    untaken = {(group, day) for group in GROUPS for day in days[group] if random.random() < UNTAKEN_SHARE}
    return untaken | {(FORGETFUL_GROUP, day) for day in days[FORGETFUL_GROUP][-3:]} | {("Elm", SAMPLE_TODAY)}


def _story(pupil: Pupil, days: list[date], random: Random) -> list[str]:
    """A student's marks day by day: present, tardy, half a day, away for a day, or ill for several."""
    marks: list[str] = []
    ill_for = 0
    for day in days:
        chance = min(0.95, _absence(pupil, day) * WEEKDAY_WEIGHT[day.weekday()])
        if _is_silent(pupil, day):
            ill_for = 0
            marks.append("A")
        elif ill_for:
            ill_for -= 1
            marks.append("E")
        elif random.random() < chance:
            ill_for = random.choice((1, 1, 2, 3)) if random.random() < 0.25 else 0
            marks.append("E" if ill_for or random.random() < 0.3 else "A")
        elif random.random() < 0.004:
            marks.append(random.choice(("H", "HE")))
        else:
            marks.append("L" if random.random() < pupil.tardiness else "P")
    return marks


def _absence(pupil: Pupil, day: date) -> float:
    """The chance of an absence; a student who declines is away more with every week."""
    bad = pupil.bad_weeks
    if bad and bad.declines_from <= day < bad.silent_from:
        gone_by = (day - bad.declines_from) / (bad.silent_from - bad.declines_from)
        return pupil.absence + WORST_OF_DECLINE * gone_by
    if pupil.declines_from is None or day < pupil.declines_from:
        return pupil.absence
    weeks = (day - pupil.declines_from) / timedelta(weeks=1)
    return pupil.absence + DECLINE_PER_WEEK * (1 + weeks)


def _is_silent(pupil: Pupil, day: date) -> bool:
    return pupil.bad_weeks is not None and pupil.bad_weeks.silent_from <= day < pupil.bad_weeks.returns_on
