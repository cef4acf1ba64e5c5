"""Suppression: no sum or difference of the groups shown tells of a small one. The test solves the linear system."""

import random
from datetime import date, timedelta

import numpy as np
import pytest

from student_track.metrics.complements import SCHOOL, YEAR, Complements, Group, Period

LEAST = 10
FIRST = date(2026, 8, 31)  # a Monday: August has one day


def periods_of(day: date) -> frozenset[Period]:
    year, week, weekday = day.isocalendar()
    values = {YEAR: "2026", "month": f"{day:%Y-%m}", "week": f"{year}-W{week:02}", "weekday": str(weekday)}
    return frozenset(values.items())


def complements(members: dict[str, dict[date, set[str]]]) -> Complements:
    """Groups of a school, given who was expected on each day of each cohort."""
    students: dict[Group, set[str]] = {}
    for cohort, days in members.items():
        for day, own in days.items():
            for period in periods_of(day):
                students.setdefault((cohort, period), set()).update(own)
                students.setdefault((SCHOOL, period), set()).update(own)
    sizes = {group: len(own) for group, own in students.items()}
    calendars = {cohort: {day: periods_of(day) for day, own in days.items() if own} for cohort, days in members.items()}
    return Complements(sizes, {group for group, size in sizes.items() if 0 < size < LEAST}, calendars, LEAST)


def recoverable(found: Complements, hidden: set[Group]) -> list[Group]:
    """Small groups that are a linear combination of the groups shown, over the figures of each cohort and day."""
    cells = [(cohort, day) for cohort, days in found.calendars.items() for day in days]

    def as_row(group: Group) -> list[float]:
        cohort, period = group
        return [float(cohort in (SCHOOL, own) and period in found.calendars[own][day]) for own, day in cells]

    shown = np.array([as_row(group) for group in sorted(set(found.sizes) - hidden)])
    targets = sorted(found.small)
    if not len(shown) or not targets:
        return []
    rows = np.array([as_row(group) for group in targets]).T
    solved = np.linalg.lstsq(shown.T, rows, rcond=None)[0]
    missed = np.abs(shown.T @ solved - rows).max(axis=0)
    return [group for group, error in zip(targets, missed, strict=True) if error < 1e-6]


def cohort(name: str, count: int, days: list[date]) -> dict[str, dict[date, set[str]]]:
    return {name: {day: {f"{name}{number}" for number in range(count)} for day in days}}


def school_days(count: int, skipped: float = 0, seed: int = 0) -> list[date]:
    """Return days from Monday to Friday; with a share skipped, what is left of so many days of the calendar."""
    rng = random.Random(seed)
    days = [FIRST + timedelta(days=number) for number in range(2 * count)]
    if skipped:
        return [day for day in days[:count] if rng.random() >= skipped]
    return [day for day in days if day.weekday() < 5][:count]


def shown(found: Complements) -> tuple[set[Group], set[Group]]:
    hidden = found.hidden()
    return set(found.sizes) - hidden, hidden


def test_one_small_class_hides_the_smallest_other_and_nothing_of_the_school():
    days = school_days(30)
    found = complements(cohort("small", 9, days) | cohort("next", 12, days) | cohort("big", 25, days))
    seen, hidden = shown(found)
    assert recoverable(found, found.small) != []  # hiding the small ones alone is not enough
    assert recoverable(found, hidden) == []
    assert {own for own, _ in seen} == {SCHOOL, "big"}
    assert not [group for group in hidden if group[0] == SCHOOL]


def test_nothing_is_hidden_where_no_group_is_small():
    assert complements(cohort("one", 10, school_days(9)) | cohort("two", 30, school_days(9))).hidden() == set()


def test_two_tiny_classes_are_hidden_with_a_third_for_together_they_are_small_too():
    days = school_days(10)
    found = complements(cohort("a", 4, days) | cohort("b", 4, days) | cohort("c", 30, days) | cohort("d", 30, days))
    assert {own for own, _ in shown(found)[0]} == {SCHOOL, "d"}


def test_a_class_that_grew_keeps_its_year_and_hides_its_weeks():
    days = school_days(30)
    grown = cohort("grown", 8, days[:5])["grown"] | cohort("grown", 25, days[5:])["grown"]
    found = complements({"grown": grown} | cohort("two", 20, days) | cohort("three", 30, days))
    seen, hidden = shown(found)
    assert ("grown", (YEAR, "2026")) in seen
    assert recoverable(found, hidden) == []


def test_a_small_saturday_of_the_school_takes_one_more_weekday_along():
    days = school_days(30)
    saturday = FIRST + timedelta(days=5)
    club = cohort("club", 8, [saturday])["club"] | cohort("club", 20, days)["club"]
    found = complements({"club": club} | cohort("two", 20, days))
    _, hidden = shown(found)
    in_school = {period for own, period in hidden if own == SCHOOL}
    assert ("weekday", "6") in in_school
    assert len(in_school) == 2
    assert recoverable(found, hidden) == []


def test_of_a_school_that_is_small_nothing_is_shown():
    assert shown(complements(cohort("only", 6, school_days(9))))[0] == set()


def random_members(seed: int) -> dict[str, dict[date, set[str]]]:
    """Cohorts of few and of many students, with calendars of their own, some growing, some in session rarely."""
    rng = random.Random(seed)
    members = {}
    for number in range(rng.randint(1, 6)):
        name, size = f"c{number}", rng.choice((3, 8, 9, 10, 12, 25))
        days = school_days(rng.choice((4, 25, 50)), rng.choice((0, 0.3, 0.8)), rng.randrange(999))
        early = rng.choice((0, 0, 1, 6))
        members[name] = {}
        for place, day in enumerate(days):
            count = max(1, size // 3) if place < early else size
            members[name][day] = {f"{name}-{student}" for student in range(count)}
    return {name: days for name, days in members.items() if days}


@pytest.mark.soak
def test_no_small_group_can_be_worked_out_in_many_random_schools():
    for first in range(60, 1060, 20):
        test_no_small_group_can_be_worked_out_in_random_schools(first)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_no_small_group_can_be_worked_out_in_random_schools(first):
    leaks_without = 0
    for seed in range(first, first + 20):
        found = complements(random_members(seed))
        leaks_without += bool(recoverable(found, set(found.small)))
        assert recoverable(found, found.hidden()) == [], seed
    assert leaks_without > 2  # the system that is solved does give small groups away
