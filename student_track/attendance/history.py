"""What a period looked like on the way: days as they were, weeks, and the tiers a student has been in."""

from fractions import Fraction

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from student_track.attendance.units import SCOPE, at_least, in_each_scope

DAY_STATES = ("present", "absent", "partial", "not_taken", "no_mark")
"""States of a student's day: unknown is two, for nobody took the register, or somebody did without a usable mark."""


def tier_history(measured: DataFrame) -> DataFrame:
    """Return one row per student, scope and run of units with the same tier: every tier in which a student has been.

    ``measured`` are units with their running measures. A row says the first date and unit of the run, and units
    possible and parts missed as they stood after that unit.
    """
    before = F.lag("tier").over(Window.partitionBy(*SCOPE).orderBy("unit_number"))
    begun = measured.withColumn("tier_before", before).where("tier_before IS NULL OR tier_before <> tier")
    return begun.select(
        *SCOPE,
        "unit_number",
        F.col("unit_date").alias("since_date"),
        "tier",
        F.col("count_possible").alias("count_possible_units"),
        F.col("missed_so_far").alias("missed_parts"),
    )


def weeks_of(measured: DataFrame) -> DataFrame:
    """Return one row per student, scope and week (its Monday) with a unit: units possible and unknown, parts missed."""
    monday = F.date_sub(F.col("unit_date"), F.weekday("unit_date"))
    return measured.groupBy(*SCOPE, monday.alias("week_start_date")).agg(
        F.count_if("is_possible").alias("count_possible_units"),
        F.count_if(~F.col("is_possible")).alias("count_unknown_units"),
        F.sum("missed_parts").alias("missed_parts"),
    )


def days_of(expected: DataFrame, parts_per_unit: int, possible_from_known: Fraction) -> DataFrame:
    """Return one row per student, scope and date with an expected session: its state, and what else was marked.

    A day with fewer known sessions than possible units need is ``not_taken`` where no register lacks but that, else
    ``no_mark``; the others are ``present``, ``absent`` or ``partial`` by the parts missed of their known sessions.
    """
    missed = F.expr(f"CASE WHEN is_known THEN {parts_per_unit}L * missed_numerator DIV missed_denominator ELSE 0L END")
    counts = in_each_scope(expected).groupBy(*SCOPE, "session_date").agg(
        F.count("*").alias("count_expected"),
        F.count_if("is_known").alias("count_known"),
        F.count_if(~F.col("is_known") & F.col("is_taken")).alias("count_without_mark"),
        F.sum(missed).alias("missed_in_sessions"),
        F.bool_or(F.col("is_known") & F.col("is_excused") & (F.col("missed_numerator") > 0)).alias("is_excused"),
        F.bool_or(F.col("is_known") & F.col("is_tardy")).alias("is_tardy"),
    )
    is_possible = (F.col("count_known") > 0) & at_least(
        F.col("count_known"), F.col("count_expected"), possible_from_known
    )
    state = (
        F.when(~is_possible & (F.col("count_without_mark") == 0), F.lit("not_taken"))
        .when(~is_possible, F.lit("no_mark"))
        .when(F.col("missed_in_sessions") == 0, F.lit("present"))
        .when(F.col("missed_in_sessions") == F.col("count_known") * parts_per_unit, F.lit("absent"))
        .otherwise(F.lit("partial"))
    )
    return counts.select(*SCOPE, "session_date", state.alias("state"), "is_excused", "is_tardy")
