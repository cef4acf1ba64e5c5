"""Holds: a tab with too much quarantine, a cohort that would lose too much, keep their last good rows."""

from fractions import Fraction

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.clean.reading import Reading
from student_track.clean.settled import Settled
from student_track.frames import frame_from_rows
from student_track.policy import Policy
from student_track.schemas import SHEET_TABS
from student_track.sheets import TabReading

COUNTS = ("count_marks", "count_records", "count_quarantined", "count_duplicates")
TAB_TYPES = {"header_row": pa.int32(), "is_held": pa.bool_()} | {name: pa.int64() for name in COUNTS}
LONGEST_NOTE = 300


def tabs_frame(spark: SparkSession, reading: Reading, judged: DataFrame, settled: Settled, policy: Policy) -> DataFrame:
    """Return the rows of ``sheet_tabs`` for the tabs read: marks in, what became of them, is the tab held?

    The marks of settled sessions are records, counted in the sheet and not judged again.
    """
    verdicts = judged.groupBy("source_id", "tab", "verdict").agg(F.count("*").alias("marks")).collect()
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for row in verdicts:
        counted.setdefault((row.source_id, row.tab), {})[row.verdict] = row.marks
    for tab in reading.tabs:
        own = counted.setdefault((tab.source_id, tab.tab), {})
        own["record"] = own.get("record", 0) + settled.count_marks((tab.source_id, tab.tab))
    rows = [_row_of_tab(reading, tab, counted[tab.source_id, tab.tab], policy) for tab in reading.tabs]
    return frame_from_rows(spark, SHEET_TABS.column_names, rows, TAB_TYPES)


def _row_of_tab(reading: Reading, tab: TabReading, verdicts: dict[str, int], policy: Policy) -> tuple[object, ...]:
    records, duplicates = verdicts.get("record", 0), verdicts.get("duplicate", 0)
    refused = sum(verdicts.values()) - records - duplicates + sum(problem.count_marks for problem in tab.problems)
    is_held = is_too_much_quarantine(refused, tab.count_marks, policy)
    share = f"{100 * refused / tab.count_marks:.0f} %" if tab.count_marks else ""
    return (
        *(tab.source_id, tab.tab, tab.recognition.kind, tab.recognition.layout, tab.recognition.header_row or None),
        *("; ".join(tab.notes)[:LONGEST_NOTE] or None, reading.plan.fingerprints[tab.source_id]),
        *(tab.count_marks, records, refused, duplicates),
        *(is_held, f"{refused} of {tab.count_marks} marks ({share}) are in quarantine" if is_held else None),
        tab.tab_id or None,
        None,
    )


def is_too_much_quarantine(refused: int, marks: int, policy: Policy) -> bool:
    """Return whether a tab is held: at least so many marks in quarantine, and more than the share, exactly."""
    limit: Fraction = policy.hold_tab_above_quarantine
    return refused >= policy.hold_tab_from_marks and refused * limit.denominator > marks * limit.numerator


def is_too_much_loss(lost: int, known: int, policy: Policy) -> bool:
    """Return whether a cohort is held: it would lose more than so many records, and more than the share, exactly."""
    limit: Fraction = policy.hold_cohort_above_loss
    return lost > policy.hold_cohort_above_records and lost * limit.denominator > known * limit.numerator


def held_cohorts(
    spark: SparkSession,
    reading: Reading,
    records: DataFrame,
    tabs: DataFrame,
    settled: Settled,
    policy: Policy,
    accepted: tuple[str, ...],
) -> dict[str, str]:
    """Return the cohorts whose last good rows stay, each with the reason; ``accepted`` losses are not held."""
    held, gone = {}, _gone_tabs_of_cohorts(spark, reading)
    for cohort, (lost, known) in _losses(spark, reading, records, settled).items():
        if is_too_much_loss(lost, known, policy) and cohort not in accepted:
            held[cohort] = f"{lost} of {known} records would be lost at once; nothing was removed{gone.get(cohort, '')}"
    reasons = {(row.source_id, row.tab): row.held_reason for row in tabs.where("is_held").collect()}
    for tab in reading.tabs:
        if reason := reasons.get((tab.source_id, tab.tab)):
            held |= dict.fromkeys(_cohorts_of_tab(tab), f"tab {tab.tab}: {reason}")
    return dict(sorted(held.items()))


def _gone_tabs_of_cohorts(spark: SparkSession, reading: Reading) -> dict[str, str]:
    """Which tab that is gone held records of a cohort, in words."""
    gone = {(tab.source_id, tab.tab): tab for tab in reading.tabs if tab.recognition.kind == "gone"}
    if not gone:
        return {}
    known = spark.table("attendance_records").where(F.col("source_id").isin([source for source, _ in gone]))
    rows = known.select("cohort_id", "source_id", "tab").distinct().orderBy("source_id", "tab").collect()
    named = {row.cohort_id: gone[row.source_id, row.tab] for row in rows if (row.source_id, row.tab) in gone}
    return {cohort: f": the tab {tab.tab} {tab.recognition.missing}" for cohort, tab in named.items()}


def _losses(spark: SparkSession, reading: Reading, records: DataFrame, settled: Settled) -> dict[str, tuple[int, int]]:
    """Lost and known records of every cohort that would lose any, in the sources read again.

    None is lost in a settled session. A record that stands in a cohort never seen before, with the same student and
    session, is not lost: a tab, and the cohort with it, got another name.
    """
    years = F.col("school_year").isin(list(reading.plan.former_school_years))
    known = spark.table("attendance_records").where(F.col("source_id").isin(list(reading.plan.read_again)) & years)
    place = ["student_key", "session_date", "period"]
    moved = records.where(~F.col("cohort_id").isin(list(reading.plan.former_cohorts))).select(*place)
    missing = (
        known.where(settled.of_records)
        .select("cohort_id", "session_id", *place)
        .join(records.select("student_key", "session_id"), ["student_key", "session_id"], "left_anti")
        .join(moved, place, "left_anti")
    )
    lost = {row.cohort_id: row["count"] for row in missing.groupBy("cohort_id").count().collect()}
    if not lost:
        return {}
    of_cohorts = known.where(F.col("cohort_id").isin(list(lost))).groupBy("cohort_id").count().collect()
    return {row.cohort_id: (lost[row.cohort_id], row["count"]) for row in of_cohorts}


def _cohorts_of_tab(tab: TabReading) -> set[str]:
    named = {problem.cohort_id for problem in tab.problems if problem.cohort_id}
    return {student.cohort_id for student in tab.students} | {mark.cohort_id for mark in tab.marks} | named
