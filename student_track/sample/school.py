"""The sample school: who is in it, and when. Fictional, seeded, its days fixed."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property
from random import Random

from student_track.sample.calendar import (
    CLUB_WEEKDAYS,
    SAMPLE_TODAY,
    SECOND_YEAR,
    START,
    TERMS,
    school_days,
)
from student_track.sample.effects import Effects
from student_track.sample.names import names

SEED = 20_261_120
CLUB = "Chess club"
GROUPS = ("Ash", "Beech", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Rowan")
STUDENTS_IN_A_GROUP = 36
KINDS_OF_STAYS = 40
EFFECT_OF_KIND = {
    **dict.fromkeys((1, 21, 3), "late_joiners"),
    **dict.fromkeys((2, 22, 5), "leavers"),
    6: "transfers",
}
DROP_OFF_KINDS, RECOVERY_KINDS = (8, 13, 18), (4, 9, 10, 14, 15, 17, 19)
ON_THE_WAY_KIND = 11
SILENT_SOON = date(2026, 11, 16)
COMMON_ABSENCE, COMMON_TARDINESS = 0.06, 0.03
PART_TIME_SHARE, SUPPORT_PLAN_SHARE = 0.05, 0.25
PART_TIME_WEEKDAYS = ((0, 1, 2), (1, 2, 3), (0, 2, 4), (0, 1, 3, 4))
BIAS = 2.5
"""So much more often away that a score which takes absence for risk names them without need, beyond what the audit
allows: 0.08 more of them; with 1.6 it is 0.03."""


@dataclass(frozen=True)
class School:
    """What a sample school is made from: its size, its seed and its effects; equal ones hold the same people."""

    students: int = 400
    seed: int = SEED
    effects: Effects = field(default_factory=Effects)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Tutor groups, about 36 students in each; their number shares no factor with that of the kinds of stays."""
        count = max(len(GROUPS), self.students // STUDENTS_IN_A_GROUP)
        while math.gcd(count, KINDS_OF_STAYS) > 1:
            count += 1
        return tuple(
            f"{name} {year}" if (year := place // len(GROUPS) + 1) > 1 else name
            for place in range(count)
            for name in (GROUPS[place % len(GROUPS)],)
        )

    @cached_property
    def cohorts(self) -> tuple[str, ...]:
        """All cohorts: the groups, then the club where some go to it."""
        return (*self.groups, CLUB) if self.effects.second_cohorts else self.groups

    def days_of(self, cohort: str, last: date = SAMPLE_TODAY) -> list[date]:
        """Return the days on which a cohort meets, from its first to ``last``."""
        return _meetings(cohort == CLUB, last, self.effects.holidays)


@cache
def _meetings(is_club: bool, last: date, has_holidays: bool) -> list[date]:
    days = school_days(SECOND_YEAR if is_club else START, last, has_holidays)
    return [day for day in days if day.weekday() in CLUB_WEEKDAYS] if is_club else days


def chosen_school(students: int, seed: int | None, preset: str, on: Iterable[str], off: Iterable[str]) -> School:
    """Return the school of the command's options; raise InputError for a name that is none, or named on and off."""
    return School(students, SEED if seed is None else seed, Effects.preset(preset).switched(on, off))


@dataclass(frozen=True)
class Stay:
    """A stay in a cohort, both days inclusive; ``left`` is None while it lasts."""

    cohort: str
    joined: date
    left: date | None = None


@dataclass(frozen=True)
class BadWeeks:
    """Some weeks of decline, then silence until the day of return; either may take no time at all."""

    declines_from: date
    silent_from: date
    returns_on: date

    @property
    def is_drop_off(self) -> bool:
        return self.returns_on - self.silent_from > timedelta(weeks=4)


@dataclass(frozen=True)
class Pupil:
    """A student of the sample school, and how attendance goes: the truth that the sheet then shows."""

    number: str
    name: str
    stays: tuple[Stay, ...]
    absence: float
    tardiness: float
    declines_from: date | None = None
    bad_weeks: BadWeeks | None = None
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    has_support_plan: bool = False


def pupils(school: School) -> list[Pupil]:
    """Return the students: most stay both years; some join late, leave, move, drop off, or go to the club."""
    random = Random(school.seed)  # noqa: S311 - a sample, not a secret
    people = [_pupil(index, name, school, random) for index, name in enumerate(names(school.students, random))]
    if school.effects.second_cohorts:
        people = [_with_club(pupil, random) if index % 15 == 4 else pupil for index, pupil in enumerate(people)]
    people = [_with_bad_weeks(index, pupil, school) for index, pupil in enumerate(people)]
    return [_with_effects(pupil, school) for pupil in people]


def _pupil(index: int, name: str, school: School, random: Random) -> Pupil:
    absence = random.choices(
        (
            random.uniform(0.004, 0.02),
            random.uniform(0.03, 0.06),
            random.uniform(0.08, 0.14),
            random.uniform(0.2, 0.32),
        ),
        weights=(74, 14, 8, 4),
    )[0]
    stays, declines_from = _stays(index, school, random)
    tardiness = 0.12 if index % 23 == 7 else 0.015
    return Pupil(f"{100 + index:06d}", name, stays, absence, tardiness, declines_from)


def _stays(index: int, school: School, random: Random) -> tuple[tuple[Stay, ...], date | None]:
    """The stays of a student and the begin of a decline, without those whose effect is switched off."""
    group = school.groups[index % len(school.groups)]
    stays, declines_from = _story_of_stays(index % KINDS_OF_STAYS, group, school.groups, random)
    effect = EFFECT_OF_KIND.get(index % KINDS_OF_STAYS)
    is_off = effect is not None and not getattr(school.effects, effect)
    return ((Stay(group, START),) if is_off else stays), declines_from


def _story_of_stays(
    kind: int, group: str, groups: tuple[str, ...], random: Random
) -> tuple[tuple[Stay, ...], date | None]:
    """Most students stay; the special stories come at fixed places, so that there are always a few of each."""
    stays = {1: (Stay(group, SECOND_YEAR),), 2: (Stay(group, START, TERMS[2][2]),)}  # new intake; left with the year
    if kind % 20 in stays:
        return stays[kind % 20], None
    if kind == 3:  # joined late, some so late that it is too early for a tier
        return (Stay(group, random.choice(school_days(date(2026, 9, 14), date(2026, 11, 13)))),), None
    if kind == 5:  # declined and left
        last = random.choice(school_days(date(2025, 11, 10), date(2026, 11, 6)))
        return (Stay(group, START, last),), last - timedelta(days=42)
    if kind == 6:  # moved to another group
        last = random.choice(school_days(date(2026, 9, 21), date(2026, 10, 16)))
        other = groups[(groups.index(group) + 3) % len(groups)]
        return (Stay(group, START, last), Stay(other, school_days(last + timedelta(days=1), SAMPLE_TODAY)[0])), None
    is_declining_now = kind % 20 == 7
    days = school_days(date(2026, 9, 28), date(2026, 11, 9))
    return (Stay(group, START),), random.choice(days) if is_declining_now else None


def _with_club(pupil: Pupil, random: Random) -> Pupil:
    last = pupil.stays[-1]
    if last.left or last.joined > date(2026, 9, 14):
        return pupil
    joined = random.choice((date(2026, 9, 8), date(2026, 9, 8), date(2026, 9, 22)))
    return replace(pupil, stays=(*pupil.stays, Stay(CLUB, max(joined, last.joined))))


def _with_bad_weeks(index: int, pupil: Pupil, school: School) -> Pupil:
    """In each term some students drop off and some only nearly do; a few are on the way there today."""
    kinds = (*DROP_OFF_KINDS, *RECOVERY_KINDS)
    kind, is_on_the_way = index % 20, index % 40 == ON_THE_WAY_KIND
    if kind not in kinds and not is_on_the_way:
        return pupil
    random = Random(f"{school.seed}-bad-weeks-{index}")  # noqa: S311 - an own story, so that the others stay as they are
    _, first, last = TERMS[3] if is_on_the_way else TERMS[(index // 20 + kinds.index(kind)) % 3]
    days = school_days(first + timedelta(weeks=3), last - timedelta(weeks=5))
    silent_from = SILENT_SOON + timedelta(days=random.randrange(18)) if is_on_the_way else random.choice(days)
    decline = random.randint(3, 5) if is_on_the_way else random.choice((0, 3, 4, 5))
    silence = random.choice((0, 1, 2, 2)) if kind in RECOVERY_KINDS else random.randint(6, 9)
    story = BadWeeks(silent_from - timedelta(weeks=decline), silent_from, silent_from + timedelta(weeks=silence))
    is_leaver = school.effects.leavers and kind in DROP_OFF_KINDS and (index // 20) % 5 == 1
    stays = _until_after_silence(pupil.stays, silent_from) if is_leaver else pupil.stays
    before = random.uniform(0.02, 0.1) if kind in DROP_OFF_KINDS else 0.0  # who drops off was away more all along
    return replace(pupil, bad_weeks=story, stays=stays, absence=max(pupil.absence, before))


def _until_after_silence(stays: tuple[Stay, ...], silent_from: date) -> tuple[Stay, ...]:
    """Leave, after weeks of silence, the register of the group and, if a member, that of the club."""
    last = school_days(silent_from + timedelta(days=18), silent_from + timedelta(days=32))[-1]
    return tuple(replace(stay, left=last) for stay in stays if stay.joined <= last)


def _with_effects(pupil: Pupil, school: School) -> Pupil:
    """The student with the effects that do not change who is there when."""
    effects = school.effects
    if not effects.own_rates:
        pupil = _like_everybody(pupil, school)
    story = pupil.bad_weeks
    if story and not effects.streaks:
        story = replace(story, returns_on=story.silent_from)
    if story and not effects.decline:
        story = replace(story, declines_from=story.silent_from)
    pupil = replace(pupil, bad_weeks=story, declines_from=pupil.declines_from if effects.decline else None)
    random = Random(f"{school.seed}-more-{pupil.number}")  # noqa: S311
    is_part_time, has_plan = random.random() < PART_TIME_SHARE, random.random() < SUPPORT_PLAN_SHARE
    weekdays = random.choice(PART_TIME_WEEKDAYS)
    if effects.part_time and is_part_time:
        pupil = replace(pupil, weekdays=weekdays)
    if effects.subgroup_bias and has_plan:
        pupil = replace(pupil, has_support_plan=True, absence=BIAS * pupil.absence)
    return pupil


def _like_everybody(pupil: Pupil, school: School) -> Pupil:
    """The same student, attending like everybody; who would drop off in a term leaves on any day of it."""
    story, stays = pupil.bad_weeks, pupil.stays
    if school.effects.leavers and story and story.is_drop_off and story.silent_from < SILENT_SOON:
        random = Random(f"{school.seed}-leaves-{pupil.number}")  # noqa: S311
        first, last = next((first, last) for _, first, last in TERMS if first <= story.silent_from <= last)
        day = random.choice(school_days(first, last))
        stays = tuple(replace(stay, left=day) for stay in stays if stay.joined <= day)
    return Pupil(pupil.number, pupil.name, stays, absence=COMMON_ABSENCE, tardiness=COMMON_TARDINESS)
