"""Rules of the policy that have keys of their own: the ladder of actions, cohorts' overrides, dropout risk."""

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from student_track.shares import Share
from student_track.strict_yaml import StrictModel

TIERS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic")
"""Tiers with a label, from best to worst."""

Tier = Literal["satisfactory", "at_risk", "moderate_chronic", "severe_chronic"]


class Rung(StrictModel):
    """One rung of the ladder of actions: from when it is due, and which kinds of action satisfy it."""

    name: str = Field(pattern=r"^[^,\n]+$")
    due_from_tier: Tier | None = None
    due_from_absences: int | None = Field(default=None, ge=1)
    satisfied_by: tuple[str, ...] = Field(min_length=1)
    within_units: int = Field(ge=0)

    @field_validator("satisfied_by")
    @classmethod
    def _fold(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(kind.strip().casefold() for kind in kinds)

    @property
    def tiers(self) -> tuple[str, ...]:
        """Tiers from which the rung is due; none where absences decide."""
        return TIERS[TIERS.index(self.due_from_tier) :] if self.due_from_tier else ()

    @model_validator(mode="after")
    def _is_consistent(self) -> "Rung":
        if (self.due_from_tier is None) == (self.due_from_absences is None):
            raise ValueError("a rung is due from a tier or from a number of absences: write one of the two")
        if self.due_from_tier == TIERS[0]:
            raise ValueError(f"every tier is at least {TIERS[0]}: name a worse one")
        return self


class Override(StrictModel):
    """Rules of one cohort that replace the school's while they are in force; both dates are inclusive."""

    model_config = ConfigDict(populate_by_name=True)

    cohort: str = Field(min_length=1)
    from_date: date = Field(alias="from")
    to_date: date | None = Field(default=None, alias="to")
    at_risk_from: Share | None = None
    moderate_chronic_from: Share | None = None
    severe_chronic_from: Share | None = None
    tier_from_possible_units: int | None = Field(default=None, ge=1)
    withheld_window_units: int | None = Field(default=None, ge=1)
    withheld_above_unknown: Share | None = None
    early_warning_units: int | None = Field(default=None, ge=0)
    early_warning_absences: int | None = Field(default=None, ge=1)
    trend_window_units: int | None = Field(default=None, ge=1)
    attention_tiers: tuple[Tier, ...] | None = None
    attention_streak_units: int | None = Field(default=None, ge=1)

    @property
    def changes(self) -> dict[str, Any]:
        """The rules that are replaced, by key of the policy."""
        return {
            name: value
            for name in type(self).model_fields
            if name not in ("cohort", "from_date", "to_date") and (value := getattr(self, name)) is not None
        }

    def is_in_force(self, as_of_date: date) -> bool:
        """Return whether the as-of date lies between the dates."""
        return self.from_date <= as_of_date and (self.to_date is None or as_of_date <= self.to_date)

    def overlaps(self, other: "Override") -> bool:
        """Return whether both are ever in force for the same cohort."""
        one_ends_first = self.to_date is not None and self.to_date < other.from_date
        other_ends_first = other.to_date is not None and other.to_date < self.from_date
        return self.cohort == other.cohort and not one_ends_first and not other_ends_first

    @model_validator(mode="after")
    def _is_consistent(self) -> "Override":
        if self.to_date is not None and self.to_date < self.from_date:
            raise ValueError("`to` lies before `from`")
        if not self.changes:
            raise ValueError("an override replaces at least one rule, such as at_risk_from")
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
