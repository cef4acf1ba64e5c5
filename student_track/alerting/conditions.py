"""Conditions of alert rules: one comparison of one column, checked when it is read, exact when it is asked."""

import difflib
import math
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from student_track.alerting.limits import Limit, as_limit, of_the_policy
from student_track.policy import TIERS
from student_track.schemas import STUDENT_METRICS
from student_track.strict_yaml import StrictModel

RISK_BAND = "risk_band"
"""Not of ``student_metrics``: the band of the student's own cohort in ``dropout_risk``."""

TREND = "trend_change"
TYPES = {column.name: column.type for column in STUDENT_METRICS.columns} | {RISK_BAND: "string"}
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
    RISK_BAND: ("low", "middle", "high"),
}
"""Texts that can be compared, and the words each may hold."""

ABOUT_THE_TIER = {*WORDS, "attendance_rate", "count_absences_to_next_tier", "count_absences_left_in_year"} - {RISK_BAND}
"""Columns that say nothing while the tier is withheld or too early."""

LIMITS = {"at_least": ">=", "at_most": "<=", "below": "<"}
FINEST_LIMIT = 1000

Number = Annotated[Limit, BeforeValidator(as_limit)]


class Condition(StrictModel):
    """One comparison of one column of ``student_metrics``, or of the risk band."""

    column: str
    at_least: Number | None = None
    at_most: Number | None = None
    below: Number | None = None
    is_one_of: tuple[str, ...] = ()
    equals: bool | None = Field(None, alias="is")
    window_units: Limit | None = None

    @model_validator(mode="before")
    @classmethod
    def _follows_the_policy(cls, data: Any, info: ValidationInfo) -> Any:
        """Replace what is relative to the policy by its numbers."""
        policy = (info.context or {}).get("policy")
        if not isinstance(data, dict):
            return data
        if "window_units" in data:
            raise ValueError("`window_units` is the policy's: trend_window_units")
        column = str(data.get("column"))
        limits = {name: of_the_policy(data[name], column, policy) for name in LIMITS if name in data}
        if column == TREND and limits:
            if policy is None:
                raise ValueError(f"`{TREND}` needs the policy, which says how long its windows are")
            limits["window_units"] = policy.number("trend_window_units")
        return {**data, **limits}

    @field_validator("column")
    @classmethod
    def _is_known(cls, value: str) -> str:
        return known_column(value)

    @model_validator(mode="after")
    def _fits_the_column(self) -> "Condition":
        given = self.comparison
        if self.column in WORDS:
            _refuse_unless(given == "is_one_of", self.column, "is_one_of: [...]")
            _refuse_unknown_words(self.column, self.is_one_of)
        elif self.column in SHARES or self.column == TREND:
            least = -1 if self.column == TREND else 0
            _refuse_unless(given in LIMITS, self.column, 'at_least, at_most or below: "91 %"')
            fits = all(least <= one <= 1 and one.denominator <= FINEST_LIMIT for one in self.limit.numbers)
            _refuse_unless(fits, self.column, f"{100 * least} % to 100 %")
        elif TYPES[self.column] in ("int", "bigint"):
            _refuse_unless(given in LIMITS, self.column, "at_least, at_most or below: a whole number")
            fits = all(one.denominator == 1 and one >= 0 for one in self.limit.numbers)
            _refuse_unless(fits, self.column, "a whole number from 0")
        elif TYPES[self.column] == "boolean":
            _refuse_unless(given == "is", self.column, "is: true or is: false")
        else:
            raise ValueError(f"`{self.column}` is for display; compare counts, {', '.join((*SHARES, TREND, *WORDS))}")
        return self

    @property
    def comparison(self) -> str:
        """Name of the one comparison given; empty where there is none or more than one."""
        given = [name for name in LIMITS if getattr(self, name) is not None]
        given += ["is_one_of"] if self.is_one_of else []
        given += ["is"] if self.equals is not None else []
        return given[0] if len(given) == 1 else ""

    @property
    def limit(self) -> Limit:
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
        if self.column not in SHARES and self.column != TREND:
            return f"{self.column} {sign} {limit.sql()}"
        part, whole = self._fraction
        parts = math.lcm(*(number.denominator for number in limit.numbers))
        return f"({whole}) > 0 AND ({part}) * {parts}L {sign} ({whole}) * {limit.sql(parts)}"

    @property
    def _fraction(self) -> tuple[str, str]:
        """Numerator and denominator of the column, whole numbers.

        The two rates behind a trend are of windows of known length, so that their difference in parts of a window is
        whole: rounding only takes away what the division into decimals brought.
        """
        if self.column != TREND or self.window_units is None:
            return SHARES[self.column]
        whole = f"parts_per_unit * {self.window_units.sql()}"
        return f"CAST(round({TREND} * {whole}) AS BIGINT)", whole


def share_below(column: str, limit: Fraction) -> str:
    """Return SQL for an exact share below a limit."""
    return Condition(column=column, below=Limit(limit)).sql


def known_column(name: str) -> str:
    """Return the name of a column; raise ValueError, with the closest one there is, where there is none."""
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
