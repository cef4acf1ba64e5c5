"""The attendance policy: one versioned file that says what every number means."""

import hashlib
import itertools
import math
import re
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from student_track.errors import InputError
from student_track.policy_codes import NUMBER, SEVERAL_MARKS, Code, are_apart, fold_mark
from student_track.policy_rules import TIERS, Override, RiskPolicy, Rung, Tier
from student_track.shares import Share
from student_track.strict_yaml import StrictModel, read_mapping, validate

__all__ = ["MOST_SESSIONS_IN_A_UNIT", "TIERS", "Code", "Policy", "RiskPolicy", "Rung", "fold_mark", "load_policy"]

MOST_SESSIONS_IN_A_UNIT = 24
"""Sessions a student can have on one date: the missed share of a unit stays exact up to this many."""

MOST_PARTS_IN_A_UNIT = 20_000_000_000_000
FINEST_LIMIT = 1000


class Policy(StrictModel):
    """The whole policy; ``params/policy.yml`` explains each key."""

    version: str
    valid_from: date
    unit: Literal["day", "session"]
    period: Literal["school_year", "cohort_life"]
    school_year_start: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    term_gap_days: int = Field(ge=1)
    possible_from_known: Share
    absence_from_missed: Share
    blank_mark: Literal["unknown", "present", "absent"]
    enrolment_closes_after_registers: int = Field(ge=1)
    tier_scope: Literal["school", "cohort"]
    tier_limit_belongs_to: Literal["worse", "better"]
    at_risk_from: Share
    moderate_chronic_from: Share
    severe_chronic_from: Share
    tier_from_possible_units: int = Field(ge=1)
    withheld_window_units: int = Field(ge=1)
    withheld_above_unknown: Share
    early_warning_units: int = Field(ge=0)
    early_warning_absences: int = Field(ge=1)
    trend_window_units: int = Field(ge=1)
    weekday_pattern_up_to_chance: Share
    attention_tiers: tuple[Tier, ...]
    attention_streak_units: int = Field(ge=1)
    ladder: tuple[Rung, ...]
    hold_tab_above_quarantine: Share
    hold_tab_from_marks: int = Field(ge=1)
    hold_cohort_above_loss: Share
    hold_cohort_above_records: int = Field(ge=0)
    suppress_groups_below: int = Field(ge=0)
    dropout_risk: RiskPolicy
    overrides: tuple[Override, ...]
    codes: dict[str, Code]

    @property
    def tier_limits(self) -> dict[str, Fraction]:
        """Share of possible units missed from which each tier holds, best tier first."""
        limits = (Fraction(0), self.at_risk_from, self.moderate_chronic_from, self.severe_chronic_from)
        return dict(zip(TIERS, limits, strict=True))

    def rules_of_cohorts(self, as_of_date: date) -> dict[str, "Policy"]:
        """Return the policy of each cohort whose own rules are in force at the as-of date, by cohort_id."""
        return {
            override.cohort: self.model_copy(update=override.changes)
            for override in self.overrides
            if override.is_in_force(as_of_date)
        }

    @cached_property
    def code_of_folded_mark(self) -> dict[str, str]:
        """Name of the code for every folded mark that holds no number."""
        return {fold_mark(mark): name for name, code in self.codes.items() for mark in code.marks if NUMBER not in mark}

    def code_of(self, mark: str) -> str | None:
        """Return the name of a mark's code; None for one that is not in the code table.

        Several marks in one cell have a code where all of them have the same; otherwise nobody said which of them wins.
        """
        if code := self._code_of_one(mark):
            return code
        parts = [part for part in SEVERAL_MARKS.split(mark) if part.strip()]
        codes = {self._code_of_one(part) for part in parts}
        return codes.pop() if len(parts) > 1 and len(codes) == 1 else None

    def _code_of_one(self, mark: str) -> str | None:
        folded = fold_mark(mark)
        if folded in self.code_of_folded_mark:
            return self.code_of_folded_mark[folded]
        for pattern, name in self._codes_with_number:
            if (match := pattern.fullmatch(folded)) and self.codes[name].takes(int(match[1])):
                return name
        return None

    @cached_property
    def _codes_with_number(self) -> list[tuple[re.Pattern[str], str]]:
        """A pattern for every mark with a number, and its code."""
        return [
            (re.compile(re.escape(fold_mark(mark)).replace(re.escape(NUMBER), "([0-9]{1,4})", 1)), name)
            for name, code in self.codes.items()
            for mark in code.marks
            if NUMBER in mark
        ]

    def school_years(self, school_year: int) -> tuple[int, int]:
        """Return the first and the last school year that count in the given one; in a whole life any before does."""
        return (0 if self.period == "cohort_life" else school_year), school_year

    @cached_property
    def parts_per_unit(self) -> int:
        """Common denominator of every missed share a unit can have under this policy."""
        denominators = [code.missed_share.denominator for code in self.codes.values()]
        return math.lcm(*denominators) * math.lcm(*range(1, MOST_SESSIONS_IN_A_UNIT + 1))

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all the policy says; changes when any rule does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @model_validator(mode="after")
    def _is_consistent(self) -> "Policy":
        self._refuse_limits(self)
        self._refuse_marks_of_two_codes()
        self._refuse_overrides_and_rungs()
        if self.parts_per_unit > MOST_PARTS_IN_A_UNIT:
            raise ValueError("`missed` of the codes: write simple fractions such as 1/2 or 1/3, not 0.33333")
        return self

    @staticmethod
    def _refuse_limits(rules: "Policy") -> None:
        """Counts are compared as 64-bit integers; a school's sums and products must fit into them."""
        limits = list(rules.tier_limits.values())
        if limits != sorted(set(limits)):
            raise ValueError("the tiers' limits must rise from at_risk_from to severe_chronic_from")
        if max(limit.denominator for limit in limits) > FINEST_LIMIT:
            raise ValueError(f"the tiers' limits: write whole percents, or shares of at most {FINEST_LIMIT} parts")

    def _refuse_overrides_and_rungs(self) -> None:
        for override in self.overrides:
            self._refuse_limits(self.model_copy(update=override.changes))
        for one, other in itertools.combinations(self.overrides, 2):
            if one.overlaps(other):
                raise ValueError(f"two overrides of {one.cohort} are in force at once; let one end before the other")
        names = [rung.name for rung in self.ladder]
        if len(set(names)) < len(names):
            raise ValueError("two rungs of the ladder have the same name")

    def _refuse_marks_of_two_codes(self) -> None:
        """The same mark may stand in two codes only where their numbers tell them apart."""
        seen: dict[str, list[str]] = {}
        for name, code in self.codes.items():
            for mark in code.marks:
                for other in seen.setdefault(fold_mark(mark), []):
                    if other != name and not are_apart(code, self.codes[other]):
                        raise ValueError(f"the mark {mark!r} stands in two codes, {other} and {name}")
                seen[fold_mark(mark)].append(name)


def load_policy(path: Path) -> Policy:
    """Return the policy of a YAML file, ``based_on`` another or whole; raise InputError naming the line to mend."""
    data, lines = read_mapping(path)
    if "based_on" in data:
        base = path.parent / str(data.pop("based_on"))
        if "version" not in data:
            raise InputError(f"{path}: `version` is missing. A policy based on another has a version of its own.")
        data = {**_whole_policy(base, path, lines[("based_on",)]), **data}
    return validate(Policy, data, path, lines)


def _whole_policy(base: Path, path: Path, line: int) -> dict[str, Any]:
    """What the base says, once it is a valid policy on its own."""
    data, lines = read_mapping(base)
    if "based_on" in data:
        raise InputError(f"{path}, line {line}: {base} is itself based on another policy. Name a whole one.")
    validate(Policy, data, base, lines)
    return data
