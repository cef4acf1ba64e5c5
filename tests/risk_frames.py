"""Drawn schools as the risk stage sees them: a history, and rows of students at landmarks."""

from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame, SparkSession

from student_track import attendance, risk
from student_track.frames import kept
from student_track.policy import Policy
from student_track.risk.history import History, Period
from student_track.risk.scoring import Scorer
from tests.drawn_schools import draw, together
from tests.metric_frames import SCHOOL_YEAR, policy_with, silver_of
from tests.plain_school import Enrolment, School


def class_of(days: Sequence[date], lines: dict[str, str], cohort: str = "c", **stays: list[Enrolment]) -> School:
    """Return one class: a line of signs per student over the same days; stays name what differs from always."""
    school = together(*(draw(name, cohort, signs, days, stays=stays.get(name, ())) for name, signs in lines.items()))
    return School(school.enrolments, sorted(set(school.sessions)), school.records, school.spoiled)


def history_of(
    spark: SparkSession, school: School, as_of: date, policy: Policy, periods: tuple[Period, ...] | None = None
) -> History:
    """Return the history of a drawn school, of one school year unless periods are given."""
    silver = silver_of(spark, school)
    first = min(session.day for session in school.sessions)
    windows = attendance.enrolment_windows(
        silver.enrolments,
        silver.attendance_records,
        silver.sessions,
        silver.quarantine,
        as_of,
        policy.enrolment_closes_after_registers,
    )
    own = periods or (Period(SCHOOL_YEAR, first, as_of),)
    parts = (silver.enrolments, kept(spark, windows), silver.sessions.where(f"session_date <= DATE'{as_of}'"))
    return History(as_of, own, *parts, silver.attendance_records, silver.quarantine)


def students_on(
    spark: SparkSession, school: School, dates: Sequence[date], policy: Policy | None = None
) -> dict[tuple[str, date], dict[str, object]]:
    """Return the students at landmarks on the given dates, by student and date, as of the last of them."""
    policy = policy or policy_with()
    history = history_of(spark, school, max(dates), policy)
    landmarks = risk.landmarks_on(kept(spark, risk.held_units(history, policy)), dates)
    students = _students(spark, history, landmarks, _running(spark, history, policy), policy)
    return _by_student_and_date(risk.with_abstention(students, policy.dropout_risk, policy.unit))


def labelled_rows(
    spark: SparkSession, school: School, as_of: date, policy: Policy
) -> dict[tuple[str, date], dict[str, object]]:
    """Return the labelled rows of the weekly landmarks, by student and date, whether the score would abstain or not."""
    history = history_of(spark, school, as_of, policy)
    held, running = kept(spark, risk.held_units(history, policy)), _running(spark, history, policy)
    landmarks = kept(spark, risk.landmarks_with_window(held, policy.dropout_risk))
    students = _students(spark, history, landmarks, running, policy).where("is_in_risk_set")
    return _by_student_and_date(risk.label_rows(students, running, risk.list_exits(history.enrolments)))


def scored_on(
    spark: SparkSession, school: School, day: date, scorer: Scorer, policy: Policy
) -> dict[str, dict[str, object]]:
    """Return the rows of ``dropout_risk`` of a date, by student of a school with one class."""
    history = history_of(spark, school, day, policy)
    held = kept(spark, risk.held_units(history, policy))
    landmarks = kept(spark, risk.landmarks_on(held, risk.dates_to_compare(day)))
    students = _students(spark, history, landmarks, _running(spark, history, policy), policy)
    judged = risk.with_abstention(students, policy.dropout_risk, policy.unit)
    banded = kept(spark, risk.with_band(kept(spark, risk.with_score(judged, scorer)), day, policy.dropout_risk))
    rows = risk.dropout_risk(risk.with_reasons(banded, scorer.model, policy.unit), policy, day)
    return {row["student_key"]: row for row in rows.toArrow().to_pylist()}


def _running(spark: SparkSession, history: History, policy: Policy) -> DataFrame:
    units = kept(spark, risk.measure_units(history, policy))
    return kept(spark, risk.running_features(units, policy.parts_per_unit))


def _students(
    spark: SparkSession, history: History, landmarks: DataFrame, running: DataFrame, policy: Policy
) -> DataFrame:
    own = kept(spark, risk.students_at(history.windows, landmarks))
    return kept(spark, risk.features_at(own, running, policy.dropout_risk))


def _by_student_and_date(rows: DataFrame) -> dict[tuple[str, date], dict[str, object]]:
    return {(row["student_key"], row["landmark_date"]): row for row in rows.toArrow().to_pylist()}
