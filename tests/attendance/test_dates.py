"""Dates that decide what counts."""

from datetime import date

from pyspark.sql import SparkSession

from student_track.attendance import latest_register_date, school_day_before
from tests.metric_frames import silver_of
from tests.plain_school import School, Session

MONDAY, TUESDAY, WEDNESDAY = date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)


def sessions_of(spark: SparkSession, *sessions: Session):
    return silver_of(spark, School([], list(sessions), [], [])).sessions


def test_today_itself_counts_and_tomorrow_does_not(spark: SparkSession) -> None:
    sessions = sessions_of(spark, Session("m", "x", MONDAY), Session("t", "x", TUESDAY))
    assert latest_register_date(sessions, TUESDAY) == TUESDAY
    assert latest_register_date(sessions, MONDAY) == MONDAY


def test_a_register_not_taken_or_cancelled_is_no_latest_register(spark: SparkSession) -> None:
    sessions = sessions_of(
        spark,
        Session("m", "x", MONDAY),
        Session("t", "x", TUESDAY, is_taken=False),
        Session("w", "x", WEDNESDAY, is_cancelled=True),
    )
    assert latest_register_date(sessions, WEDNESDAY) == MONDAY


def test_without_any_session_there_is_no_date(spark: SparkSession) -> None:
    assert latest_register_date(sessions_of(spark), WEDNESDAY) is None


def test_the_day_before_is_of_any_cohort_and_not_before_the_period(spark: SparkSession) -> None:
    sessions = sessions_of(spark, Session("m", "x", MONDAY), Session("t", "y", TUESDAY), Session("w", "x", WEDNESDAY))
    assert school_day_before(sessions, WEDNESDAY, MONDAY) == TUESDAY
    assert school_day_before(sessions, TUESDAY, MONDAY) == MONDAY
    assert school_day_before(sessions, MONDAY, MONDAY) is None
