"""Alert rules: structured conditions over the columns of ``student_metrics``, read from YAML."""

import difflib
import string
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from student_track.policy import TIERS
from student_track.schemas import STUDENT_METRICS
from student_track.strict_yaml import StrictModel, read_mapping, validate

TYPES = {column.name: column.type for column in STUDENT_METRICS.columns}
POSSIBLE_PARTS = "count_possible_units * parts_per_unit"
SHARES = {
    "attendance_rate": (f"{POSSIBLE_PARTS} - missed_parts", POSSIBLE_PARTS),
    "coverage_share": ("count_known_sessions", "count_expected_sessions"),
}
"""Shares that can be compared, as numerator and denominator: comparisons are of whole numbers, never of decimals."""

WORDS = {
    "tier": TIERS,
    "previous_tier": TIERS,
    "next_tier": TIERS[1:],
    "tier_change": ("worse", "better", "same", "first", "none"),
}
"""Texts that can be compared, and the words each may hold."""

ABOUT_THE_TIER = {*WORDS, "attendance_rate", "count_absences_to_next_tier", "count_absences_left_in_year"}
"""Columns that say nothing while the tier is withheld or too early."""

LIMITS = {"at_least": ">=", "at_most": "<=", "below": "<"}
UNITS = "units"
FINEST_LIMIT = 1000


def _as_limit(value: Any) -> Fraction:
    """Return 3, "91 %" or "0.91" as an exact number."""
    text = str(value).replace(" ", "")
    try:
        return Fraction(text.removesuffix("%")) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is not a number; write 3, 91 % or 0.91") from None


Limit = Annotated[Fraction, BeforeValidator(_as_limit)]


class Condition(StrictModel):
    """One comparison of one column of ``student_metrics``."""

    column: str
    at_least: Limit | None = None
    at_most: Limit | None = None
    below: Limit | None = None
    is_one_of: tuple[str, ...] = ()
    equals: bool | None = Field(None, alias="is")

    @field_validator("column")
    @classmethod
    def _is_known(cls, value: str) -> str:
        return _known_column(value)

    @model_validator(mode="after")
    def _fits_the_column(self) -> "Condition":
        given = self.comparison
        if self.column in WORDS:
            _refuse_unless(given == "is_one_of", self.column, "is_one_of: [...]")
            _refuse_unknown_words(self.column, self.is_one_of)
        elif self.column in SHARES:
            _refuse_unless(given in LIMITS, self.column, 'at_least, at_most or below: "91 %"')
            _refuse_unless(0 <= self.limit <= 1 and self.limit.denominator <= FINEST_LIMIT, self.column, "0 % to 100 %")
        elif TYPES[self.column] in ("int", "bigint"):
            _refuse_unless(given in LIMITS, self.column, "at_least, at_most or below: a whole number")
            _refuse_unless(self.limit.denominator == 1 and self.limit >= 0, self.column, "a whole number from 0")
        elif TYPES[self.column] == "boolean":
            _refuse_unless(given == "is", self.column, "is: true or is: false")
        else:
            raise ValueError(f"`{self.column}` is for display; compare counts, {', '.join((*SHARES, *WORDS))}")
        return self

    @property
    def comparison(self) -> str:
        """Name of the one comparison given; empty where there is none or more than one."""
        given = [name for name in LIMITS if getattr(self, name) is not None]
        given += ["is_one_of"] if self.is_one_of else []
        given += ["is"] if self.equals is not None else []
        return given[0] if len(given) == 1 else ""

    @property
    def limit(self) -> Fraction:
        """The number compared with; only where the comparison has one."""
        return getattr(self, self.comparison)

    @property
    def sql(self) -> str:
        """The condition as SQL over the declared columns and literals of the kinds checked above."""
        if self.comparison == "is_one_of":
            return f"{self.column} IN ({', '.join(repr(word) for word in self.is_one_of)})"
        if self.comparison == "is":
            return f"{self.column} = {str(self.equals).lower()}"
        sign, limit = LIMITS[self.comparison], self.limit
        if self.column in SHARES:
            part, whole = SHARES[self.column]
            return f"({whole}) > 0 AND ({part}) * {limit.denominator}L {sign} ({whole}) * {limit.numerator}L"
        return f"{self.column} {sign} {limit.numerator}L"


class Rule(StrictModel):
    """When an episode opens, how long it stays open, and what is said."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Literal["high", "medium", "low"]
    says: str = Field(min_length=1, max_length=200)
    says_when_over: str = Field(min_length=1, max_length=200)
    opens_when: tuple[Condition, ...] = Field(min_length=1)
    stays_while: tuple[Condition, ...] = ()

    @field_validator("says", "says_when_over")
    @classmethod
    def _names_known_columns(cls, value: str) -> str:
        for name in placeholders(value):
            if name != UNITS:
                _known_column(name)
        return value

    @property
    def opens_sql(self) -> str:
        return _all_of(self.opens_when)

    @property
    def stays_sql(self) -> str:
        """What keeps an open episode open: the opening's own conditions, or those of ``stays_while``."""
        return f"({_all_of(self.opens_when)}) OR ({_all_of(self.stays_while)})" if self.stays_while else self.opens_sql

    @property
    def is_about_the_tier(self) -> bool:
        """A withheld tier, or one that is too early, decides nothing about such a rule."""
        return any(condition.column in ABOUT_THE_TIER for condition in (*self.opens_when, *self.stays_while))


class Rules(StrictModel):
    """The whole file; ``alerts/rules.yml`` explains each key."""

    version: str
    rules: tuple[Rule, ...] = Field(min_length=1)

    @field_validator("rules")
    @classmethod
    def _have_names_of_their_own(cls, value: tuple[Rule, ...]) -> tuple[Rule, ...]:
        name, times = Counter(rule.name for rule in value).most_common(1)[0]
        if times > 1:
            raise ValueError(f"{times} rules are called `{name}`; episodes are remembered by the name")
        return value

    @property
    def by_name(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self.rules}


def load_rules(path: Path) -> Rules:
    """Return the rules of a YAML file; raise InputError naming the line to mend."""
    data, lines = read_mapping(path)
    return validate(Rules, data, path, lines)


def placeholders(text: str) -> set[str]:
    """Return the names in braces; raise ValueError where the braces are not simple ones in pairs."""
    parts = list(string.Formatter().parse(text))
    if any(format or conversion for _, name, format, conversion in parts if name is not None):
        raise ValueError("write columns in simple braces, such as {count_streak_units}")
    return {name for _, name, _, _ in parts if name is not None}


def _known_column(name: str) -> str:
    if name not in TYPES:
        close = difflib.get_close_matches(name, TYPES, n=1)
        hint = f" Did you mean `{close[0]}`?" if close else ""
        raise ValueError(f"`{name}` is no column of student_metrics.{hint}")
    return name


def _refuse_unless(fits: bool, column: str, wanted: str) -> None:
    if not fits:
        raise ValueError(f"`{column}` needs one comparison that fits it: {wanted}")


def _refuse_unknown_words(column: str, words: tuple[str, ...]) -> None:
    unknown = [word for word in words if word not in WORDS[column]]
    if unknown:
        raise ValueError(f"`{column}` is never {unknown[0]!r}; it is one of {', '.join(WORDS[column])}")


def _all_of(conditions: tuple[Condition, ...]) -> str:
    return " AND ".join(f"({condition.sql})" for condition in conditions)
