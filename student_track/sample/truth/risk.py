"""True risk: the chances that the generator drew each student's days from."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from student_track.sample.calendar import SAMPLE_TODAY
from student_track.sample.marks import DAYS_MORE, HALF_DAYS, ILLNESS_AMONG_ABSENCES, chance_of_absence, is_silent, story
from student_track.sample.school import Pupil, School, Stay

WEEKS = 4


class TrueRisk(NamedTuple):
    """The chances of a student who is in a cohort today; shares from 0 to 1."""

    number: str
    cohort: str
    has_support_plan: bool
    next_day: date
    chance_of_absence: float
    """Away on the next school day, half days and an illness that goes on included."""
    chance_of_silence: float
    """Not there once (on time or late) on the required days of the next four weeks."""


def true_risks(pupil: Pupil, school: School) -> list[TrueRisk]:
    """Return the true risk of a student in each cohort of today; none where no day of the next weeks is required."""
    random = Random(f"{school.seed}-{pupil.number}")  # noqa: S311 - the same draws as the marks'
    risks = []
    for stay in pupil.stays:
        past = _days(stay, school, SAMPLE_TODAY)
        ill_for = [ill for _, ill in story(pupil, past, random, school.effects)]
        ahead = [day for day in _days(stay, school, SAMPLE_TODAY + timedelta(weeks=WEEKS)) if day > SAMPLE_TODAY]
        required = [day for day in ahead if day.weekday() in pupil.weekdays]
        if required and ill_for:
            steps = _away_so_far(pupil, ahead, set(required), ill_for[-1], school)
            chances = [steps[ahead.index(day)] for day in (required[0], required[-1])]
            risks.append(TrueRisk(pupil.number, stay.cohort, pupil.has_support_plan, required[0], *chances))
    return risks


def true_drop_offs(
    pupil: Pupil, school: School, windows: Mapping[tuple[str, date], Collection[date]]
) -> dict[tuple[str, date], float]:
    """Return the true chance of dropping off after each landmark, by cohort and landmark, of those the student was at.

    ``windows`` holds the days after a landmark on which the cohort's register is taken, not empty. Dropping off is not
    being there on any required one of them, or leaving before the last; what the student did by the landmark is known,
    and so is what the generator has in store: weeks of silence, and the last day.
    """
    random = Random(f"{school.seed}-{pupil.number}")  # noqa: S311 - the same draws as the marks'
    chances = {}
    for stay in pupil.stays:
        past = _days(stay, school, SAMPLE_TODAY)
        ill_for = dict(zip(past, (ill for _, ill in story(pupil, past, random, school.effects)), strict=True))
        own = {day: taken for (cohort, day), taken in windows.items() if cohort == stay.cohort and day in ill_for}
        for landmark, taken in own.items():
            leaves = stay.left is not None and landmark <= stay.left < max(taken)
            ahead = [day for day in _days(stay, school, max(taken)) if day > landmark]
            counted = {day for day in taken if day.weekday() in pupil.weekdays}
            steps = [1.0] if leaves else _away_so_far(pupil, ahead, counted, ill_for[landmark], school)
            chances[stay.cohort, landmark] = steps[-1]
    return chances


def _days(stay: Stay, school: School, last: date) -> list[date]:
    return [day for day in school.days_of(stay.cohort, last) if stay.joined <= day <= (stay.left or last)]


def _away_so_far(
    pupil: Pupil, days: list[date], counted: Collection[date], ill_for: int, school: School
) -> list[float]:
    """The chance, after each day, of not having been there on any counted one: exact, over how an illness goes on.

    On a day that is not counted the story goes on unseen, so nobody is seen there.
    """
    mass = [0.0] * (max(DAYS_MORE) + 1)
    mass[ill_for] = 1.0
    chances = []
    for day in days:
        mass = _next_day(pupil, day, day in counted, mass, school)
        chances.append(sum(mass))
    return chances


def _next_day(pupil: Pupil, day: date, is_counted: bool, mass: list[float], school: School) -> list[float]:
    """The chances by days of illness left, of those who have not been there so far."""
    effects = school.effects
    if is_silent(pupil, day):
        return [sum(mass), *[0.0] * (len(mass) - 1)]
    after = [*mass[1:], 0.0]
    healthy, away = mass[0], chance_of_absence(pupil, day, effects)
    ill = ILLNESS_AMONG_ABSENCES if effects.excused_runs else 0.0
    for days_more in DAYS_MORE:
        after[days_more] += healthy * away * ill / len(DAYS_MORE)
    half = HALF_DAYS if effects.half_days else 0.0
    after[0] += healthy * (away * (1 - ill) + (1 - away) * (half if is_counted else 1.0))
    return after
