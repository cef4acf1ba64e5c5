"""Units: what rates, windows and minimums count. A day by default, a session where the policy says so."""

from fractions import Fraction
from typing import Literal

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.errors import InputError
from student_track.policy import MOST_SESSIONS_IN_A_UNIT

SCOPE = ("student_key", "scope", "cohort_id")
"""What a measure is of: a student in the whole school (cohort_id empty) or in one cohort."""


def in_each_scope(rows: DataFrame) -> DataFrame:
    """Return the rows twice: for the whole school, and for the cohort; ``own_cohort_id`` keeps the row's cohort."""
    own = rows.withColumnRenamed("cohort_id", "own_cohort_id")
    school = own.withColumns({"scope": F.lit("school"), "cohort_id": F.lit("")})
    cohort = own.withColumns({"scope": F.lit("cohort"), "cohort_id": F.col("own_cohort_id")})
    return school.unionByName(cohort)


def at_least(share_of: Column, whole: Column, limit: Fraction) -> Column:
    """Return whether share_of / whole >= limit, exactly, by cross-multiplication of integers."""
    return share_of * F.lit(limit.denominator) >= whole * F.lit(limit.numerator)


def more_than(share_of: Column, whole: Column, limit: Fraction) -> Column:
    """Return whether share_of / whole > limit, exactly."""
    return share_of * F.lit(limit.denominator) > whole * F.lit(limit.numerator)


def units(
    expected: DataFrame,
    unit: Literal["day", "session"],
    parts_per_unit: int,
    possible_from_known: Fraction,
    absence_from_missed: Fraction,
) -> DataFrame:
    """Return one row per student, scope and expected unit, numbered in order of date, period and cohort.

    ``missed_parts`` is the missed share of a possible unit in parts of ``parts_per_unit``, an integer; 0 where the unit
    is not possible. A unit is possible when at least that share of its sessions is known, and an absence when at least
    that share of it is missed.
    """
    of_session = ["unit_period", "unit_cohort_id"] if unit == "session" else []
    place = {"unit_period": F.col("period"), "unit_cohort_id": F.col("own_cohort_id")}
    rows = in_each_scope(expected).select("*", *(place[name].alias(name) for name in of_session))
    missed_of_known = F.expr(f"CASE WHEN is_known THEN {parts_per_unit}L * missed_numerator DIV missed_denominator END")
    grouped = rows.groupBy(*SCOPE, F.col("session_date").alias("unit_date"), *of_session).agg(
        F.count("*").alias("count_expected"),
        F.count_if("is_known").alias("count_known"),
        F.coalesce(F.sum(missed_of_known), F.lit(0)).alias("missed_in_sessions"),
    )
    is_possible = (F.col("count_known") > 0) & at_least(
        F.col("count_known"), F.col("count_expected"), possible_from_known
    )
    share = F.expr("CASE WHEN is_possible THEN missed_in_sessions DIV count_known ELSE 0L END")
    # shorter periods first, so that "2" comes before "10"
    in_day = [F.length("unit_period"), *of_session] if of_session else []
    in_order = Window.partitionBy(*SCOPE).orderBy("unit_date", *in_day)
    measured = grouped.withColumn("is_possible", is_possible).withColumn("missed_parts", share)
    is_absence = F.col("is_possible") & at_least(F.col("missed_parts"), F.lit(parts_per_unit), absence_from_missed)
    return measured.select(
        *SCOPE,
        F.row_number().over(in_order).cast("bigint").alias("unit_number"),
        "unit_date",
        "is_possible",
        "missed_parts",
        is_absence.alias("is_absence"),
    )


def refuse_overfull_units(expected: DataFrame, unit: Literal["day", "session"]) -> None:
    """Raise InputError where a day is a unit and holds more sessions of a student than the arithmetic is exact for."""
    if unit == "session":
        return
    per_day = expected.groupBy("student_key", "session_date").agg(F.count("*").alias("count_sessions"))
    overfull = per_day.where(F.col("count_sessions") > MOST_SESSIONS_IN_A_UNIT)
    first = overfull.orderBy("session_date", "student_key").first()
    if first is not None:
        raise InputError(
            f"{first.session_date}: student {first.student_key} has {first.count_sessions} sessions on this date, and "
            f"more than {MOST_SESSIONS_IN_A_UNIT} cannot be one day. Are periods or cohorts written twice? "
            "Mend the sheet, or count each session on its own (`unit: session` in the policy)."
        )
