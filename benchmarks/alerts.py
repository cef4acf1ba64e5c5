"""Alerts of a large school: 2,000 open episodes of 60 owners, decided and rendered; wall seconds on ``embedded``."""

import os
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pyspark.sql import SparkSession

from student_track import alerting, session, tables
from student_track.alerting.digest import digests
from student_track.alerting.due import due_today
from student_track.alerting.episodes import Episode
from student_track.alerting.today import Today
from student_track.frames import arrow_type, frame_from_arrow
from student_track.policy import load_policy
from student_track.schemas import TABLES
from student_track.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
STUDENTS, OWNERS, ROUNDS, TARGET_SECONDS = 2_000, 60, 3, 5.0
DAY = date(2026, 11, 20)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDENT_TRACK_LAKE"] = f"{folder}/school"
        config = load_settings(ROOT / "params" / "sample.yml", pages_url="https://attendance.school.example/")
        spark = session.spark(config)
        fill(spark)
        seconds = [timed(spark, config) for _ in range(ROUNDS)]
    times = f"min {min(seconds):.2f}  median {statistics.median(seconds):.2f}  max {max(seconds):.2f}"
    print(
        f"{STUDENTS} open episodes of {OWNERS} owners decided and rendered:  {times}  (target {TARGET_SECONDS:.0f} s)"
    )


def timed(spark: SparkSession, config: Settings) -> float:
    """Wall seconds from the tables to the messages of the day; all open episodes are said again."""
    begin = time.perf_counter()
    policy = load_policy(config.policy_path)
    day = alerting.day_of(spark.table("student_metrics"), None, policy.tier_scope, DAY, 4)
    day = replace(alerting.with_school_days(day, spark.table("sessions")), school_days=school_days())
    rules = alerting.load_rules(config.alert_rules_path, policy, day.as_of_date).in_force(has_promoted_model=False)
    owners = alerting.read_owners(config.alert_owners_path, spark.table("cohorts"))
    found = alerting.standings(spark, rules, day)
    before = alerting.recall(spark, found)
    answers = alerting.gather_answers(spark, None, before, found, owners, rules, day)
    after = alerting.decide(before, found, rules.by_name, owners.of_cohort, day, answers.signals)
    due = due_today(after, found, rules.by_name, owners, day)
    told = digests(due, after, found, set(owners.of_cohort.values()), set())
    today = Today(due, told, [], set(), [], [])
    people = alerting.people_of(spark, today.students)
    context = alerting.context_of(spark, today.students, people, rules, day, config, policy)
    messages = alerting.Messages(config.alert_messages_path)
    sending = alerting.Sending(b"a secret", True, "", datetime.now().astimezone())
    deliveries = alerting.prepare(today, messages, context, sending)
    alerting.should_be_within_limits(deliveries)
    seconds = time.perf_counter() - begin
    if len(before) != STUDENTS or len(deliveries) != OWNERS:
        raise RuntimeError(f"{len(before)} episodes and {len(deliveries)} messages: the bench measures something else")
    return seconds


def school_days() -> tuple[date, ...]:
    return tuple(DAY - timedelta(days=number) for number in range(60, -1, -1))


def fill(spark: SparkSession) -> None:
    """Write a school in which every student has been absent for five days, and was told of weeks ago."""
    tables.create_all(spark)
    cohorts = [f"Cohort {number:02}" for number in range(OWNERS)]
    people = [{"cohort_id": name, "owner": f"owner{number}@example.org"} for number, name in enumerate(cohorts)]
    put(spark, "cohorts", [{**one, "cohort_name": one["cohort_id"], "is_held": False} for one in people])
    keys = [f"{number:08x}{number:08x}" for number in range(STUDENTS)]
    metrics = [
        metrics_row(key, scope, cohorts[number % OWNERS] if scope == "cohort" else "")
        for number, key in enumerate(keys)
        for scope in ("school", "cohort")
    ]
    put(spark, "student_metrics", metrics)
    put(spark, "students", [{"student_key": key, "student_id": key, "student_name": f"Name {key}"} for key in keys])
    since = DAY - timedelta(days=40)
    episodes = [
        Episode(key, "streak", 1, "notified", since, since, notified_date=since, last_told_date=since) for key in keys
    ]
    alerting.write_episodes(spark, episodes, "bench")


def metrics_row(key: str, scope: str, cohort: str) -> dict[str, object]:
    columns = TABLES["student_metrics"].columns
    counts = {column.name: 0 for column in columns if column.type == "bigint"}
    usual = {"status": "enrolled", "tier": "at_risk", "previous_tier": "at_risk", "tier_change": "same"}
    numbers = {"attendance_rate": 0.92, "count_possible_units": 50, "parts_per_unit": 2, "missed_parts": 8}
    place = {"student_key": key, "scope": scope, "cohort_id": cohort, "as_of_date": DAY, "school_year": 2026}
    return {**counts, **usual, **numbers, **place, "count_streak_units": 5, "is_streak_open": False}


def put(spark: SparkSession, name: str, rows: list[dict[str, object]]) -> None:
    columns = [(column.name, arrow_type(column.type)) for column in TABLES[name].columns]
    whole = [{column: row.get(column) for column, _ in columns} for row in rows]
    tables.append(spark, name, frame_from_arrow(spark, pa.Table.from_pylist(whole, pa.schema(columns))))


if __name__ == "__main__":
    main()
