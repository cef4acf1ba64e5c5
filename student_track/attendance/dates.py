"""Dates that decide what counts, or were missed: the latest register, the school day before, a student's absences."""

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def latest_register_date(sessions: DataFrame, today: date) -> date | None:
    """Return the latest date up to today on which a register was taken and not cancelled; None where there is none."""
    return _latest(_held(sessions).where(F.col("session_date") <= F.lit(today)))


def school_day_before(sessions: DataFrame, day: date, from_date: date) -> date | None:
    """Return the latest date before the given one, within the period, with a register taken; None: there is none."""
    return _latest(
        _held(sessions).where((F.col("session_date") < F.lit(day)) & (F.col("session_date") >= F.lit(from_date)))
    )


def school_year_of(sessions: DataFrame, as_of_date: date) -> int | None:
    """Return the school year of the latest session up to the as-of date."""
    seen = sessions.where(F.col("session_date") <= F.lit(as_of_date))
    return seen.agg(F.max_by("school_year", "session_date").alias("school_year")).first().school_year


def dates_missed(records: DataFrame, sessions: DataFrame, school_years: tuple[int, int], as_of_date: date) -> DataFrame:
    """Return one row per student and date missed in whole or part, up to the as-of date.

    ``school_years`` are the first and the last that count. Excused or not; what does not count in the rate, lies
    outside the enrolment or was cancelled is left out.
    """
    of_years = F.col("school_year").between(*school_years)
    missed = records.where(
        of_years
        & (F.col("session_date") <= F.lit(as_of_date))
        & F.expr("missed_numerator > 0 AND counts_in_rate AND is_inside_enrolment_window")
    )
    held = sessions.where(of_years & ~F.col("is_cancelled")).select("session_id")
    return missed.join(held, "session_id").select("student_key", "session_date").distinct()


def _held(sessions: DataFrame) -> DataFrame:
    return sessions.where(F.col("is_taken") & ~F.col("is_cancelled"))


def _latest(sessions: DataFrame) -> date | None:
    return sessions.agg(F.max("session_date").alias("latest")).first().latest
