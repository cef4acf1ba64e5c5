"""A walk through a student's days: every measure as it stands after each."""

from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from student_track.sample.truth.rules import Rules

TIERS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic")


class AsOf(NamedTuple):
    """The date that is measured at, the first date that counts, and the school days it is compared with.

    Those are the one before and the latest of a week or more before; None at the start.
    """

    day: date
    start: date
    day_before: date | None
    week_before: date | None = None


class Unit(NamedTuple):
    """One expected day of a student; ``missed`` is None where it is not known."""

    day: date
    missed: Fraction | None
    is_absence: bool


class Walk:
    """The measures so far, unit after unit."""

    def __init__(self, rules: Rules, as_of: AsOf) -> None:
        self.rules, self.as_of = rules, as_of
        self.possible: list[Fraction] = []
        self.missed = Fraction(0)
        self.is_unknown: list[bool] = []
        self.absences, self.early = 0, 0
        self.streak, self.longest, self.is_open, self.streak_start = 0, 0, False, None
        self.last_absence, self.last_present = None, None
        self.tier, self.tier_since = "too_early", None
        self.tier_history: list[dict[str, Any]] = []
        self.tier_before, self.tier_week_before = "too_early", "too_early"
        self.reasons: list[str] = []
        self.asks, self.asks_since = False, None
        self.is_early = False
        self.asked_week_before = False

    def step(self, unit: Unit) -> None:
        self._count(unit)
        self.longest = max(self.longest, self.streak)
        tier = self._tier()
        if tier != self.tier or self.tier_since is None:
            self.tier, self.tier_since = tier, unit.day
            self._note_tier()
        if self.as_of.day_before and unit.day <= self.as_of.day_before:
            self.tier_before = tier
        if self.as_of.week_before and unit.day <= self.as_of.week_before:
            self.tier_week_before = tier
        self._judge_attention(unit.day)
        if self.as_of.week_before and unit.day <= self.as_of.week_before:
            self.asked_week_before = self.asks

    def _note_tier(self) -> None:
        self.tier_history.append(
            {
                "unit_number": len(self.is_unknown),
                "since_date": self.tier_since,
                "tier": self.tier,
                "missed_units": float(self.missed),
                "count_possible_units": len(self.possible),
            }
        )

    def _count(self, unit: Unit) -> None:
        self.is_unknown.append(unit.missed is None)
        if unit.missed is None:
            self.is_open = True  # somewhere since the last day that was not an absence
            return
        self.possible.append(unit.missed)
        if unit.missed:
            self.missed += unit.missed
        if unit.is_absence:
            self.absences += 1
            self.early += len(self.is_unknown) <= self.rules.early_units
            self.streak += 1
            self.streak_start = self.streak_start or unit.day
            self.last_absence = unit.day
        else:
            self.streak, self.is_open, self.streak_start = 0, False, None
            self.last_present = unit.day

    def _tier(self) -> str:
        if len(self.possible) < self.rules.tier_from:
            return "too_early"
        last = self.is_unknown[-self.rules.window :]
        if len(last) >= self.rules.tier_from and sum(last) > self.rules.above_unknown * len(last):
            return "withheld"
        return self.label(0, 0)

    def label(self, more_missed: int, more_possible: int) -> str:
        """The tier by share alone, with so many units more."""
        missed, possible = self.missed + more_missed, len(self.possible) + more_possible
        return TIERS[sum(_is_at_least(missed, possible, limit) for limit in self.rules.limits)]

    def _judge_attention(self, day: date) -> None:
        self.is_early = len(self.is_unknown) <= self.rules.early_units and self.absences >= self.rules.early_absences
        found = {
            "tier": self.tier in self.rules.attention_tiers,
            "early_warning": self.is_early,
            "streak": self.streak >= self.rules.attention_streak,
        }
        self.reasons = [name for name, holds in found.items() if holds]
        if bool(self.reasons) != self.asks:
            self.asks, self.asks_since = bool(self.reasons), day


def _is_at_least(missed: Fraction, possible: int, limit: Fraction) -> bool:
    """Missed of possible is the limit or more: the same integers that a comparison of fractions ends in, sooner."""
    return missed.numerator * limit.denominator >= limit.numerator * possible * missed.denominator
