"""Running measures over a student's own units: tier, streak, early warning, attention, as they stood after each."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.attendance.units import SCOPE, at_least, more_than
from student_track.policy import TIERS, Policy

TOO_EARLY, WITHHELD = "too_early", "withheld"


@dataclass(frozen=True)
class TierRule:
    """When a tier is said, and which: limits by tier, best tier first, and the side a limit itself belongs to."""

    limits: dict[str, Fraction]
    limit_belongs_to: Literal["worse", "better"]
    from_possible_units: int
    window_units: int
    above_unknown: Fraction

    @classmethod
    def of(cls, policy: Policy) -> "TierRule":
        """Return the rule of a policy."""
        withheld = policy.withheld_window_units, policy.withheld_above_unknown
        return cls(policy.tier_limits, policy.tier_limit_belongs_to, policy.tier_from_possible_units, *withheld)


@dataclass(frozen=True)
class AttentionRule:
    """What asks for a person to look: tiers, the early warning of the first units, a streak."""

    tiers: tuple[str, ...]
    early_units: int
    early_absences: int
    streak_units: int

    @classmethod
    def of(cls, policy: Policy) -> "AttentionRule":
        """Return the rule of a policy."""
        early = policy.early_warning_units, policy.early_warning_absences
        return cls(policy.attention_tiers, *early, policy.attention_streak_units)


def running_measures(units: DataFrame, parts_per_unit: int, tier: TierRule, attention: AttentionRule) -> DataFrame:
    """Return the units with every running measure as it stood after each: one row per student, scope and unit."""
    counted = _running_counts(units, tier.window_units)
    streaks = _running_streaks(counted)
    labelled = streaks.withColumn("tier", tier_of(parts_per_unit, tier))
    is_early = (F.col("unit_number") <= attention.early_units) & (F.col("count_absences") >= attention.early_absences)
    warned = labelled.withColumn("has_early_warning", is_early)
    reasons = {
        "tier": F.col("tier").isin(list(attention.tiers)),
        "early_warning": F.col("has_early_warning"),
        "streak": F.col("count_streak_units") >= attention.streak_units,
    }
    named = [F.when(condition, F.lit(name)) for name, condition in reasons.items()]
    judged = warned.withColumn("attention_reasons", F.concat_ws(",", *named))
    asks = judged.withColumn("asks_for_attention", F.col("attention_reasons") != "")
    return _with_since(_with_since(asks, "tier"), "asks_for_attention")


def tier_of(parts_per_unit: int, rule: TierRule) -> Column:
    """Return the tier after a unit from the running counts; too early wins over withheld, and that over a tier."""
    possible, missed = F.col("count_possible"), F.col("missed_so_far")
    whole = possible * F.lit(parts_per_unit)
    window = F.least(F.col("unit_number"), F.lit(rule.window_units))
    unknown = F.col("count_unknown_in_window") * F.lit(rule.above_unknown.denominator)
    is_withheld = (window >= rule.from_possible_units) & (unknown > window * F.lit(rule.above_unknown.numerator))
    label = F.when(possible < rule.from_possible_units, F.lit(TOO_EARLY)).when(is_withheld, F.lit(WITHHELD))
    return label.otherwise(tier_of_share(missed, whole, rule))


def tier_of_share(missed: Column, whole: Column, rule: TierRule) -> Column:
    """Return the tier of a share missed, exactly, whatever the minimums say; both columns in parts of a unit."""
    reaches = at_least if rule.limit_belongs_to == "worse" else more_than
    worst_first = [(reaches(missed, whole, rule.limits[name]), name) for name in reversed(TIERS[1:])]
    return F.coalesce(*(F.when(is_reached, F.lit(name)) for is_reached, name in worst_first), F.lit(TIERS[0]))


def _so_far() -> Window:
    return Window.partitionBy(*SCOPE).orderBy("unit_number").rowsBetween(Window.unboundedPreceding, Window.currentRow)


def _running_counts(units: DataFrame, window_units: int) -> DataFrame:
    last = Window.partitionBy(*SCOPE).orderBy("unit_number").rowsBetween(1 - window_units, Window.currentRow)
    return units.withColumns(
        {
            "count_possible": _count(F.col("is_possible")).over(_so_far()),
            "missed_so_far": F.sum("missed_parts").over(_so_far()),
            "count_absences": _count(F.col("is_absence")).over(_so_far()),
            "count_unknown": _count(~F.col("is_possible")).over(_so_far()),
            "count_unknown_in_window": _count(~F.col("is_possible")).over(last),
        }
    )


def _running_streaks(counted: DataFrame) -> DataFrame:
    """A streak is the absences since the last unit that was none; unknown units neither break nor extend it."""
    is_present = F.col("is_possible") & ~F.col("is_absence")
    before = {
        "absences_at_last_present": F.coalesce(
            F.max(F.when(is_present, F.col("count_absences"))).over(_so_far()), F.lit(0)
        ),
        "unknown_at_last_present": F.coalesce(
            F.max(F.when(is_present, F.col("count_unknown"))).over(_so_far()), F.lit(0)
        ),
    }
    streak = F.col("count_absences") - F.col("absences_at_last_present")
    rows = counted.withColumns(before).withColumn("count_streak_units", streak)
    is_open = (F.col("count_streak_units") > 0) & (F.col("count_unknown") > F.col("unknown_at_last_present"))
    starts = F.when(F.col("is_absence") & (F.col("count_streak_units") == 1), F.col("unit_date"))
    started = F.when(F.col("count_streak_units") > 0, F.max(starts).over(_so_far()))
    return rows.withColumns({"is_streak_open": is_open, "streak_start_date": started})


def _with_since(rows: DataFrame, name: str) -> DataFrame:
    """Add ``<name>_since``: the date of the first unit of the unbroken run in which the value has stood."""
    in_order = Window.partitionBy(*SCOPE).orderBy("unit_number")
    before = F.lag(name).over(in_order)
    began = rows.withColumn("began", F.when(before.isNull() | (before != F.col(name)), F.col("unit_date")))
    return began.withColumn(f"{name}_since", F.max("began").over(_so_far())).drop("began")


def _count(condition: Column) -> Column:
    return F.sum(F.when(condition, F.lit(1)).otherwise(F.lit(0)))
