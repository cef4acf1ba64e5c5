"""Tables of a lake against the truth of a sample school: row by row and column by column, exactly."""

import math
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from student_track.privacy import student_key
from student_track.resources import resource
from student_track.sample import SAMPLE_TODAY
from student_track.sample.truth import TrueCohorts, TrueSchool, as_of_today, read_rules, true_student
from student_track.schemas import COHORT_METRICS, STUDENT_METRICS, Table

STUDENT = ("student_key", "scope", "cohort_id")
GROUP = ("scope", "cohort_id", "period_kind", "period_value")
UNKNOWN_TO_THE_TRUTH = {
    "student_metrics": {"policy_version"},
    "cohort_metrics": {"policy_version", "is_suppressed"},
}
"""Columns that the truth says nothing of: neither the policy's version nor what is shown is a fact about attendance."""
PARTS = ("missed_parts", "parts_per_unit")
"""Together the exact number of missed units."""
Rows = dict[tuple[str, ...], dict[str, Any]]


def true_metrics(school: TrueSchool, secret: bytes) -> tuple[Rows, Rows]:
    """Return the true rows of ``student_metrics`` and ``cohort_metrics`` by key."""
    rules, as_of = read_rules(resource("params/policy.yml")), as_of_today(school, SAMPLE_TODAY)
    cohorts, students = TrueCohorts(school, as_of), {}
    for student in school.students:
        true = true_student(student, school.sessions, rules, as_of)
        cohorts.add(true)
        key = student_key(secret, true.number)
        students |= {(key, *scope): row | {"position_in_cohort_share": None} for scope, row in true.rows.items()}
    for (cohort, number), share in cohorts.positions(rules.least_group).items():
        students[student_key(secret, number), "cohort", cohort]["position_in_cohort_share"] = share
    return students, cohorts.rows()


def assert_metrics_are_true(lake: Path, school: TrueSchool, secret: bytes) -> None:
    """Fail, naming column and rows, where a table says anything else than the truth, or leaves a column unjudged."""
    students, cohorts = true_metrics(school, secret)
    for table, key, true in ((STUDENT_METRICS, STUDENT, students), (COHORT_METRICS, GROUP, cohorts)):
        found = found_rows(lake, table.name, key)
        assert found.keys() == true.keys(), f"{table.name}: {list(found.keys() ^ true.keys())[:3]}"
        assert not (wrong := differences(found, true)), f"{table.name}: {wrong[:3]}"
        assert unjudged(table, key, true) == UNKNOWN_TO_THE_TRUTH[table.name]


def assert_records_are_true(lake: Path, school: TrueSchool, secret: bytes) -> None:
    """Fail where records, sessions or what is kept out differ from the truth."""
    true = {
        (student_key(secret, mark.number), f"{mark.cohort}|{mark.day}"): tuple(mark.meaning)
        for student in school.students
        for mark in student.records
    }
    flags = ("is_excused", "is_tardy", "counts_in_rate")
    found = {
        key: (row["state"], Fraction(row["missed_numerator"], row["missed_denominator"]), *(row[f] for f in flags))
        for key, row in found_rows(lake, "attendance_records", ("student_key", "session_id")).items()
    }
    assert found == true
    flags = ("is_taken", "is_cancelled", "is_in_sheet", "is_in_calendar")
    assert {
        key: tuple(row[flag] for flag in flags) for key, row in found_rows(lake, "sessions", ("session_id",)).items()
    } == {(session.session_id,): session[2:] for own in school.sessions.values() for session in own}
    cells = found_rows(lake, "quarantine", ("source_id", "tab", "cell")).values()
    kept_out: Counter[str] = Counter()
    for cell in cells:
        kept_out[cell["reason"]] += cell["count_marks"]
    everything = [*school.strangers, *(mark for student in school.students for mark in student.kept_out)]
    assert kept_out == Counter(mark.reason for mark in everything)


def found_rows(lake: Path, name: str, key: tuple[str, ...]) -> Rows:
    """Return a table's rows by key; a key that stands twice fails."""
    rows = DeltaTable(str(lake / "attendance" / name)).to_pyarrow_table().to_pylist()
    by_key = {tuple(row[part] for part in key): row for row in rows}
    assert len(by_key) == len(rows), f"{name}: a key stands twice"
    return by_key


def differences(found: Rows, true: Rows) -> list[tuple[Any, ...]]:
    """Return key, column, what was found and what is true, wherever they differ."""
    return [
        (key, name, found[key].get(name), value)
        for key, row in true.items()
        for name, value in row.items()
        if not _is_same(found[key], name, value)
    ]


def unjudged(table: Table, key: tuple[str, ...], true: Rows) -> set[str]:
    """Return the columns of a table that the truth does not name."""
    known = {*next(iter(true.values())), *key}
    return set(table.column_names) - known - (set(PARTS) if "missed_units" in known else set())


def _is_same(row: dict[str, Any], name: str, value: Any) -> bool:
    """Numbers of missed units are the same fraction; a rate for display is the nearest double, give or take one."""
    if name == "missed_units":
        return Fraction(row["missed_parts"], row["parts_per_unit"]) == value
    if isinstance(value, Fraction):
        return row[name] is not None and math.isclose(row[name], value, rel_tol=1e-14, abs_tol=1e-14)
    return row[name] == value
