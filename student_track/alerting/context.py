"""What messages are made with: dates missed, last actions and names are joined here, at the edge."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.alerting.rules import Rules
from student_track.alerting.standings import AlertDay
from student_track.alerting.wording import Action, Style
from student_track.attendance import dates_missed
from student_track.frames import frame_from_columns
from student_track.policy import Policy
from student_track.settings import Settings


@dataclass(frozen=True)
class Context:
    """What every message of a run is made with: the rules, the school's choices, and by ``student_key`` what is shown.

    ``dates`` are the dates missed, latest first; ``actions`` the latest action, of those who have one.
    """

    school_name: str
    as_of_date: date
    rules: Rules
    dates: Mapping[str, list[date]]
    actions: Mapping[str, Action]
    names: Mapping[str, str]
    style: Style


def context_of(
    spark: SparkSession,
    told: Collection[str],
    people: Mapping[str, tuple[str, str]],
    rules: Rules,
    day: AlertDay,
    config: Settings,
    policy: Policy,
) -> Context:
    """Return what messages about these students are made with; names only where the school has chosen them."""
    students = frame_from_columns(spark, {"student_key": sorted(told)})
    names = {} if config.names_in_alerts == "none" else {key: name for key, (_, name) in people.items()}
    return Context(
        school_name=config.school_name,
        as_of_date=day.as_of_date,
        rules=rules,
        dates=_dates_of_students(spark, students, day, policy),
        actions=_latest_actions(spark, students, day, policy),
        names=names,
        style=Style(config.names_in_alerts, config.pages_url, policy.unit),
    )


def people_of(spark: SparkSession, told: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return id and name of the students, by ``student_key``: for messages that may name, and the check."""
    wanted = frame_from_columns(spark, {"student_key": sorted(told)})
    rows = spark.table("students").join(wanted, "student_key", "left_semi").collect()
    return {row.student_key: (row.student_id or "", row.student_name or "") for row in rows}


def _dates_of_students(
    spark: SparkSession, students: DataFrame, day: AlertDay, policy: Policy
) -> dict[str, list[date]]:
    tables = spark.table("attendance_records"), spark.table("sessions")
    missed = dates_missed(*tables, policy.school_years(day.school_year), day.as_of_date)
    dates: dict[str, list[date]] = {}
    for row in missed.join(students, "student_key", "left_semi").collect():
        dates.setdefault(row.student_key, []).append(row.session_date)
    return {student: sorted(missed_on, reverse=True) for student, missed_on in dates.items()}


def _latest_actions(spark: SparkSession, students: DataFrame, day: AlertDay, policy: Policy) -> dict[str, Action]:
    """The latest action on a rung of the ladder: what else stands in the sheet's column of kinds is never sent."""
    kinds = sorted({kind for rung in policy.ladder for kind in rung.satisfied_by})
    actions = spark.table("actions").withColumn("kind", F.lower(F.trim("kind")))
    taken = actions.where((F.col("action_date") <= F.lit(day.as_of_date)) & F.col("kind").isin(kinds))
    latest = taken.join(students, "student_key", "left_semi").groupBy("student_key")
    rows = latest.agg(F.max(F.struct("action_date", "kind")).alias("latest")).collect()
    return {row.student_key: Action(row.latest["kind"], row.latest["action_date"]) for row in rows}
