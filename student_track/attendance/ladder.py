"""The ladder of actions: rungs that are due and not taken."""

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.attendance.units import SCOPE
from student_track.policy import Rung


def missing_rungs(measured: DataFrame, actions: DataFrame, ladder: tuple[Rung, ...], as_of_date: date) -> DataFrame:
    """Return one row per student and scope with a unit: which rungs are missing, and since when the earliest was due.

    A rung is due since the first unit of the unbroken run, up to the last unit, in which its tier or its number of
    absences has stood. It is missing when more than ``within_units`` expected units came after that one, and no action
    of its kinds is dated from that unit to the as-of date. Names stand comma-separated in the order of the ladder.
    """
    rows = _due_dates(measured, ladder).join(_latest_actions(actions, ladder, as_of_date), "student_key", "left")
    is_missing = [_is_missing(number, rung) for number, rung in enumerate(ladder)]
    names = [F.when(missing, F.lit(rung.name)) for missing, rung in zip(is_missing, ladder, strict=True)]
    dates = [F.when(missing, F.col(f"due_date_{number}")) for number, missing in enumerate(is_missing)]
    no_date = F.lit(None).cast("date")
    return rows.select(
        *SCOPE,
        F.concat_ws(",", F.lit(None).cast("string"), *names).alias("missing_rungs"),
        F.least(*dates, no_date, no_date).alias("missing_rung_due_date"),
    )


def _is_due(rung: Rung) -> Column:
    """Whether a rung is due after a unit."""
    if rung.due_from_absences is not None:
        return F.col("count_absences") >= rung.due_from_absences
    return F.col("tier").isin(list(rung.tiers))


def _due_dates(measured: DataFrame, ladder: tuple[Rung, ...]) -> DataFrame:
    """One row per student and scope with, for each rung, the date it has been due since, and the units since."""
    whole = Window.partitionBy(*SCOPE).rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    last_not_due = {
        f"last_not_due_{number}": F.coalesce(F.max(F.when(~_is_due(rung), F.col("unit_number"))).over(whole), F.lit(0))
        for number, rung in enumerate(ladder)
    }
    rows = measured.withColumns(last_not_due) if ladder else measured
    columns = [F.max("unit_number").alias("count_units")]
    for number in range(len(ladder)):
        is_in_run = F.col("unit_number") > F.col(f"last_not_due_{number}")
        columns.append(F.min(F.when(is_in_run, F.col("unit_date"))).alias(f"due_date_{number}"))
        columns.append(F.min(F.when(is_in_run, F.col("unit_number"))).alias(f"due_unit_{number}"))
    return rows.groupBy(*SCOPE).agg(*columns)


def _latest_actions(actions: DataFrame, ladder: tuple[Rung, ...], as_of_date: date) -> DataFrame:
    """One row per student with, for each rung, the latest date of an action of its kinds up to the as-of date."""
    seen = actions.where(F.col("action_date") <= F.lit(as_of_date)).withColumn("kind", F.lower(F.trim("kind")))
    latest = [
        F.max(F.when(F.col("kind").isin(list(rung.satisfied_by)), F.col("action_date"))).alias(f"action_date_{number}")
        for number, rung in enumerate(ladder)
    ]
    return seen.groupBy("student_key").agg(F.count("*").alias("count_actions"), *latest)


def _is_missing(number: int, rung: Rung) -> Column:
    due, taken = F.col(f"due_date_{number}"), F.col(f"action_date_{number}")
    is_overdue = F.col("count_units") - F.col(f"due_unit_{number}") > rung.within_units
    return due.isNotNull() & is_overdue & (taken.isNull() | (taken < due))
