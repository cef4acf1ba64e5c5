"""Students, cohorts, enrolments and actions, from rosters, owners and the registers themselves."""

from collections.abc import Iterable
from datetime import date

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.clean.reading import Pseudonyms, Reading
from student_track.frames import frame_from_rows, kept
from student_track.schemas import ACTIONS, COHORTS, ENROLMENTS, STUDENTS
from student_track.sheets import RosterEntry

EARLIEST = date.min


def roster_keys(spark: SparkSession, reading: Reading, secret: bytes) -> DataFrame | None:
    """Return one row per student on a roster; None where there is no roster, so that every student is known."""
    if not reading.has_roster:
        return None
    keys = Pseudonyms(secret)
    rows = sorted({(keys[entry.student_id],) for tab in reading.everything for entry in tab.roster})
    return frame_from_rows(spark, ["student_key"], rows, {})


def students_frame(
    spark: SparkSession, reading: Reading, secret: bytes, cohorts: tuple[str, ...], held: Iterable[str] = ()
) -> DataFrame:
    """Return the rows of ``students``: on a roster, else in a register.

    Students of cohorts that were not read again, or are held, stay.
    """
    keys, people = Pseudonyms(secret), {}
    registered = [student for tab in reading.tabs for student in tab.students] if not reading.has_roster else []
    listed = [entry for tab in reading.everything for entry in tab.roster]
    for person in (*registered, *listed):
        name = person.student_name or people.get(person.student_id, (None, False))[0]
        people[person.student_id] = (name, isinstance(person, RosterEntry))
    rows = [(keys[student], student, name, on_roster) for student, (name, on_roster) in sorted(people.items())]
    read = frame_from_rows(spark, STUDENTS.column_names, rows, {"is_on_roster": pa.bool_()})
    decided = sorted(set(cohorts) - set(held))
    elsewhere = spark.table("enrolments").where(~F.col("cohort_id").isin(decided)).select("student_key")
    former = kept(spark, spark.table("students").join(elsewhere, "student_key", "left_semi"))
    return read.unionByName(former.join(read, "student_key", "left_anti").select(*STUDENTS.column_names))


def enrolments_frame(spark: SparkSession, reading: Reading, secret: bytes, cohorts: tuple[str, ...]) -> DataFrame:
    """Return the rows of ``enrolments`` for the cohorts: stays of the roster, else one undeclared stay per register."""
    keys = Pseudonyms(secret)
    stays = _stays_of_roster(reading) if reading.has_roster else _stays_of_registers(reading)
    rows, stints = [], {}
    for entry in sorted(stays, key=lambda stay: (stay.student_id, stay.cohort_id, stay.joined or EARLIEST)):
        if entry.cohort_id in cohorts:
            place = (keys[entry.student_id], entry.cohort_id)
            stints[place] = stints.get(place, 0) + 1
            source = "roster" if reading.has_roster else "marks"
            rows.append((*place, stints[place], entry.joined, entry.left, source, entry.is_end_declared))
    types = {
        "stint": pa.int32(),
        "first_expected_date": pa.date32(),
        "last_expected_date": pa.date32(),
        "is_end_declared": pa.bool_(),
    }
    return frame_from_rows(spark, ENROLMENTS.column_names, rows, types)


def _stays_of_roster(reading: Reading) -> set[RosterEntry]:
    """A roster line without a cohort is a stay in every cohort whose register names the student."""
    registered: dict[str, set[str]] = {}
    for tab in reading.tabs:
        for student in tab.students:
            registered.setdefault(student.student_id, set()).add(student.cohort_id)
    return {
        entry._replace(cohort_id=cohort, student_name=None)
        for tab in reading.everything
        for entry in tab.roster
        for cohort in ([entry.cohort_id] if entry.cohort_id else registered.get(entry.student_id, ()))
    }


def _stays_of_registers(reading: Reading) -> set[RosterEntry]:
    return {
        RosterEntry(student.student_id, None, student.cohort_id, None, None, is_end_declared=False)
        for tab in reading.tabs
        for student in tab.students
    }


def cohorts_frame(spark: SparkSession, reading: Reading, cohorts: tuple[str, ...], held: dict[str, str]) -> DataFrame:
    """Return the rows of ``cohorts``: those read with their owners and holds, and the others as they were."""
    owners = {entry.cohort_id: entry for tab in reading.everything for entry in tab.owners}
    named = {entry.cohort_id for tab in reading.tabs for entry in tab.roster} | set(owners)
    current = {session.cohort_id for tab in reading.tabs for session in tab.sessions} | named | set(held)
    rows = []
    for cohort in sorted(set(cohorts) & current - {""}):
        people = owners[cohort][1:] if cohort in owners else (None, None, None)
        rows.append((cohort, cohort, *people, cohort in held, held.get(cohort)))
    read = frame_from_rows(spark, COHORTS.column_names, rows, {"is_held": pa.bool_()})
    others = kept(spark, spark.table("cohorts").where(~F.col("cohort_id").isin(list(cohorts))))
    return read.unionByName(others.select(*COHORTS.column_names))


def actions_frame(spark: SparkSession, reading: Reading, secret: bytes) -> DataFrame:
    """Return the rows of ``actions`` from every actions tab."""
    keys = Pseudonyms(secret)
    rows = [
        (entry.action_id, keys[entry.student_id], entry.action_date, entry.kind, entry.by, entry.note)
        for tab in reading.everything
        for entry in tab.actions
    ]
    return frame_from_rows(spark, ACTIONS.column_names, rows, {"action_date": pa.date32()})
