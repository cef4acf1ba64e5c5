"""Where a mark comes from: the answer to "why does it say so for this student, on this date?"."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.privacy import student_key
from student_track.sql_text import quoted
from student_track.visible_text import visible

Row = dict[str, Any]
MARK_PLACE = ("source_id", "tab", "cell", "cohort_id", "student_key", "session_id")
LONGEST_MARK = 20
"""A longer text is no mark; it may be a name or a note that once stood in the cell."""


class Place(NamedTuple):
    """Where a cell stands."""

    source_id: str
    tab: str
    cell: str


class Entry(NamedTuple):
    """What is known of a student in one session, in a sentence, and the cell it comes from."""

    session_id: str
    said: str
    place: Place


def why(spark: SparkSession, secret: bytes, student_id: str, day: date) -> str:
    """Return what is known of a student on a date: state, mark, cell, and the cell's versions, newest first.

    Where there is nothing, it says why: student unknown, not enrolled, no session, cancelled, register not taken, or
    no mark of this student in it. No name stands in it.
    """
    heading = f"Student {visible(student_id)}, {day:%A} {day.day} {day:%B %Y}"
    key = student_key(secret, student_id)
    if not spark.table("students").where(F.col("student_key") == key).head(1):
        return "\n".join([heading, *_of_unknown(spark, student_id)])
    sessions = {row["session_id"]: row for row in _rows(spark.table("sessions").where(F.col("session_date") == day))}
    entries = [*_records(spark, key, day), *_quarantined(spark, key, sessions)]
    silent = _silent(spark, key, day, sessions, {entry.session_id for entry in entries})
    versions = _versions(spark, [entry.place for entry in (*entries, *silent) if entry.place.cell])
    names = _words_of_names(spark)
    lines = [heading]
    for entry in sorted((*entries, *silent)):
        lines += [f"{visible(entry.session_id)}: {entry.said}", *_shown_versions(entry.place, versions, names)]
    return "\n".join([*lines, *_holds(spark, key)])


def _records(spark: SparkSession, key: str, day: date) -> list[Entry]:
    rows = _rows(
        spark.table("attendance_records").where((F.col("student_key") == key) & (F.col("session_date") == day))
    )
    return [Entry(row["session_id"], _said_of_record(row), _place(row)) for row in rows]


def _said_of_record(row: Row) -> str:
    missed = f"{row['missed_numerator']}/{row['missed_denominator']} missed"
    more = [
        missed if row["state"] == "partial" else "",
        "excused" if row["is_excused"] else "",
        "late" if row["is_tardy"] else "",
        "" if row["counts_in_rate"] else "not counted by the policy",
        "" if row["is_inside_enrolment_window"] else "kept, not counted: outside the declared enrolment",
    ]
    return ", ".join([row["state"], f"mark “{visible(row['mark'])}”", *filter(None, more)])


def _quarantined(spark: SparkSession, key: str, sessions: Iterable[str]) -> list[Entry]:
    of_student = spark.table("quarantine").where(F.col("student_key") == key)
    rows = _rows(of_student.where(F.col("session_id").isin(list(sessions)))) if sessions else []
    return [Entry(row["session_id"], _said_of_quarantine(row), _place(row)) for row in rows]


def _said_of_quarantine(row: Row) -> str:
    since = f"since {_shown_time(row['first_seen_at'])}"
    if row["is_resolved"]:
        return f"was in quarantine ({row['reason']}) {since}, mended {_shown_time(row['resolved_at'])}"
    return f"unknown, in quarantine ({row['reason']}) {since}: {row['what_to_do']}"


def _silent(spark: SparkSession, key: str, day: date, sessions: dict[str, Row], told: set[str]) -> list[Entry]:
    """Why nothing is known, for every cohort of the student and each of its sessions of which nothing was told."""
    stays: dict[str, list[Row]] = {}
    for row in _rows(spark.table("enrolments").where(F.col("student_key") == key)):
        stays.setdefault(row["cohort_id"], []).append(row)
    entries = []
    for cohort, own in stays.items():
        held = [row for row in sessions.values() if row["cohort_id"] == cohort]
        if not held:
            entries.append(Entry(cohort, "there is no session on this date", Place("", "", "")))
        is_enrolled = any(_is_inside(stay, day) for stay in own)
        for session in held:
            if session["session_id"] not in told:
                said = _said_of_silence(session) if is_enrolled else _said_of_stays(own)
                entries.append(Entry(session["session_id"], said, _place_of_blank(spark, key, session)))
    return entries or ([] if told else [Entry("", "the student is enrolled in no cohort", Place("", "", ""))])


def _said_of_silence(session: Row) -> str:
    if session["is_cancelled"]:
        return "the session was cancelled"
    if session["is_taken"]:
        return "unknown: the register was taken, and no mark of this student stands in it"
    return "unknown: the register was not taken, no mark of any student stands in it"


def _said_of_stays(stays: list[Row]) -> str:
    windows = [
        f"{stay['first_expected_date'] or 'the first mark'} to {stay['last_expected_date'] or 'further notice'}"
        for stay in sorted(stays, key=lambda stay: stay["stint"])
    ]
    return f"not enrolled on this date, but from {' and from '.join(windows)}"


def _is_inside(stay: Row, day: date) -> bool:
    return (stay["first_expected_date"] or day) <= day <= (stay["last_expected_date"] or day)


def _place_of_blank(spark: SparkSession, key: str, session: Row) -> Place:
    """The cell of a wide register in which the mark would stand: the student's row, the session's column."""
    marks = spark.table("attendance_records").select(*MARK_PLACE)
    marks = marks.unionByName(spark.table("quarantine").where("session_id IS NOT NULL").select(*MARK_PLACE))
    wide = spark.table("sheet_tabs").where("layout = 'wide'").select("source_id", "tab")
    placed = marks.join(wide, ["source_id", "tab"], "left_semi").where(
        (F.col("cohort_id") == session["cohort_id"])
        & ((F.col("student_key") == key) | (F.col("session_id") == session["session_id"]))
    )
    is_of_student = F.col("student_key") == key
    row = F.when(is_of_student, F.regexp_extract("cell", r"(\d+)$", 1))
    column = F.when(~is_of_student, F.regexp_extract("cell", r"^([A-Z]+)", 1))
    found = _rows(
        placed.groupBy("source_id", "tab").agg(F.collect_set(row).alias("rows"), F.collect_set(column).alias("columns"))
    )
    if len(found) == 1 and len(found[0]["rows"]) == len(found[0]["columns"]) == 1:
        return Place(found[0]["source_id"], found[0]["tab"], found[0]["columns"][0] + found[0]["rows"][0])
    return Place("", "", "")


def _versions(spark: SparkSession, places: list[Place]) -> dict[Place, list[Row]]:
    """The versions of the cells, newest first."""
    if not places:
        return {}
    wanted = " OR ".join(
        f"(source_id = {quoted(place.source_id)} AND tab = {quoted(place.tab)} AND cell = {quoted(place.cell)})"
        for place in set(places)
    )
    found: dict[Place, list[Row]] = {}
    for row in _rows(spark.table("raw_attendance").where(wanted).where("row > 0").orderBy(F.desc("version"))):
        found.setdefault(_place(row), []).append(row)
    return found


def _shown_versions(place: Place, versions: dict[Place, list[Row]], names: set[str]) -> list[str]:
    if not place.cell:
        return []
    shown = [f"  {visible(place.source_id)}, tab {visible(place.tab)}, cell {place.cell}"]
    for row in versions.get(place, []):
        value = "emptied or removed" if row["is_removed"] else _shown_value(row["value_text"], names)
        shown.append(f"    version {row['version']}, read {_shown_time(row['read_at'])}: {value}")
    return shown if len(shown) > 1 else [*shown, "    nothing ever stood in it"]


def _shown_value(text: str, names: set[str]) -> str:
    """A mark, in quotes. A cell may once have held a name, before a row or a column was inserted: that is not shown."""
    if len(text) > LONGEST_MARK or set(text.casefold().split()) & names:
        return "a text that is no mark, not shown here"
    return f"“{visible(text)}”"


def _words_of_names(spark: SparkSession) -> set[str]:
    rows = spark.table("students").where("student_name IS NOT NULL").select("student_name").collect()
    return {word for row in rows for word in row.student_name.casefold().replace(",", " ").split() if len(word) > 2}


def _of_unknown(spark: SparkSession, student_id: str) -> list[str]:
    """That the student is unknown, where the id stands all the same, and whether one is like it."""
    cells = spark.table("quarantine").where("NOT is_resolved AND reason = 'unknown_student'")
    found = _rows(cells.where(F.col("raw_value") == student_id).orderBy("source_id", "tab", "cell"))
    lines = ["There is no student with this id: it is on no roster, or in no register where there is no roster."]
    lines += [
        f"  It stands in {visible(row['source_id'])}, tab {visible(row['tab'])}, cell {row['cell']}, in quarantine "
        f"since {_shown_time(row['first_seen_at'])}: {row['what_to_do']}"
        for row in found
    ]
    without_zeros = F.regexp_replace(F.trim("student_id"), "^0+", "") == student_id.strip().lstrip("0")
    like = _rows(spark.table("students").where(without_zeros).select("student_id").orderBy("student_id"))
    return lines + [f"Did you mean {visible(row['student_id'])}? Leading zeros count." for row in like]


def _holds(spark: SparkSession, key: str) -> list[str]:
    own = spark.table("enrolments").where(F.col("student_key") == key).select("cohort_id").distinct()
    held = _rows(spark.table("cohorts").where("is_held").join(own, "cohort_id", "left_semi").orderBy("cohort_id"))
    return [
        f"{visible(row['cohort_id'])} is held, so this is its last good data: {visible(row['held_reason'])}"
        for row in held
    ]


def _shown_time(moment: datetime) -> str:
    in_utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{in_utc:%Y-%m-%d %H:%M} UTC"


def _place(row: Row) -> Place:
    return Place(row["source_id"], row["tab"], row["cell"])


def _rows(frame: DataFrame) -> list[Row]:
    return frame.toArrow().to_pylist()
