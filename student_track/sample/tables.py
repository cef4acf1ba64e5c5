"""A sample school as silver tables, without a sheet: for schools too large for one.

The tables are Delta, as declared, with the sample school's published key. The runner continues them:
``student-track run --settings params/sample.yml --lake FOLDER --only 00 --only 03``.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from student_track.errors import InputError
from student_track.frames import arrow_type
from student_track.lake_key import SAMPLE_KEY
from student_track.privacy import student_key
from student_track.sample.calendar import TERMS, school_year
from student_track.sample.truth.records import Student, TrueSchool
from student_track.schemas import ATTENDANCE_RECORDS, COHORTS, ENROLMENTS, QUARANTINE, SESSIONS, STUDENTS, Table

ADVICE = "write a mark of the code table, or add this one to the policy"
SCHEMA_NAME, SOURCE = "attendance", "sample"
STUDENTS_AT_A_TIME, COHORTS_AT_A_TIME = 1000, 200
Row = dict[str, Any]
Thing = TypeVar("Thing")


def write_tables(folder: Path, school: TrueSchool) -> int:
    """Write a new lake of the school's silver tables; return the number of records.

    Students pass some at a time, so that a large school takes little memory. Raises InputError where the folder holds
    tables already: nothing is overwritten.
    """
    if (folder / SCHEMA_NAME).exists():
        raise InputError(f"{folder}: there are tables in this folder already. Name a new one; nothing is overwritten.")
    for cohorts in _some_at_a_time(school.sessions, COHORTS_AT_A_TIME):
        _append(folder, SESSIONS, (row for cohort in cohorts for row in _sessions(school, cohort)))
        _append(folder, COHORTS, map(_cohort, cohorts))
    places = {(s.cohort, s.day): (s.session_id, school_year(s.day)) for own in school.sessions.values() for s in own}
    count = 0
    for some in _some_at_a_time(school.students, STUDENTS_AT_A_TIME):
        keys = {student.pupil.number: student_key(SAMPLE_KEY, student.pupil.number) for student in some}
        _append(folder, STUDENTS, (_student(student, keys) for student in some))
        _append(folder, ENROLMENTS, (row for student in some for row in _enrolments(student, keys)))
        _append(folder, QUARANTINE, (row for student in some for row in _quarantine(student, keys)))
        _write(folder, ATTENDANCE_RECORDS, _records(some, keys, places))
        count += sum(len(student.records) for student in some)
    return count


def _some_at_a_time(things: Iterable[Thing], count: int) -> Iterator[list[Thing]]:
    rest = iter(things)
    while some := list(islice(rest, count)):
        yield some


def _append(folder: Path, table: Table, some: Iterable[Row]) -> None:
    """Append rows in one commit; what a row does not name is null."""
    rows = list(some)
    _write(folder, table, {name: [row.get(name) for row in rows] for name in table.column_names})


def _write(folder: Path, table: Table, columns: dict[str, Any]) -> None:
    from deltalake import write_deltalake  # is on no Databricks cluster

    fields = [pa.field(c.name, arrow_type(c.type), metadata={"comment": c.comment}) for c in table.columns]
    rows = pa.table([pa.array(columns[field.name], field.type) for field in fields], schema=pa.schema(fields))
    partition = [table.partition] if table.partition else None
    write_deltalake(str(folder / SCHEMA_NAME / table.name), rows, mode="append", partition_by=partition)


def _sessions(school: TrueSchool, cohort: str) -> Iterator[Row]:
    for session in school.sessions[cohort]:
        yield {
            "session_id": session.session_id,
            "cohort_id": cohort,
            "session_date": session.day,
            "period": "",
            "term": next(name for name, first, last in TERMS if first <= session.day <= last),
            "is_taken": session.is_taken,
            "is_cancelled": session.is_cancelled,
            "is_in_sheet": session.is_in_sheet,
            "is_in_calendar": session.is_in_calendar,
            "school_year": school_year(session.day),
        }


def _cohort(cohort: str) -> Row:
    person = f"{cohort.lower().replace(' ', '.')}@example.org"
    return {
        "cohort_id": cohort,
        "cohort_name": cohort,
        **dict.fromkeys(("owner", "deputy", "teacher"), person),
        "is_held": False,
    }


def _student(student: Student, keys: dict[str, str]) -> Row:
    pupil = student.pupil
    return {
        "student_key": keys[pupil.number],
        "student_id": pupil.number,
        "student_name": pupil.name,
        "is_on_roster": True,
    }


def _enrolments(student: Student, keys: dict[str, str]) -> Iterator[Row]:
    stints: dict[str, int] = {}
    for stay in student.pupil.stays:
        stints[stay.cohort] = stints.get(stay.cohort, 0) + 1
        yield {
            "student_key": keys[student.pupil.number],
            "cohort_id": stay.cohort,
            "stint": stints[stay.cohort],
            "first_expected_date": stay.joined,
            "last_expected_date": stay.left,
            "source": "roster",
            "is_end_declared": True,
        }


def _quarantine(student: Student, keys: dict[str, str]) -> Iterator[Row]:
    for mark in student.kept_out:
        yield {
            "source_id": SOURCE,
            "tab": mark.cohort,
            "cell": f"{mark.number}|{mark.day}",
            "raw_value": mark.mark,
            "reason": mark.reason,
            "what_to_do": ADVICE,
            "count_marks": 1,
            "cohort_id": mark.cohort,
            "student_key": keys[mark.number],
            "session_id": f"{mark.cohort}|{mark.day}",
            "is_resolved": False,
            "first_seen_at": datetime.combine(mark.day, time(), UTC),
        }


def _records(
    some: list[Student], keys: dict[str, str], places: dict[tuple[str, date], tuple[str, int]]
) -> dict[str, Any]:
    """The records by column: they are most of a school."""
    marks = [mark for student in some for mark in student.records]
    meanings = [mark.meaning for mark in marks]
    sessions = [places[mark.cohort, mark.day] for mark in marks]
    return {
        "student_key": [keys[mark.number] for mark in marks],
        "session_id": [session_id for session_id, _ in sessions],
        "cohort_id": [mark.cohort for mark in marks],
        "session_date": [mark.day for mark in marks],
        "period": [""] * len(marks),
        "mark": [mark.mark for mark in marks],
        "state": [meaning.state for meaning in meanings],
        "missed_numerator": [meaning.missed.numerator for meaning in meanings],
        "missed_denominator": [meaning.missed.denominator for meaning in meanings],
        "is_excused": [meaning.is_excused for meaning in meanings],
        "is_tardy": [meaning.is_tardy for meaning in meanings],
        "counts_in_rate": [meaning.counts_in_rate for meaning in meanings],
        "is_inside_enrolment_window": [True] * len(marks),
        "source_id": [SOURCE] * len(marks),
        "tab": [mark.cohort for mark in marks],
        "cell": [f"{mark.number}|{mark.day}" for mark in marks],
        "school_year": [year for _, year in sessions],
    }
