"""A student's weekdays, and the one missed more often than chance explains, by counting all the ways there are."""

from fractions import Fraction
from math import comb
from typing import Any

from student_track.sample.truth.walk import Unit


def true_weekday(units: list[Unit], up_to_chance: Fraction) -> int | None:
    """Return the weekday (1 Monday to 7) whose absences are too many for chance, the clearest of several; or None.

    Of all ways to lay the absences over the possible days, the share with so many or more on the weekday, times the
    number of weekdays, is the chance.
    """
    possible = [unit for unit in units if unit.missed is not None]
    weekdays = {unit.day.isoweekday() for unit in possible}
    found = []
    for weekday in sorted(weekdays):
        days = [unit for unit in possible if unit.day.isoweekday() == weekday]
        absences, here = sum(unit.is_absence for unit in possible), sum(unit.is_absence for unit in days)
        more_than_share = here * len(possible) - absences * len(days)
        if here < 2 or more_than_share <= 0:
            continue
        others, there = len(possible) - len(days), range(here, min(absences, len(days)) + 1)
        ways = sum(comb(len(days), number) * comb(others, absences - number) for number in there)
        if Fraction(ways, comb(len(possible), absences)) * len(weekdays) <= up_to_chance:
            found.append((more_than_share, -weekday))
    return -max(found)[1] if found else None


def true_units_by_weekday(units: list[Unit]) -> list[dict[str, Any]] | None:
    """Return missed and possible days of each weekday, Monday first; None without a possible day."""
    found: dict[int, list[Fraction]] = {}
    for unit in units:
        if unit.missed is not None:
            found.setdefault(unit.day.isoweekday(), []).append(unit.missed)
    return [
        {"weekday": weekday, "missed_units": float(sum(missed)), "count_possible_units": len(missed)}
        for weekday, missed in sorted(found.items())
    ] or None
