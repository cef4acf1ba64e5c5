"""Alert rules, read from YAML: whom they tell, how often, and structured conditions over ``student_metrics``."""

import hashlib
import string
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, field_validator

from student_track.alerting.conditions import ABOUT_THE_TIER, RISK_BAND, TYPES, Condition, known_column, share_below
from student_track.alerting.limits import PolicyInForce
from student_track.attendance import TOO_EARLY, WITHHELD
from student_track.policy import TIERS, Policy
from student_track.shares import Share
from student_track.strict_yaml import StrictModel, read_mapping, validate

UNITS = "units"
HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Worsens(StrictModel):
    """By how much a count has to grow, or a tier to fall, since it was told, to be told as worse."""

    column: str
    by: int = Field(1, ge=1)

    @field_validator("column")
    @classmethod
    def _can_grow(cls, value: str) -> str:
        if value != "tier" and TYPES[known_column(value)] not in ("int", "bigint"):
            raise ValueError(f"`{value}` is no count; a rule worsens by a count or by the tier")
        return value


class Rule(StrictModel):
    """When an episode opens, how long it stays open, and what is said."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Literal["high", "medium", "low"]
    tell: Literal["owner", "deputy", "lead"] = "owner"
    repeat_after_school_days: int | None = Field(None, ge=1)
    escalate_after_school_days: int | None = Field(None, ge=1)
    worsens: Worsens | None = None
    notify_on_recovery: bool = True
    minimum_coverage: Share | None = None
    says: str = Field(min_length=1, max_length=200)
    says_when_over: str = Field(min_length=1, max_length=200)
    opens_when: tuple[Condition, ...] = Field(min_length=1)
    stays_while: tuple[Condition, ...] = ()

    @field_validator("says", "says_when_over")
    @classmethod
    def _names_known_columns(cls, value: str) -> str:
        for name in placeholders(value):
            if name != UNITS:
                known_column(name)
        return value

    @property
    def opens_sql(self) -> str:
        return _all_of(self.opens_when)

    @property
    def stays_sql(self) -> str:
        """What keeps an open episode open: the opening's own conditions, or those of ``stays_while``."""
        return f"({_all_of(self.opens_when)}) OR ({_all_of(self.stays_while)})" if self.stays_while else self.opens_sql

    def level(self, facts: Mapping[str, Any]) -> int | None:
        """Return how bad it is by the column that makes the rule worse; None where the rule has none, or no tier."""
        value = facts[self.worsens.column] if self.worsens else None
        if isinstance(value, str):
            return TIERS.index(value) if value in TIERS else None
        return value

    @property
    def is_about_the_risk(self) -> bool:
        """Such a rule holds only with a model that was promoted, where the school says its bands in words."""
        return any(condition.column == RISK_BAND for condition in (*self.opens_when, *self.stays_while))

    @property
    def undecided_sql(self) -> str:
        """What leaves an episode as it was: too little known, or no tier or band where the rule is about one."""
        reasons = [share_below("coverage_share", self.minimum_coverage)] if self.minimum_coverage is not None else []
        reasons += [f"tier IN ('{TOO_EARLY}', '{WITHHELD}')"] if self.is_about_the_tier else []
        reasons += [f"{RISK_BAND} IS NULL"] if self.is_about_the_risk else []
        return " OR ".join(f"({reason})" for reason in reasons) or "false"

    @property
    def is_about_the_tier(self) -> bool:
        """A withheld tier, or one that is too early, decides nothing about such a rule."""
        return any(condition.column in ABOUT_THE_TIER for condition in (*self.opens_when, *self.stays_while))


class Reactions(StrictModel):
    """Names of the reactions that answer a message."""

    acknowledge: tuple[str, ...] = ("eyes", "white_check_mark", "heavy_check_mark")
    snooze: tuple[str, ...] = ("zzz", "hourglass")
    snooze_days: int = Field(7, ge=1, le=60)


class Quiet(StrictModel):
    """Local hours and days at which owners are told nothing: what is written waits for the next run."""

    model_config = ConfigDict(populate_by_name=True)

    from_hour: str = Field(alias="from", pattern=HOUR)
    to_hour: str = Field(alias="to", pattern=HOUR)
    days: tuple[Literal[DAYS], ...] = ()

    def covers(self, moment: datetime) -> bool:
        """Return whether a local moment is quiet; the hours may go over midnight, the last minute is not one."""
        hour = f"{moment:%H:%M}"
        is_late = self.from_hour <= hour < self.to_hour
        if self.from_hour > self.to_hour:
            is_late = hour >= self.from_hour or hour < self.to_hour
        return is_late or DAYS[moment.weekday()] in self.days


class Storm(StrictModel):
    """From where on so much that is new at once is taken for a fault of the data."""

    most_students: int = Field(60, ge=1)
    most_share: Share = Fraction(1, 2)
    in_cohorts_from: int = Field(10, ge=1)


class Notices(StrictModel):
    """Which owners are told of what is not about a student, and when again of what is still to be done."""

    tell: tuple[Literal["registers", "mend"], ...] = ("registers", "mend")
    repeat_after_school_days: int = Field(5, ge=1)


class Rules(StrictModel):
    """The whole file; ``alerts/rules.yml`` explains each key."""

    version: str
    may_tell_risk_band: bool = False
    quiet: Quiet | None = None
    reactions: Reactions = Reactions()
    storm: Storm = Storm()
    notices: Notices = Notices()
    rules: tuple[Rule, ...] = Field(min_length=1)

    @field_validator("rules")
    @classmethod
    def _have_names_of_their_own(cls, value: tuple[Rule, ...]) -> tuple[Rule, ...]:
        name, times = Counter(rule.name for rule in value).most_common(1)[0]
        if times > 1:
            raise ValueError(f"{times} rules are called `{name}`; episodes are remembered by the name")
        return value

    @property
    def fingerprint(self) -> str:
        """Hash of what the rules decide by, limits of the policy included; what is said is no part of it."""
        decide = [rule.model_dump_json(include={"name", "opens_when", "stays_while", "tell"}) for rule in self.rules]
        return hashlib.sha256("\n".join(decide).encode()).hexdigest()[:8]

    def in_force(self, has_promoted_model: bool) -> "Rules":
        """Return the rules without those about the risk band, unless its words may be told and there is a model."""
        if has_promoted_model and self.may_tell_risk_band:
            return self
        return self.model_copy(update={"rules": tuple(rule for rule in self.rules if not rule.is_about_the_risk)})

    def is_quiet(self, now: datetime, time_zone: str) -> bool:
        """Return whether nothing is to be sent at a moment."""
        return self.quiet is not None and self.quiet.covers(now.astimezone(ZoneInfo(time_zone)))

    @property
    def by_name(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self.rules}


def load_rules(path: Path, policy: Policy, as_of_date: date) -> Rules:
    """Return the rules of a YAML file, their limits relative to the policy in force at the date.

    Raises InputError naming the line to mend.
    """
    data, lines = read_mapping(path)
    return validate(Rules, data, path, lines, {"policy": PolicyInForce.at(policy, as_of_date)})


def placeholders(text: str) -> set[str]:
    """Return the names in braces; raise ValueError where the braces are not simple ones in pairs."""
    parts = list(string.Formatter().parse(text))
    if any(format or conversion for _, name, format, conversion in parts if name is not None):
        raise ValueError("write columns in simple braces, such as {count_streak_units}")
    return {name for _, name, _, _ in parts if name is not None}


def _all_of(conditions: tuple[Condition, ...]) -> str:
    return " AND ".join(f"({condition.sql})" for condition in conditions)
