"""The attendance policy: one versioned file that says what every number means."""

import hashlib
import math
import re
import unicodedata
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from student_track.strict_yaml import StrictModel, read_mapping, validate

TIERS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic")
"""Tiers with a label, from best to worst."""

MOST_SESSIONS_IN_A_UNIT = 24
"""Sessions a student can have on one date: the missed share of a unit stays exact up to this many."""

NUMBER = "#"
SEVERAL_MARKS = re.compile(r"[/,;+&|\n]")
"""What stands between the marks of a cell that holds several."""

MOST_PARTS_IN_A_UNIT = 20_000_000_000_000
FINEST_LIMIT = 1000


def _as_fraction(value: Any) -> Fraction:
    """Return "5 %", "1/2", "0.05" or 1 as an exact fraction from 0 to 1."""
    text = str(value).replace(" ", "")
    try:
        fraction = Fraction(text.removesuffix("%")) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is not a share; write 5 %, 1/20 or 0.05") from None
    if not 0 <= fraction <= 1:
        raise ValueError(f"{value!r} is not between 0 and 1")
    return fraction


Share = Annotated[Fraction, BeforeValidator(_as_fraction)]
Tier = Literal["satisfactory", "at_risk", "moderate_chronic", "severe_chronic"]


def fold_mark(text: str) -> str:
    """Return a mark with case, width, spaces and accents folded away, so that ``ｐ `` and ``P`` are one."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if not sign.isspace() and not unicodedata.combining(sign))


class Code(StrictModel):
    """What one kind of mark means. A ``#`` in a mark stands for a whole number, which ``numbers`` may bound."""

    marks: tuple[str, ...] = Field(min_length=1)
    numbers: tuple[int, int] | None = None
    state: Literal["present", "absent", "partial"]
    missed: Share | None = None
    counts_as_absence: bool = True
    counts_in_rate: bool = True
    is_tardy: bool = False
    is_excused: bool = False
    cancels_session: bool = False

    @property
    def missed_share(self) -> Fraction:
        """Share of the session missed, as rates and streaks count it."""
        if self.state == "present" or not self.counts_as_absence:
            return Fraction(0)
        return Fraction(1) if self.missed is None else self.missed

    def takes(self, number: int) -> bool:
        """Return whether a number where a mark has its ``#`` belongs to this code."""
        return self.numbers is None or self.numbers[0] <= number <= self.numbers[1]

    @model_validator(mode="after")
    def _is_consistent(self) -> "Code":
        if self.state == "partial" and self.missed is None:
            raise ValueError("a partial mark needs `missed`, the share of the session missed")
        if self.cancels_session and self.counts_in_rate:
            raise ValueError("a mark that cancels the session cannot count in the rate")
        if self.numbers and (self.numbers[0] > self.numbers[1] or not any(NUMBER in mark for mark in self.marks)):
            raise ValueError("`numbers` says from and to, for marks with a # where the number stands")
        return self


class RiskPolicy(StrictModel):
    """When the dropout-risk score speaks, what it foretells, how many it names and what it must prove before."""

    horizon_weeks: int = Field(ge=1)
    horizon_least_units: int = Field(ge=1)
    seen_lately_weeks: int = Field(ge=1)
    seen_lately_units: int = Field(ge=1)
    score_from_possible_units: int = Field(ge=1)
    score_from_weeks: int = Field(ge=0)
    score_from_students_in_cohort: int = Field(ge=2)
    high_share: Share
    middle_share: Share
    leaves_high_below_share: Share
    train_from_students_with_event: int = Field(ge=5)
    most_below_a_baseline: float = Field(ge=0, le=0.1)
    brier_skill_above: float = Field(ge=0, lt=1)
    calibration_error_up_to: float = Field(gt=0, lt=1)
    calibration_slope_from: float = Field(gt=0, lt=1)
    calibration_slope_up_to: float = Field(gt=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> "RiskPolicy":
        if not 0 < self.high_share <= self.leaves_high_below_share <= 1:
            raise ValueError("leaves_high_below_share must be at least high_share, and high_share above 0")
        if self.high_share + self.middle_share > 1:
            raise ValueError("high_share and middle_share together are more than everybody")
        return self


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
    at_risk_from: Share
    moderate_chronic_from: Share
    severe_chronic_from: Share
    tier_from_possible_units: int = Field(ge=1)
    withheld_window_units: int = Field(ge=1)
    withheld_above_unknown: Share
    early_warning_units: int = Field(ge=0)
    early_warning_absences: int = Field(ge=1)
    trend_window_units: int = Field(ge=1)
    attention_tiers: tuple[Tier, ...]
    attention_streak_units: int = Field(ge=1)
    hold_tab_above_quarantine: Share
    hold_tab_from_marks: int = Field(ge=1)
    hold_cohort_above_loss: Share
    hold_cohort_above_records: int = Field(ge=0)
    suppress_groups_below: int = Field(ge=0)
    dropout_risk: RiskPolicy
    codes: dict[str, Code]

    @property
    def tier_limits(self) -> dict[str, Fraction]:
        """Share of possible units missed from which each tier holds, best tier first."""
        limits = (Fraction(0), self.at_risk_from, self.moderate_chronic_from, self.severe_chronic_from)
        return dict(zip(TIERS, limits, strict=True))

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
        limits = list(self.tier_limits.values())
        if limits != sorted(set(limits)):
            raise ValueError("the tiers' limits must rise from at_risk_from to severe_chronic_from")
        self._refuse_unwieldy_fractions(limits)
        self._refuse_marks_of_two_codes()
        return self

    def _refuse_marks_of_two_codes(self) -> None:
        """The same mark may stand in two codes only where their numbers tell them apart."""
        seen: dict[str, list[str]] = {}
        for name, code in self.codes.items():
            for mark in code.marks:
                for other in seen.setdefault(fold_mark(mark), []):
                    if other != name and not self._are_apart(code, self.codes[other]):
                        raise ValueError(f"the mark {mark!r} stands in two codes, {other} and {name}")
                seen[fold_mark(mark)].append(name)

    @staticmethod
    def _are_apart(one: Code, other: Code) -> bool:
        if one.numbers is None or other.numbers is None:
            return False
        return one.numbers[1] < other.numbers[0] or other.numbers[1] < one.numbers[0]

    def _refuse_unwieldy_fractions(self, limits: list[Fraction]) -> None:
        """Counts are compared as 64-bit integers; a school's sums and products must fit into them."""
        if self.parts_per_unit > MOST_PARTS_IN_A_UNIT:
            raise ValueError("`missed` of the codes: write simple fractions such as 1/2 or 1/3, not 0.33333")
        if max(limit.denominator for limit in limits) > FINEST_LIMIT:
            raise ValueError(f"the tiers' limits: write whole percents, or shares of at most {FINEST_LIMIT} parts")


def load_policy(path: Path) -> Policy:
    """Return the policy of a YAML file; raise InputError naming the line to mend."""
    data, lines = read_mapping(path)
    return validate(Policy, data, path, lines)
