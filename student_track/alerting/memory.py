"""``alert_episodes``: what is remembered of yesterday, and what is kept of today."""

from collections.abc import Collection, Iterable
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from student_track import tables
from student_track.alerting.due import heard
from student_track.alerting.episodes import Episode
from student_track.alerting.outbox import ABOUT_STUDENTS, SENT
from student_track.alerting.standings import Standing
from student_track.frames import frame_from_columns, frame_from_rows, kept
from student_track.schemas import ALERT_EPISODES
from student_track.sql_text import quoted

KEY = ["student_key", "rule", "episode"]
TYPES = {"episode": pa.int32(), "told_level": pa.int32()} | {
    column.name: pa.date32() for column in ALERT_EPISODES.columns if column.type == "date"
}


def recall(spark: SparkSession, found: Iterable[Standing]) -> list[Episode]:
    """Return the latest episode of every student and rule that is open, untold, or of one of the students found."""
    newest_first = Window.partitionBy("student_key", "rule").orderBy(F.desc("episode"))
    latest = spark.table("alert_episodes").withColumn("place", F.row_number().over(newest_first)).where("place = 1")
    keys = [(standing.student_key, True) for standing in found]
    wanted = frame_from_rows(spark, ["student_key", "is_found"], keys, {"is_found": pa.bool_()})
    rows = latest.join(wanted, "student_key", "left").where("state <> 'resolved' OR is_found")
    return sorted(map(_episode, rows.toArrow().to_pylist()), key=lambda episode: episode.place)


def episodes_of_students(spark: SparkSession, students: Collection[str]) -> list[Episode]:
    """Return every episode of the students, also those long over."""
    wanted = frame_from_columns(spark, {"student_key": sorted(students)})
    rows = spark.table("alert_episodes").join(wanted, "student_key", "left_semi")
    return [_episode(row) for row in rows.toArrow().to_pylist()]


def write_episodes(spark: SparkSession, episodes: Iterable[Episode], run_id: str) -> tables.Changes:
    """Put the episodes into ``alert_episodes`` in one commit, each in place of the row of the same key."""
    rows = [_row(episode, run_id) for episode in episodes]
    if not rows:
        return tables.Changes()
    new = frame_from_rows(spark, ALERT_EPISODES.column_names, rows, TYPES)
    students = ", ".join(quoted(key) for key in sorted({row[0] for row in rows}))
    of_students = f"student_key IN ({students})"
    others = spark.table("alert_episodes").where(of_students).join(new.select(*KEY), KEY, "left_anti")
    own = kept(spark, others.select(*ALERT_EPISODES.column_names)).unionByName(new)
    return tables.merge(spark, "alert_episodes", own, of_students)


def remember_what_was_sent(spark: SparkSession, run_id: str) -> int:
    """Mark the episodes that a sent message tells of as told, and return how many there were.

    Only a message that Slack has taken counts. Doing it again changes nothing, so it may be done after every send.
    """
    told = _told_by_sent_messages(spark)
    rows = spark.table("alert_episodes").join(told, KEY, "inner").toArrow().to_pylist()
    before = {(row["student_key"], row["rule"], row["episode"]): _episode(row) for row in rows}
    after = dict(before)
    for row in sorted(rows, key=lambda row: (row["told_on"], row["reference"])):
        key = row["student_key"], row["rule"], row["episode"]
        after[key] = heard(after[key], row["reference"], row["told_on"])
    changes = [episode for key, episode in after.items() if episode != before[key]]
    write_episodes(spark, changes, run_id)
    return len(changes)


def _told_by_sent_messages(spark: SparkSession) -> DataFrame:
    """One row per episode, what a sent message says of it, and the message's as-of date."""
    sent = spark.table("alert_outbox").where(F.col("state") == SENT).where(F.col("kind").isin(list(ABOUT_STUDENTS)))
    references = sent.where("episodes <> ''").select(
        F.explode(F.split("episodes", "\n")).alias("reference"), F.col("as_of_date").alias("told_on")
    )
    parts = F.split(F.col("reference"), "[|]")
    return references.select(
        "reference",
        parts.getItem(0).alias("student_key"),
        parts.getItem(1).alias("rule"),
        F.regexp_replace(parts.getItem(2), "[^0-9].*$", "").cast("int").alias("episode"),
        "told_on",
    )


def _episode(row: dict[str, Any]) -> Episode:
    values = {name: row[name] for name in ALERT_EPISODES.column_names if name not in ("episode", "run_id")}
    transitions = tuple((row["transitions"] or "").splitlines())
    return Episode(**values | {"number": row["episode"], "transitions": transitions})


def _row(episode: Episode, run_id: str) -> tuple[object, ...]:
    noted = (line if line.count("|") > 2 else f"{line}|{run_id}" for line in episode.transitions)
    values = {**vars(episode), "episode": episode.number, "run_id": run_id, "transitions": "\n".join(noted)}
    return tuple(values[name] for name in ALERT_EPISODES.column_names)
