"""The policy's numbers, read as the YAML they are."""

from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from student_track.errors import InputError

KNOWN = {
    "unit": "day",
    "period": "school_year",
    "blank_mark": "unknown",
    "tier_scope": "school",
    "tier_limit_belongs_to": "worse",
    "overrides": [],
}
"""What the truth can tell; under other rules it says so rather than something else."""


class Rung(NamedTuple):
    """A rung of the ladder of actions: due from a tier or from so many absences, satisfied by these kinds."""

    name: str
    from_tier: str
    from_absences: int | None
    kinds: tuple[str, ...]
    within: int


class Rules(NamedTuple):
    """The numbers; ``limits`` are those of at risk, moderate and severe chronic."""

    possible_from: Fraction
    absence_from: Fraction
    limits: tuple[Fraction, ...]
    tier_from: int
    window: int
    above_unknown: Fraction
    early_units: int
    early_absences: int
    trend: int
    attention_tiers: tuple[str, ...]
    attention_streak: int
    weekday_chance: Fraction
    least_group: int
    ladder: tuple[Rung, ...]


def read_rules(path: Path) -> Rules:
    """Return the numbers of a policy file; raise InputError where it counts in a way that the truth does not know."""
    policy = yaml.safe_load(path.read_text(encoding="utf-8"))
    other = {name: policy[name] for name, value in KNOWN.items() if policy[name] != value}
    if other:
        raise InputError(f"{path}: the truth of the sample school is not known under {other}, only under {KNOWN}.")
    return Rules(
        possible_from=_share(policy["possible_from_known"]),
        absence_from=_share(policy["absence_from_missed"]),
        limits=tuple(_share(policy[f"{tier}_from"]) for tier in ("at_risk", "moderate_chronic", "severe_chronic")),
        tier_from=policy["tier_from_possible_units"],
        window=policy["withheld_window_units"],
        above_unknown=_share(policy["withheld_above_unknown"]),
        early_units=policy["early_warning_units"],
        early_absences=policy["early_warning_absences"],
        trend=policy["trend_window_units"],
        attention_tiers=tuple(policy["attention_tiers"]),
        attention_streak=policy["attention_streak_units"],
        weekday_chance=_share(policy["weekday_pattern_up_to_chance"]),
        least_group=policy["suppress_groups_below"],
        ladder=tuple(map(_rung, policy["ladder"])),
    )


def _rung(rung: dict[str, Any]) -> Rung:
    tier, absences = rung.get("due_from_tier", ""), rung.get("due_from_absences")
    return Rung(rung["name"], tier, absences, tuple(rung["satisfied_by"]), rung["within_units"])


def _share(value: Any) -> Fraction:
    text = str(value).replace(" ", "")
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
