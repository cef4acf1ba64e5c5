"""What silver must read again: sources that changed, and those that share a cohort with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

from student_track.sql_text import quoted

REFERENCE_KINDS = ("roster", "calendar", "owners", "actions")


@dataclass(frozen=True)
class Plan:
    """Sources to read again whole, sources of which only the reference tabs are read, and what they held so far.

    ``is_in_silver``: there are rows of ``sheet_tabs`` for those to read again. ``rules`` are the policy's and the
    contract's fingerprints, ``settled`` those of sessions that silver wrote in full.
    """

    fingerprints: dict[str, str]
    read_again: tuple[str, ...]
    references_only: tuple[str, ...]
    former_cohorts: tuple[str, ...]
    former_school_years: tuple[int, ...]
    is_in_silver: bool = False
    rules: str = ""
    settled: frozenset[str] = frozenset()


def plan_reading(spark: SparkSession, rules_fingerprint: str) -> Plan:
    """Return what has to be read again since silver was last written.

    A source is read again when its content, the policy or the contract changed; when a source with a roster, calendar,
    owners or actions tab changed, all are; sources that share a cohort are read together.
    """
    bronze = spark.table("raw_attendance").where((F.col("row") == 0) & (F.col("column") == 0))
    latest = bronze.groupBy("source_id").agg(F.max_by("value_text", "version").alias("content")).collect()
    wanted = {row.source_id: f"{row.content[:16]}-{rules_fingerprint}" for row in latest}
    tabs = spark.table("sheet_tabs").select("source_id", "kind", "fingerprint", "settled_sessions").collect()
    known = {row.source_id: row.fingerprint for row in tabs}
    with_references = {row.source_id for row in tabs if row.kind in REFERENCE_KINDS}
    changed = {source_id for source_id, fingerprint in wanted.items() if known.get(source_id) != fingerprint}
    first_seen = changed - set(known)
    if changed & with_references or (first_seen and set(known)):
        changed = set(wanted)  # a new source may bring a roster too
    contents = _former_contents(spark) if changed else []
    again = _with_shared_cohorts(changed, contents)
    former = [row for row in contents if row.source_id in again]
    remembered = (row.settled_sessions for row in tabs if row.source_id in again and row.settled_sessions)
    return Plan(
        fingerprints=wanted,
        read_again=tuple(sorted(again)),
        references_only=tuple(sorted(with_references - again)),
        former_cohorts=tuple(sorted({row.cohort_id for row in former})),
        former_school_years=tuple(sorted({row.school_year for row in former})),
        is_in_silver=not again.isdisjoint(known),
        rules=rules_fingerprint,
        settled=frozenset(fingerprint for sessions in remembered for fingerprint in sessions.split()),
    )


def _former_contents(spark: SparkSession) -> list[Row]:
    """Which cohorts and school years silver has from each source."""
    return spark.table("attendance_records").select("source_id", "cohort_id", "school_year").distinct().collect()


def _with_shared_cohorts(changed: set[str], contents: Iterable[Row]) -> set[str]:
    """Add sources with a cohort in common, until there is none left."""
    pairs = {(row.source_id, row.cohort_id) for row in contents}
    again = set(changed)
    while True:
        cohorts = {cohort for source, cohort in pairs if source in again}
        more = {source for source, cohort in pairs if cohort in cohorts} - again
        if not more:
            return again
        again |= more


def condition_in(column: str, values: Iterable[str | int]) -> str:
    """Return the SQL condition that a column is one of the values; false for none. Texts from a sheet are escaped."""
    shown = [str(value) if isinstance(value, int) else quoted(value) for value in values]
    return f"{column} IN ({', '.join(shown)})" if shown else "false"
