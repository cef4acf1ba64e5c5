"""Dates that decide what counts: the latest register, the school day before, the start of the period."""

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def latest_register_date(sessions: DataFrame, today: date) -> date | None:
    """Return the latest date up to today on which a register was taken and not cancelled; None where there is none."""
    return _latest(_held(sessions).where(F.col("session_date") <= F.lit(today)))


def school_day_before(sessions: DataFrame, as_of_date: date, from_date: date) -> date | None:
    """Return the latest date before the as-of date, within the period, on which any register was taken."""
    return _latest(
        _held(sessions).where((F.col("session_date") < F.lit(as_of_date)) & (F.col("session_date") >= F.lit(from_date)))
    )


def school_year_of(sessions: DataFrame, as_of_date: date) -> int | None:
    """Return the school year of the latest session up to the as-of date."""
    seen = sessions.where(F.col("session_date") <= F.lit(as_of_date))
    return seen.agg(F.max_by("school_year", "session_date").alias("school_year")).first().school_year


def _held(sessions: DataFrame) -> DataFrame:
    return sessions.where(F.col("is_taken") & ~F.col("is_cancelled"))


def _latest(sessions: DataFrame) -> date | None:
    return sessions.agg(F.max("session_date").alias("latest")).first().latest
