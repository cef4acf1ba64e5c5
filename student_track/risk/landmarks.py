"""Landmarks: the dates at which a class is looked at, and where each lies among the units the class has held."""

from collections.abc import Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.attendance import is_register_taken
from student_track.policy import Policy
from student_track.risk.history import History, Period

TERM = ("cohort_id", "period_start_date", "school_year", "term")
"""A term of one class: no window of the label reaches over its end."""


def held_units(history: History, policy: Policy) -> DataFrame:
    """Return one row per class and unit it has held (register taken, not cancelled), numbered within the term."""
    held = history.sessions.where(~F.col("is_cancelled") & is_register_taken(policy.blank_mark))
    starts = held.withColumns({"period_start_date": _start_of(history.periods), "term": F.coalesce("term", F.lit(""))})
    of_session = ["period"] if policy.unit == "session" else []
    rows = starts.select(*TERM, F.col("session_date").alias("unit_date"), *of_session).distinct()
    in_day = [F.length("period"), *of_session] if of_session else []
    in_order = Window.partitionBy(*TERM).orderBy("unit_date", *in_day)
    number = F.row_number().over(in_order).cast("bigint")
    return rows.select(*TERM, "unit_date", number.alias("held_number"))


def weekly_landmarks(held: DataFrame) -> DataFrame:
    """Return one landmark per class and calendar week: the last date of the week on which the class met."""
    weekly = held.groupBy(*TERM, _week("unit_date").alias("week")).agg(
        F.max("unit_date").alias("landmark_date"), F.max("held_number").alias("held_number")
    )
    return weekly.join(_term_starts(held), [*TERM]).drop("week")


def dates_to_compare(as_of_date: date) -> tuple[date, date, date]:
    """Return the as-of date and the two weekly landmarks before it."""
    return as_of_date, as_of_date - timedelta(weeks=1), as_of_date - timedelta(weeks=2)


def landmarks_on(held: DataFrame, dates: Sequence[date]) -> DataFrame:
    """Return one landmark per class and given date, in the term the class was in; none before its first unit."""
    found = None
    for day in dates:
        until = held.where(F.col("unit_date") <= F.lit(day))
        last = Window.partitionBy("cohort_id").orderBy(F.desc("unit_date"), F.desc("held_number"))
        latest = until.withColumn("place", F.row_number().over(last)).where("place = 1")
        own = latest.select(*TERM, F.lit(day).alias("landmark_date"), "held_number").join(_term_starts(held), [*TERM])
        found = own if found is None else found.unionByName(own)
    return found


def usual_horizons(held: DataFrame, weeks: int, least_units: int) -> DataFrame:
    """Return one row per class and term with the units that the label looks ahead: those of so many usual weeks."""
    per_week = held.groupBy(*TERM, _week("unit_date").alias("week")).agg(F.count("*").alias("count_units"))
    usual = F.round(F.expr("percentile(count_units, 0.5)") * F.lit(float(weeks)), 0).cast("bigint")
    horizon = per_week.groupBy(*TERM).agg(usual.alias("usual_units"))
    return horizon.select(*TERM, F.greatest("usual_units", F.lit(least_units)).cast("bigint").alias("horizon_units"))


def _term_starts(held: DataFrame) -> DataFrame:
    return held.groupBy(*TERM).agg(F.min("unit_date").alias("term_start_date"))


def _week(column: str) -> Column:
    return F.expr(f"date_sub({column}, weekday({column}))")


def _start_of(periods: Sequence[Period]) -> Column:
    """The first date of the period that a session lies in."""
    start = F.lit(None).cast("date")
    for period in periods:
        start = F.when(F.expr(period.condition), F.lit(period.from_date)).otherwise(start)
    return start
