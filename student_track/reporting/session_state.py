"""What became of each session for each student: worked out once, for the cohorts' terms and the students' own pages."""

from datetime import date

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.attendance import enrolment_windows, expected_sessions
from student_track.frames import staged
from student_track.reporting.facts import Day

NOT_EXPECTED = "not_expected"
"""Stands where no session was expected of the student."""


def student_sessions(spark: SparkSession, day: Day, from_date: date) -> DataFrame:
    """Return one row per student and session from a date to the day: each expected one, and each with a mark.

    With its state, whether it counts, and where the mark stands in the sheet. Worked out once, whatever is asked of it.
    """
    of_years = F.col("school_year").between(*day.school_years)
    sessions, quarantine = spark.table("sessions").where(of_years), spark.table("quarantine")
    records = spark.table("attendance_records").where(of_years & (F.col("session_date") <= F.lit(day.as_of_date)))
    closes = day.policy.enrolment_closes_after_registers
    windows = enrolment_windows(spark.table("enrolments"), records, sessions, quarantine, day.as_of_date, closes)
    blank = day.policy.blank_mark
    expected = expected_sessions(windows, sessions, records, quarantine, from_date, day.as_of_date, blank)
    return staged(spark, _with_marks(expected, records.where(F.col("session_date") >= F.lit(from_date))))


def _with_marks(expected: DataFrame, records: DataFrame) -> DataFrame:
    """Every expected session with its mark, and every mark of which none was expected."""
    key, said = ["student_key", "session_id"], ("session_date", "period", "cohort_id", "is_excused", "is_tardy")
    own = expected.select(*key, _state().alias("state"), *(F.col(name).alias(f"expected_{name}") for name in said))
    every = own.join(records.select(*key, *said, "mark", "tab", "cell"), key, "full_outer")
    return every.select(
        *key,
        *(F.coalesce(f"expected_{name}", name).alias(name) for name in said),
        F.coalesce("state", F.lit(NOT_EXPECTED)).alias("state"),
        F.col("state").isNotNull().alias("is_counted"),
        *("mark", "tab", "cell"),
    )


def _state() -> Column:
    """The state of an expected session: unknown, present, absent, or partial where a part of it was missed."""
    missed = F.col("missed_numerator")
    return (
        F.when(~F.col("is_known"), F.lit("unknown"))
        .when(missed == 0, F.lit("present"))
        .when(missed >= F.col("missed_denominator"), F.lit("absent"))
        .otherwise(F.lit("partial"))
    )
