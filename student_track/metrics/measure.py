"""The measures of one as-of date under a policy, step by step, from the silver tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.attendance import (
    SCOPE,
    enrolment_windows,
    expected_sessions,
    latest_register_date,
    measured_units,
    planned_units,
    school_day_before,
    school_year_of,
)
from student_track.errors import InputError
from student_track.metrics.student import Stamp, last_standings
from student_track.policy import Policy

Keep = Callable[[DataFrame], DataFrame]
"""Returns a frame with the same rows."""


@dataclass(frozen=True)
class Silver:
    """The silver frames that metrics are made from, of the period that counts."""

    enrolments: DataFrame
    sessions: DataFrame
    attendance_records: DataFrame
    quarantine: DataFrame
    actions: DataFrame | None = None
    """None where the sheet has no tab of actions."""


@dataclass(frozen=True)
class Measured:
    """What was measured as of a date: windows, expected sessions, units with their running measures, units ahead."""

    windows: DataFrame
    expected: DataFrame
    units: DataFrame
    planned: DataFrame


def make_stamp(spark: SparkSession, policy: Policy, as_of_date: date | None, today: date) -> Stamp:
    """Return what every row of the as-of date carries; ``None`` means the latest date with a register taken.

    Raises InputError where there is no session up to that date.
    """
    sessions = spark.table("sessions")
    day = as_of_date or latest_register_date(sessions, today)
    school_year = school_year_of(sessions, day) if day else None
    if day is None or school_year is None:
        raise InputError(
            f"No register was taken up to {as_of_date or today}: there is nothing to measure. "
            "Check the dates of the attendance tabs, and `today` and `as_of_date` in the settings."
        )
    return Stamp(
        as_of_date=day,
        school_year=school_year,
        from_date=_period_start(sessions, policy, school_year),
        parts_per_unit=policy.parts_per_unit,
        policy_version=policy.version,
    )


def read_silver(spark: SparkSession, policy: Policy, stamp: Stamp) -> Silver:
    """Return the silver tables; sessions and records only of the school year where the policy counts by it.

    Stays that ended before the period are left out too: with the years they become most of a school's.
    """
    by_year = "true" if policy.period == "cohort_life" else f"school_year = {stamp.school_year}"
    ended = _cohorts_that_ended(spark.table("sessions"), stamp)
    of_period = F.col("last_expected_date").isNull() | (F.col("last_expected_date") >= F.lit(stamp.from_date))
    return Silver(
        enrolments=spark.table("enrolments").where(of_period).join(ended, "cohort_id", "left_anti"),
        sessions=spark.table("sessions").where(by_year),
        attendance_records=spark.table("attendance_records").where(by_year),
        quarantine=spark.table("quarantine"),
        actions=spark.table("actions") if spark.table("sheet_tabs").where("kind = 'actions'").first() else None,
    )


def _cohorts_that_ended(sessions: DataFrame, stamp: Stamp) -> DataFrame:
    """Cohorts with sessions before the period and none in it so far: whoever is still on their roster has moved on."""
    seen = sessions.where(F.col("session_date") <= F.lit(stamp.as_of_date)).select("cohort_id", "session_date")
    latest = seen.groupBy("cohort_id").agg(F.max("session_date").alias("latest"))
    return latest.where(F.col("latest") < F.lit(stamp.from_date)).select("cohort_id")


def refuse_unknown_cohorts(silver: Silver, policy: Policy, as_of_date: date) -> None:
    """Raise InputError where an override in force names a cohort that no session is of."""
    own = policy.rules_of_cohorts(as_of_date)
    if not own:
        return
    known = {row.cohort_id for row in silver.sessions.select("cohort_id").distinct().collect()}
    if unknown := sorted(set(own) - known):
        raise InputError(
            f"The policy's `overrides` name {unknown[0]!r}, and the sheet has no such cohort. "
            f"Cohorts of the sheet: {', '.join(sorted(known))}. Write the name as it stands there."
        )


def day_before(silver: Silver, stamp: Stamp) -> date | None:
    """Return the school day before the as-of date within the period; None at its start."""
    return school_day_before(silver.sessions, stamp.as_of_date, stamp.from_date)


def week_before(silver: Silver, stamp: Stamp) -> date | None:
    """Return the latest school day of the period that lies a week or more before the as-of date; None at its start."""
    return school_day_before(silver.sessions, stamp.as_of_date - timedelta(days=6), stamp.from_date)


def measure(
    silver: Silver, policy: Policy, stamp: Stamp, as_of_date: date, keep: Keep = lambda frame: frame
) -> Measured:
    """Return the measures as of a date; nothing dated later touches them.

    Rules of cohorts are those in force at the stamp's date, also for an earlier one: what changed since is the student
    then, not the rules. Windows, expected sessions and units are what follows rests on: ``keep`` may hold on to them.
    """
    windows = enrolment_windows(
        silver.enrolments,
        silver.attendance_records,
        silver.sessions,
        silver.quarantine,
        as_of_date,
        policy.enrolment_closes_after_registers,
    )
    windows = keep(windows)
    expected = expected_sessions(
        windows,
        silver.sessions,
        silver.attendance_records,
        silver.quarantine,
        stamp.from_date,
        as_of_date,
        policy.blank_mark,
    )
    expected = keep(expected)
    running = keep(measured_units(expected, policy, stamp.as_of_date))
    planned = planned_units(windows, silver.sessions, as_of_date, policy.unit)
    return Measured(windows, expected, running, planned)


def former_standings(
    silver: Silver,
    policy: Policy,
    stamp: Stamp,
    day: date | None,
    names: dict[str, str],
    keep: Keep = lambda frame: frame,
) -> DataFrame:
    """Return one row per student and scope with what is recomputed for an earlier day, under the names given.

    What there is to name: ``tier``, and ``asks_for_attention``. No row where there is no such day.
    """
    found = last_standings(measure(silver, policy, stamp, day or stamp.as_of_date, keep).units)
    named = found.select(*SCOPE, *(F.col(own).alias(name) for own, name in names.items()))
    return named if day else named.where("false")


def _period_start(sessions: DataFrame, policy: Policy, school_year: int) -> date:
    """The first session of the school year, or of all where the policy counts a cohort's whole life."""
    own = sessions if policy.period == "cohort_life" else sessions.where(F.col("school_year") == school_year)
    return own.agg(F.min("session_date").alias("first_date")).first().first_date
