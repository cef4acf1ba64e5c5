"""Limits of alert rules: exact numbers, given as such or relative to the attendance policy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from student_track.policy import TIERS, Policy
from student_track.sql_text import quoted

OF_THE_POLICY = re.compile(r"policy\.(?P<key>\w+)\s*(?:(?P<sign>[+-])\s*(?P<plus>.+))?")
TIERS_FROM = tuple(f"{tier}_from" for tier in TIERS[1:])
"""Keys of the policy that say from which share missed a tier holds; of a rate, what is left of the whole."""


@dataclass(frozen=True)
class Limit:
    """A number, and those of cohorts that have rules of their own."""

    number: Fraction
    of_cohorts: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[Fraction, ...]:
        return (self.number, *self.of_cohorts.values())

    def sql(self, parts: int = 1) -> str:
        """Return the number in so many parts of one, whole, as SQL over ``cohort_id``."""
        own = "".join(
            f" WHEN {quoted(cohort)} THEN {_whole(number * parts)}" for cohort, number in self.of_cohorts.items()
        )
        return f"CASE cohort_id{own} ELSE {_whole(self.number * parts)} END" if own else _whole(self.number * parts)


@dataclass(frozen=True)
class PolicyInForce:
    """The policy, and those of cohorts with rules of their own at the as-of date: what limits may be relative to."""

    school: Policy
    of_cohorts: Mapping[str, Policy] = field(default_factory=dict)

    @classmethod
    def at(cls, policy: Policy, as_of_date: date) -> "PolicyInForce":
        return cls(policy, policy.rules_of_cohorts(as_of_date))

    def number(self, key: str) -> Limit:
        """Return a number of the policy; raise ValueError where it has none of that name."""
        value = getattr(self.school, key, None) if key in Policy.model_fields else None
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise ValueError(f"the policy has no number called `{key}`")
        own = {cohort: Fraction(getattr(rules, key)) for cohort, rules in self.of_cohorts.items()}
        return Limit(Fraction(value), {cohort: number for cohort, number in own.items() if number != value})


def as_limit(value: Any) -> Limit:
    """Return 3, "91 %" or "0.91" as an exact number; raise ValueError for anything else."""
    if isinstance(value, Limit):
        return value
    text = str(value).replace(" ", "")
    try:
        return Limit(Fraction(text.removesuffix("%")) / 100 if text.endswith("%") else Fraction(text))
    except (ValueError, ZeroDivisionError):
        raise ValueError(
            f"{value!r} is not a number; write 3, 91 %, 0.91 or policy.moderate_chronic_from + 1 %"
        ) from None


def of_the_policy(text: Any, column: str, policy: PolicyInForce | None) -> Any:
    """Return ``policy.key + 1 %`` as a number; anything else as it is.

    For ``attendance_rate`` the key of a tier means the rate at which it begins: 90 % where 10 % missed begin it.
    """
    match = OF_THE_POLICY.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        return text
    if policy is None:
        raise ValueError(f"{text!r} is relative to the policy, and none is given")
    limit = policy.number(match["key"])
    plus = as_limit(match["plus"]).number if match["plus"] else Fraction(0)
    is_rest = column == "attendance_rate" and match["key"] in TIERS_FROM

    def moved(number: Fraction) -> Fraction:
        return (1 - number if is_rest else number) + (-plus if match["sign"] == "-" else plus)

    return Limit(moved(limit.number), {cohort: moved(number) for cohort, number in limit.of_cohorts.items()})


def _whole(number: Fraction) -> str:
    if number.denominator != 1:
        raise ValueError(f"{number} is no whole number of parts")
    return f"{number.numerator}L"
