"""Gold: one row per student, scope and as-of date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.attendance import SCOPE, TOO_EARLY, TierRule, in_each_scope, judged, missing_rungs, room_left
from student_track.metrics.history import tier_history, units_by_weekday
from student_track.policy import TIERS, Policy
from student_track.schemas import STUDENT_METRICS

NULLABLE = ("count_planned_units",)
"""Counts of the parts that are null, not zero, where they cannot be said."""


@dataclass(frozen=True)
class Stamp:
    """What every gold row of an as-of date carries or is measured with."""

    as_of_date: date
    school_year: int
    from_date: date
    parts_per_unit: int
    policy_version: str


def count_sessions(expected: DataFrame) -> DataFrame:
    """Return one row per student and scope with the sessions expected, known, unknown (both kinds), missed."""
    missed = F.col("is_known") & (F.col("missed_numerator") > 0)
    return (
        in_each_scope(expected)
        .groupBy(*SCOPE)
        .agg(
            F.count("*").alias("count_expected_sessions"),
            F.count_if("is_known").alias("count_known_sessions"),
            F.count_if(~F.col("is_known") & ~F.col("is_taken")).alias("count_sessions_not_taken"),
            F.count_if(~F.col("is_known") & F.col("is_taken")).alias("count_sessions_without_mark"),
            F.count_if(missed & F.col("is_excused")).alias("count_excused_sessions"),
            F.count_if(missed & ~F.col("is_excused")).alias("count_unexcused_sessions"),
            F.count_if(F.col("is_known") & F.col("is_tardy")).alias("count_tardy_sessions"),
        )
    )


def summarise_units(measured: DataFrame, policy: Policy, as_of_date: date) -> DataFrame:
    """Return one row per student and scope: the measures after the last unit, longest streak, last dates, trend.

    With the tiers there were, and the weekdays. Each cohort by its own rules, where such are in force at the as-of
    date.
    """
    parts = policy.parts_per_unit
    past = tier_history(measured, parts).join(units_by_weekday(measured, parts), list(SCOPE), "left")
    return judged(measured, policy, as_of_date, _summary).join(past, list(SCOPE))


def _summary(measured: DataFrame, rules: Policy) -> DataFrame:
    latest = measured.withColumn(
        "units_after", F.row_number().over(Window.partitionBy(*SCOPE).orderBy(F.desc("unit_number")))
    )
    is_present = F.col("is_possible") & ~F.col("is_absence")
    is_first = F.col("unit_number") <= rules.early_warning_units
    past = measured.groupBy(*SCOPE).agg(
        F.count("*").alias("count_expected_units"),
        F.count_if(F.col("is_absence") & is_first).alias("count_absences_in_first_units"),
        F.max("count_streak_units").alias("count_longest_streak_units"),
        F.max(F.when(F.col("is_absence"), F.col("unit_date"))).alias("last_absence_date"),
        F.max(F.when(is_present, F.col("unit_date"))).alias("last_present_date"),
    )
    now = latest.where("units_after = 1").select(
        *SCOPE,
        F.col("count_possible").alias("count_possible_units"),
        F.col("count_unknown").alias("count_unknown_units"),
        F.col("missed_so_far").alias("missed_parts"),
        *("count_absences", "tier", "has_early_warning", "count_streak_units", "is_streak_open", "streak_start_date"),
        F.col("tier_since").alias("tier_since_date"),
        *("attention_reasons", "asks_for_attention", "asks_for_attention_since"),
    )
    trend = _trend(measured, rules.trend_window_units, rules.parts_per_unit)
    return past.join(now, list(SCOPE)).join(trend, list(SCOPE), "left")


def last_standings(measured: DataFrame) -> DataFrame:
    """Return one row per student and scope with the tier after the last unit, and whether attention was asked for."""
    names = ("tier", "asks_for_attention")
    return measured.groupBy(*SCOPE).agg(*(F.max_by(name, "unit_number").alias(name) for name in names))


def _trend(measured: DataFrame, window_units: int, parts_per_unit: int) -> DataFrame:
    """Rates of the last possible units and of the same number before; no row before there are both."""
    possible = measured.where("is_possible")
    newest_first = Window.partitionBy(*SCOPE).orderBy(F.desc("unit_number"))
    numbered = possible.withColumn("number", F.row_number().over(newest_first))
    is_last, is_previous = F.col("number") <= window_units, F.col("number").between(window_units + 1, 2 * window_units)
    window = F.lit(float(parts_per_unit)) * window_units
    sums = numbered.groupBy(*SCOPE).agg(
        F.count("*").alias("count_possible"),
        (1 - F.sum(F.when(is_last, F.col("missed_parts"))) / window).alias("last_window_rate"),
        (1 - F.sum(F.when(is_previous, F.col("missed_parts"))) / window).alias("previous_window_rate"),
    )
    return sums.where(F.col("count_possible") >= 2 * window_units).drop("count_possible")


def describe_enrolment(windows: DataFrame, from_date: date, as_of_date: date) -> DataFrame:
    """Return one row per student and scope with status and window; those that ended before the period are left out."""
    in_period = windows.where(F.col("last_expected_date").isNull() | (F.col("last_expected_date") >= F.lit(from_date)))
    has_started = F.col("first_expected_date").isNotNull()
    is_open = has_started & (F.col("last_expected_date").isNull() | (F.col("last_expected_date") >= F.lit(as_of_date)))
    grouped = (
        in_each_scope(in_period)
        .groupBy(*SCOPE)
        .agg(
            F.bool_or(is_open).alias("is_open"),
            F.bool_or(has_started | F.col("last_expected_date").isNotNull()).alias("has_started"),
            F.min("first_expected_date").alias("first_expected_date"),
            F.max("last_expected_date").alias("latest_end_date"),
        )
    )
    status = F.when(F.col("is_open"), F.lit("enrolled")).when(F.col("has_started"), F.lit("left"))
    ended = F.when(~F.col("is_open"), F.col("latest_end_date"))
    return grouped.select(
        *SCOPE,
        status.otherwise(F.lit("not_started")).alias("status"),
        "first_expected_date",
        ended.alias("last_expected_date"),
    )


def rungs_missing(measured: DataFrame, actions: DataFrame | None, policy: Policy, as_of_date: date) -> DataFrame:
    """Return one row per student and scope with the missing rungs of the ladder; null where no actions are kept."""
    if actions is not None:
        return missing_rungs(measured, actions, policy.ladder, as_of_date)
    nothing = F.lit(None).cast("string").alias("missing_rungs"), F.lit(None).cast("date").alias("missing_rung_due_date")
    return measured.select(*SCOPE, *nothing).where("false")


def change_of_tier(before: str) -> Column:
    """Return worse, better or same than a former tier; first where only the new one is a tier, none without one."""
    order = F.create_map(*(word for place, name in enumerate(TIERS) for word in (F.lit(name), F.lit(place))))
    now, former = order[F.col("tier")], order[F.col(before)]
    return (
        F.when(now.isNull(), F.lit("none"))
        .when(former.isNull(), F.lit("first"))
        .when(now > former, F.lit("worse"))
        .when(now < former, F.lit("better"))
        .otherwise(F.lit("same"))
    )


def student_metrics(parts: Iterable[DataFrame], policy: Policy, stamp: Stamp) -> DataFrame:
    """Return the rows of ``student_metrics`` from its parts, one row per student and scope each, the enrolment first.

    A student with a window and no unit yet has zero counts, no rate, and is too early.
    """
    rows = reduce(lambda one, other: one.join(other, list(SCOPE), "left"), parts)
    rows = rows.fillna(0, subset=[name for name in rows.columns if name.startswith("count_") and name not in NULLABLE])
    texts = {"previous_tier": TOO_EARLY, "previous_week_tier": TOO_EARLY, "attention_reasons": ""}
    rows = rows.fillna({"missed_parts": 0, **texts})
    rows = rows.withColumn(
        "tier", F.when(F.col("count_expected_units") == 0, F.lit(TOO_EARLY)).otherwise(F.col("tier"))
    )
    rows = judged(rows, policy, stamp.as_of_date, _with_room)
    rows = rows.withColumns(_derived(stamp))
    return with_position(rows, policy.suppress_groups_below).select(*STUDENT_METRICS.column_names)


def _with_room(rows: DataFrame, rules: Policy) -> DataFrame:
    return room_left(rows, rules.parts_per_unit, TierRule.of(rules))


def with_position(rows: DataFrame, suppress_below: int) -> DataFrame:
    """Add where a student's rate stands in the cohort: 0 the lowest, 1 the highest, those with the same rate together.

    It is the share of the cohort's other enrolled students with a lower rate, in the row of the cohort; null in the
    school's row, without a rate, for those not enrolled, and in a cohort of fewer enrolled with a rate than the limit.
    """
    is_ranked = (F.col("scope") == "cohort") & (F.col("status") == "enrolled") & F.col("attendance_rate").isNotNull()
    missed_share = F.expr("missed_parts / NULLIF(count_possible_units * parts_per_unit, 0L)")
    group = Window.partitionBy("cohort_id", is_ranked)
    ranked = rows.withColumns(
        {
            "position": F.percent_rank().over(group.orderBy(missed_share.desc())),
            "count_ranked": F.count("*").over(group),
        }
    )
    is_shown = is_ranked & (F.col("count_ranked") >= max(suppress_below, 2))
    return ranked.withColumn("position_in_cohort_share", F.when(is_shown, F.col("position")))


def _derived(stamp: Stamp) -> dict[str, Column]:
    """Columns that follow from the row itself, and the stamp every row carries."""
    whole = F.lit(float(stamp.parts_per_unit))
    is_enrolled = F.col("status") == "enrolled"
    needs_attention = is_enrolled & F.coalesce("asks_for_attention", F.lit(False))
    return {
        "as_of_date": F.lit(stamp.as_of_date),
        "school_year": F.lit(stamp.school_year),
        "policy_version": F.lit(stamp.policy_version),
        "parts_per_unit": F.lit(stamp.parts_per_unit),
        "period_start_date": F.greatest(F.lit(stamp.from_date), F.col("first_expected_date")),
        "coverage_share": F.expr("count_known_sessions / NULLIF(count_expected_sessions, 0L)"),
        "missed_units": F.col("missed_parts") / whole,
        "attendance_rate": F.expr(f"1D - missed_parts / ({stamp.parts_per_unit}D * NULLIF(count_possible_units, 0L))"),
        "tier_change": change_of_tier(before="previous_tier"),
        "tier_change_in_week": change_of_tier(before="previous_week_tier"),
        "has_early_warning": F.coalesce("has_early_warning", F.lit(False)),
        "is_streak_open": F.coalesce("is_streak_open", F.lit(False)),
        "needs_attention_week_before": F.coalesce("needs_attention_week_before", F.lit(False)),
        "needs_attention": needs_attention,
        "attention_reasons": F.when(needs_attention, F.col("attention_reasons")).otherwise(F.lit("")),
        "needs_attention_since_date": F.when(needs_attention, F.col("asks_for_attention_since")),
        "missing_rungs": F.when(is_enrolled, F.col("missing_rungs")),
        "missing_rung_due_date": F.when(is_enrolled, F.col("missing_rung_due_date")),
        "trend_change": F.col("last_window_rate") - F.col("previous_window_rate"),
    }
