"""Gold: one row per student, scope and as-of date."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.attendance import SCOPE, TOO_EARLY, in_each_scope, room_left
from student_track.policy import TIERS
from student_track.schemas import STUDENT_METRICS

NULLABLE = ("count_planned_units", "count_absences_to_next_tier", "count_absences_left_in_year")
"""Counts that are null, not zero, where they cannot be said."""


@dataclass(frozen=True)
class Stamp:
    """What every gold row of an as-of date carries or is measured with."""

    as_of_date: date
    school_year: int
    from_date: date
    parts_per_unit: int
    trend_window_units: int
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


def summarise_units(measured: DataFrame, trend_window_units: int) -> DataFrame:
    """Return one row per student and scope: the measures after the last unit, longest streak, last dates, trend."""
    latest = measured.withColumn(
        "units_after", F.row_number().over(Window.partitionBy(*SCOPE).orderBy(F.desc("unit_number")))
    )
    is_present = F.col("is_possible") & ~F.col("is_absence")
    past = measured.groupBy(*SCOPE).agg(
        F.count("*").alias("count_expected_units"),
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
    return past.join(now, list(SCOPE)).join(_trend(measured, trend_window_units), list(SCOPE), "left")


def last_tiers(measured: DataFrame) -> DataFrame:
    """Return one row per student and scope with the tier after the last unit."""
    return measured.groupBy(*SCOPE).agg(F.max_by("tier", "unit_number").alias("tier"))


def _trend(measured: DataFrame, window_units: int) -> DataFrame:
    """Missed parts of the last possible units and of the same number before; no row before there are both."""
    possible = measured.where("is_possible")
    newest_first = Window.partitionBy(*SCOPE).orderBy(F.desc("unit_number"))
    numbered = possible.withColumn("number", F.row_number().over(newest_first))
    is_last, is_previous = F.col("number") <= window_units, F.col("number").between(window_units + 1, 2 * window_units)
    sums = numbered.groupBy(*SCOPE).agg(
        F.count("*").alias("count_possible"),
        F.sum(F.when(is_last, F.col("missed_parts"))).alias("last_missed_parts"),
        F.sum(F.when(is_previous, F.col("missed_parts"))).alias("previous_missed_parts"),
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


def change_of_tier(today: str = "tier", before: str = "previous_tier") -> Column:
    """Return worse, better or same between two tiers; first where only the new one is a tier; none without one."""
    order = F.create_map(*(word for place, name in enumerate(TIERS) for word in (F.lit(name), F.lit(place))))
    now, former = order[F.col(today)], order[F.col(before)]
    return (
        F.when(now.isNull(), F.lit("none"))
        .when(former.isNull(), F.lit("first"))
        .when(now > former, F.lit("worse"))
        .when(now < former, F.lit("better"))
        .otherwise(F.lit("same"))
    )


def student_metrics(
    enrolment: DataFrame,
    sessions: DataFrame,
    units: DataFrame,
    tiers_before: DataFrame,
    planned: DataFrame,
    tier_limits: dict[str, Fraction],
    stamp: Stamp,
) -> DataFrame:
    """Return the rows of ``student_metrics`` from its parts, each of one row per student and scope.

    A student with a window and no unit yet has zero counts, no rate, and is too early.
    """
    parts = [sessions, units, planned, tiers_before.withColumnRenamed("tier", "previous_tier")]
    rows = enrolment
    for part in parts:
        rows = rows.join(part, list(SCOPE), "left")
    rows = rows.fillna(0, subset=[name for name in rows.columns if name.startswith("count_") and name not in NULLABLE])
    rows = rows.fillna({"missed_parts": 0, "previous_tier": TOO_EARLY, "attention_reasons": ""})
    rows = rows.withColumn(
        "tier", F.when(F.col("count_expected_units") == 0, F.lit(TOO_EARLY)).otherwise(F.col("tier"))
    )
    rows = room_left(rows, stamp.parts_per_unit, tier_limits)
    return rows.withColumns(_derived(stamp)).select(*STUDENT_METRICS.column_names)


def _derived(stamp: Stamp) -> dict[str, Column]:
    """Columns that follow from the row itself, and the stamp every row carries."""
    whole = F.lit(float(stamp.parts_per_unit))
    needs_attention = (F.col("status") == "enrolled") & F.coalesce("asks_for_attention", F.lit(False))
    window = whole * stamp.trend_window_units
    last, previous = 1 - F.col("last_missed_parts") / window, 1 - F.col("previous_missed_parts") / window
    return {
        "as_of_date": F.lit(stamp.as_of_date),
        "school_year": F.lit(stamp.school_year),
        "policy_version": F.lit(stamp.policy_version),
        "parts_per_unit": F.lit(stamp.parts_per_unit),
        "period_start_date": F.greatest(F.lit(stamp.from_date), F.col("first_expected_date")),
        "coverage_share": F.expr("count_known_sessions / NULLIF(count_expected_sessions, 0L)"),
        "missed_units": F.col("missed_parts") / whole,
        "attendance_rate": F.expr(f"1D - missed_parts / ({stamp.parts_per_unit}D * NULLIF(count_possible_units, 0L))"),
        "tier_change": change_of_tier(),
        "has_early_warning": F.coalesce("has_early_warning", F.lit(False)),
        "is_streak_open": F.coalesce("is_streak_open", F.lit(False)),
        "needs_attention": needs_attention,
        "attention_reasons": F.when(needs_attention, F.col("attention_reasons")).otherwise(F.lit("")),
        "needs_attention_since_date": F.when(needs_attention, F.col("asks_for_attention_since")),
        "last_window_rate": last,
        "previous_window_rate": previous,
        "trend_change": last - previous,
    }
