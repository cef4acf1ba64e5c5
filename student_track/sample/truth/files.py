"""The truth as files beside a sample school: one CSV per kind of fact, fractions written as fractions."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from student_track.sample.truth.cohorts import TrueCohorts
from student_track.sample.truth.records import KeptOut, Record, Session, Student, TrueSchool
from student_track.sample.truth.risk import TrueRisk, true_risks
from student_track.sample.truth.rules import Rules
from student_track.sample.truth.students import TrueStudent, as_of_today, true_student

SESSIONS, RECORDS, KEPT_OUT = "sessions.csv", "records.csv", "kept_out.csv"
STUDENT_METRICS, COHORT_METRICS, RISK = "student_metrics.csv", "cohort_metrics.csv", "risk.csv"
POSITIONS = "positions.csv"
STUDENT, GROUP = ("student_id", "scope", "cohort_id"), ("scope", "cohort_id", "period_kind", "period_value")


def write_truth(folder: Path, school: TrueSchool, rules: Rules, today: date) -> int:
    """Write the truth as of the latest register up to today; return the number of students.

    Students pass one after the other: a school of any size takes the memory of its sessions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    as_of = as_of_today(school, today)
    cohorts, count = TrueCohorts(school, as_of), 0
    _write(folder / SESSIONS, Session._fields, (session for own in school.sessions.values() for session in own))
    with ExitStack() as files:
        records = _Table(files, folder / RECORDS, (*Record._fields, "state", "missed", "is_excused", "is_tardy"))
        kept_out = _Table(files, folder / KEPT_OUT, KeptOut._fields)
        metrics = _Table(files, folder / STUDENT_METRICS)
        risk = _Table(files, folder / RISK, TrueRisk._fields)
        kept_out.add(school.strangers)
        for student in school.students:
            true = true_student(student, school.sessions, rules, as_of)
            cohorts.add(true)
            records.add(_record(mark) for mark in student.records)
            kept_out.add(student.kept_out)
            metrics.add_rows(_rows_of(true))
            risk.add(_rounded(found) for found in _risks(student, school))
            count += 1
    positions = cohorts.positions(rules.least_group)
    names = ("cohort_id", "student_id", "position_in_cohort_share")
    _write(folder / POSITIONS, names, ((*place, share) for place, share in positions.items()))
    with ExitStack() as files:
        table = _Table(files, folder / COHORT_METRICS)
        table.add_rows(dict(zip(GROUP, group, strict=True)) | row for group, row in sorted(cohorts.rows().items()))
    return count


class _Table:
    """A CSV file that grows; its columns are given, or those of the first row."""

    def __init__(self, files: ExitStack, path: Path, columns: Iterable[str] = ()) -> None:
        self.writer = csv.writer(files.enter_context(path.open("w", encoding="utf-8", newline="")), lineterminator="\n")
        self.columns = tuple(columns)
        if self.columns:
            self.writer.writerow(self.columns)

    def add(self, rows: Iterable[Iterable[Any]]) -> None:
        self.writer.writerows(rows)

    def add_rows(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            if not self.columns:
                self.columns = tuple(row)
                self.writer.writerow(self.columns)
            self.writer.writerow(row[name] for name in self.columns)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    with ExitStack() as files:
        _Table(files, path, columns).add(rows)


def _record(mark: Record) -> tuple[Any, ...]:
    return (*mark, mark.meaning.state, mark.meaning.missed, mark.meaning.is_excused, mark.meaning.is_tardy)


def _rows_of(true: TrueStudent) -> Iterator[dict[str, Any]]:
    for scope, row in true.rows.items():
        yield dict(zip(STUDENT, (true.number, *scope), strict=True)) | row


def _risks(student: Student, school: TrueSchool) -> list[TrueRisk]:
    return true_risks(student.pupil, school.school)


def _rounded(found: TrueRisk) -> tuple[Any, ...]:
    return tuple(float(f"{value:.6g}") if isinstance(value, float) else value for value in found)
