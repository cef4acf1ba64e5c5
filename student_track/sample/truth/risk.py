"""True risk: the chances that the generator drew each student's days from."""

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
            steps = _away_so_far(pupil, ahead, ill_for[-1], school)
            chances = [steps[ahead.index(day)] for day in (required[0], required[-1])]
            risks.append(TrueRisk(pupil.number, stay.cohort, pupil.has_support_plan, required[0], *chances))
    return risks


def _days(stay: Stay, school: School, last: date) -> list[date]:
    return [day for day in school.days_of(stay.cohort, last) if stay.joined <= day <= (stay.left or last)]


def _away_so_far(pupil: Pupil, days: list[date], ill_for: int, school: School) -> list[float]:
    """The chance, after each day, of not having been there on any required day: exact, over how an illness goes on.

    On a day that is not required the story goes on unseen, so nobody is counted as there.
    """
    mass = [0.0] * (max(DAYS_MORE) + 1)
    mass[ill_for] = 1.0
    chances = []
    for day in days:
        mass = _next_day(pupil, day, mass, school)
        chances.append(sum(mass))
    return chances


def _next_day(pupil: Pupil, day: date, mass: list[float], school: School) -> list[float]:
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
    is_required = day.weekday() in pupil.weekdays
    after[0] += healthy * (away * (1 - ill) + (1 - away) * (half if is_required else 1.0))
    return after
