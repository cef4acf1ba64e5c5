"""Whose label another policy would change: the tiers of the tables as they are, under two policies."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.frames import frame_from_rows, kept
from student_track.metrics.measure import make_stamp, measure, read_silver
from student_track.metrics.student import last_standings
from student_track.policy import Policy
from student_track.privacy import student_label
from student_track.tier_names import TIER_NAMES

ONLY_WHEN_READ = ("hold_", "school_year_start", "term_gap_days")
"""How the keys begin that act when the sheet is read, and not on the tables."""
NO_ROW = "not measured"


class Change(NamedTuple):
    """One student's label (of a cohort, or of the school where it is empty) under the old and the new policy."""

    student_key: str
    cohort_id: str
    old: str
    new: str


def policy_difference(spark: SparkSession, old: Policy, new: Policy, as_of_date: date | None, today: date) -> str:
    """Return, as text, which keys differ and whose label would change at the as-of date; counts first, no names.

    The labels are those each policy goes by: of the school, or of the cohorts. Marks that became records are judged
    again by the new code table; what lies in quarantine stays there.
    """
    day = make_stamp(spark, old, as_of_date, today).as_of_date
    by_cohort = "cohort" in (old.tier_scope, new.tier_scope)
    labels = [
        labels_of(_tiers(spark, old, policy, day), policy.tier_scope, by_cohort=by_cohort) for policy in (old, new)
    ]
    changes = label_changes(*labels)
    return "\n".join(_lines(old, new, changes, day))


def different_keys(old: Policy, new: Policy) -> list[str]:
    """Return the keys under which the two policies say different things, but for the version and its date."""
    return [
        name
        for name in Policy.model_fields
        if name not in ("version", "valid_from") and getattr(old, name) != getattr(new, name)
    ]


def label_changes(old: dict[tuple[str, str], str], new: dict[tuple[str, str], str]) -> list[Change]:
    """Return the labels that differ, by old and new label and student."""
    changes = [
        Change(*key, old.get(key, NO_ROW), new.get(key, NO_ROW))
        for key in old.keys() | new.keys()
        if old.get(key) != new.get(key)
    ]
    return sorted(changes, key=lambda change: (change.old, change.new, change.student_key, change.cohort_id))


def labels_of(tiers: dict[tuple[str, str], str], tier_scope: str, *, by_cohort: bool) -> dict[tuple[str, str], str]:
    """Return the labels a policy goes by; by cohort, the label of the school is that of each own cohort.

    ``tiers`` are by student and cohort, the whole school's with an empty one.
    """
    if not by_cohort:
        return {key: tier for key, tier in tiers.items() if not key[1]}
    own = {key: tier for key, tier in tiers.items() if key[1]}
    return own if tier_scope == "cohort" else {(student, cohort): tiers[student, ""] for student, cohort in own}


def _tiers(spark: SparkSession, old: Policy, policy: Policy, day: date) -> dict[tuple[str, str], str]:
    """The tier by student and cohort (empty: the school) under a policy; the tables were made under the old one."""
    stamp = make_stamp(spark, policy, day, day)
    silver = read_silver(spark, policy, stamp)
    if old.codes != policy.codes:
        records = judged_again(silver.attendance_records, old, policy)
        silver = dataclasses.replace(silver, attendance_records=records)
    measured = measure(silver, policy, stamp, day, partial(kept, spark))
    return {(row.student_key, row.cohort_id): row.tier for row in last_standings(measured.units).collect()}


def judged_again(records: DataFrame, old: Policy, new: Policy) -> DataFrame:
    """Return the records as the new code table judges their marks; those it does not know are left out.

    A mark that is in neither's table was given its meaning by the sheet's layout, and keeps it.
    """
    marks = [row.mark for row in records.select("mark").distinct().collect() if row.mark is not None]
    names = ("mark", "is_known", "new_numerator", "new_denominator", "new_excused", "new_tardy", "new_counts")
    flags = dict.fromkeys(("is_known", "new_excused", "new_tardy", "new_counts"), pa.bool_())
    types = {"new_numerator": pa.int32(), "new_denominator": pa.int32()} | flags
    rows = []
    for mark in marks:
        if code := new.codes.get(new.code_of(mark) or ""):
            share = code.missed_share
            said = (code.is_excused, code.is_tardy, code.counts_in_rate)
            rows.append((mark, True, share.numerator, share.denominator, *said))
        elif old.code_of(mark):
            rows.append((mark, False, *[None] * 5))
    joined = records.join(frame_from_rows(records.sparkSession, names, rows, types), "mark", "left")
    replaced = {
        "missed_numerator": "new_numerator",
        "missed_denominator": "new_denominator",
        "is_excused": "new_excused",
        "is_tardy": "new_tardy",
        "counts_in_rate": "new_counts",
    }
    judged = joined.withColumns({name: F.coalesce(again, name) for name, again in replaced.items()})
    return judged.where("is_known IS NULL OR is_known").select(*records.columns)


def _lines(old: Policy, new: Policy, changes: list[Change], day: date) -> Iterator[str]:
    keys = different_keys(old, new)
    yield f"Policy {old.version} → {new.version}, as of {day}."
    yield f"Keys that differ: {', '.join(keys) or 'none'}."
    if when_read := [key for key in keys if key.startswith(ONLY_WHEN_READ)]:
        yield f"Of these, {', '.join(when_read)} act only when the sheet is read: run again to see."
    yield f"{len(changes)} labels of {len({change.student_key for change in changes})} students would change."
    for (before, after), count in sorted(Counter((change.old, change.new) for change in changes).items()):
        yield f"  {count} from {_name(before)} to {_name(after)}"
    for change in changes:
        cohort = f" ({change.cohort_id})" if change.cohort_id else ""
        yield f"{student_label(change.student_key)}{cohort}: {_name(change.old)} → {_name(change.new)}"


def _name(tier: str) -> str:
    return TIER_NAMES.get(tier, tier)
