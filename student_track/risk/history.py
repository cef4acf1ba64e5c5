"""What the score looks back on: silver up to the as-of date, and each student's own units with running measures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from student_track.attendance import (
    enrolment_windows,
    expected_sessions,
    latest_register_date,
    measured_units,
    school_year_of,
)
from student_track.errors import InputError
from student_track.policy import Policy

Keep = Callable[[DataFrame], DataFrame]
"""Returns a frame with the same rows."""

OWN_UNITS = ("student_key", "cohort_id", "period_start_date")
"""What running features are of: a student in a cohort, within one period."""


@dataclass(frozen=True)
class Period:
    """A school year up to the as-of date, or with ``school_year`` None the whole life of the cohorts.

    No feature reaches back over its start.
    """

    school_year: int | None
    from_date: date
    to_date: date

    @property
    def condition(self) -> str:
        return "true" if self.school_year is None else f"school_year = {self.school_year}"


@dataclass(frozen=True)
class History:
    """Silver frames of some periods up to the as-of date; windows are known as of it."""

    as_of_date: date
    periods: tuple[Period, ...]
    enrolments: DataFrame
    windows: DataFrame
    sessions: DataFrame
    attendance_records: DataFrame
    quarantine: DataFrame


def fix_as_of_date(spark: SparkSession, as_of_date: date | None, today: date) -> date:
    """Return the as-of date; ``None`` means the latest date with a register taken.

    Raises InputError where no session lies on or before it.
    """
    sessions = spark.table("sessions")
    day = as_of_date or latest_register_date(sessions, today)
    if day is None or school_year_of(sessions, day) is None:
        raise InputError(
            f"No register was taken up to {as_of_date or today}: there is no risk to foretell. "
            "Check the dates of the attendance tabs, and `today` and `as_of_date` in the settings."
        )
    return day


def list_periods(spark: SparkSession, policy: Policy, as_of_date: date) -> tuple[Period, ...]:
    """Return the periods with a session up to the as-of date, oldest first; one where a whole life is counted."""
    seen = spark.table("sessions").where(F.col("session_date") <= F.lit(as_of_date))
    year = F.lit(None).cast("int") if policy.period == "cohort_life" else F.col("school_year")
    bounds = (F.min("session_date").alias("from_date"), F.max("session_date").alias("to_date"))
    found = seen.groupBy(year.alias("period_year")).agg(*bounds).collect()
    return tuple(sorted((Period(*row) for row in found), key=lambda period: period.from_date))


def read_history(
    spark: SparkSession, policy: Policy, as_of_date: date, periods: tuple[Period, ...], keep: Keep
) -> History:
    """Return the silver frames of the periods; where none is given, frames without a row, and nothing is read."""
    is_wanted = " OR ".join(period.condition for period in periods) or "false"
    up_to = F.col("session_date") <= F.lit(as_of_date)
    sessions = keep(spark.table("sessions").where(is_wanted).where(up_to))
    records = spark.table("attendance_records").where(is_wanted).where(up_to)
    enrolments, quarantine = spark.table("enrolments"), spark.table("quarantine")
    closes_after = policy.enrolment_closes_after_registers
    windows = keep(enrolment_windows(enrolments, records, sessions, quarantine, as_of_date, closes_after))
    of_none = (Period(None, as_of_date, as_of_date),)
    return History(as_of_date, periods or of_none, enrolments, windows, sessions, records, quarantine)


def measure_units(history: History, policy: Policy) -> DataFrame:
    """Return one row per student, cohort and expected unit, with running measures and lateness so far in the period."""
    return reduce(DataFrame.unionByName, (_units_of_period(history, policy, period) for period in history.periods))


def _units_of_period(history: History, policy: Policy, period: Period) -> DataFrame:
    expected = expected_sessions(
        history.windows,
        history.sessions.where(period.condition),
        history.attendance_records.where(period.condition),
        history.quarantine,
        period.from_date,
        min(period.to_date, history.as_of_date),
        policy.blank_mark,
    )
    running = measured_units(expected, policy, history.as_of_date, scope="cohort")
    late = _lateness_so_far(expected)
    return running.join(late, ["student_key", "cohort_id", "unit_date"]).withColumn(
        "period_start_date", F.lit(period.from_date)
    )


def _lateness_so_far(expected: DataFrame) -> DataFrame:
    """Known and tardy sessions up to each date of a student in a cohort."""
    by_date = expected.groupBy("student_key", "cohort_id", F.col("session_date").alias("unit_date")).agg(
        F.count_if("is_known").alias("count_known"), F.count_if(F.col("is_known") & F.col("is_tardy")).alias("tardy")
    )
    so_far = Window.partitionBy("student_key", "cohort_id").orderBy("unit_date")
    so_far = so_far.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    return by_date.select(
        "student_key",
        "cohort_id",
        "unit_date",
        F.sum("count_known").over(so_far).alias("count_known_sessions"),
        F.sum("tardy").over(so_far).alias("count_tardy_sessions"),
    )
