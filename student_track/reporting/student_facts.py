"""What a student's page says: standings, cohorts, actions, and the period day by day; some students at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

import pyarrow as pa
from pyarrow.compute import is_in
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.attendance import enrolment_windows, expected_sessions, measured_units
from student_track.frames import kept
from student_track.queries import ask
from student_track.reporting.facts import Day, Row
from student_track.reporting.session_state import NOT_EXPECTED, session_state

STUDENTS_AT_A_TIME = 500
T = TypeVar("T")
OF_QUERIES = ("student_standing", "student_cohorts", "student_actions", "effect_of_actions")


class Unit(NamedTuple):
    """A unit of a student in the scope of the tiers, with the tier after it; ``cohort`` is empty for the school."""

    cohort: str
    date: date
    is_possible: bool
    missed_parts: int
    is_absence: bool
    tier: str


class Outcome(NamedTuple):
    """What became of a session: a state, and what else is said of it."""

    state: str
    is_counted: bool
    is_excused: bool
    is_tardy: bool


class Mark(NamedTuple):
    """A session of a student: expected, marked or both. ``state`` is as in ``STATE_LOOKS``; unexpected: not counted."""

    date: date
    period: str
    cohort: str
    state: str
    is_counted: bool
    is_excused: bool
    is_tardy: bool
    mark: str | None
    tab: str | None
    cell: str | None

    @property
    def outcome(self) -> Outcome:
        """What became of the session, without when and where: the same for many students."""
        return Outcome(self.state, self.is_counted, self.is_excused, self.is_tardy)


@dataclass(frozen=True)
class StudentFacts:
    """One student: who it is, how things stand in each scope of the tiers, and what happened in the period."""

    student_key: str
    student_id: str
    student_name: str | None
    standings: list[Row]
    cohorts: list[Row]
    actions: list[Row]
    effects: list[Row]
    units: list[Unit]
    marks: list[Mark]


def each_student(spark: SparkSession, day: Day, from_date: date) -> Iterator[StudentFacts]:
    """Yield every student of whom there are metrics on the day, by student_key; some hundred are read at a time."""
    answers = {name: ask(spark, name, **day.values).toArrow() for name in OF_QUERIES}
    people = spark.table("students").select("student_key", "student_id", "student_name").toArrow()
    names = {key: own for key, *own in zip(*(column.to_pylist() for column in people.columns), strict=True)}
    keys = sorted(set(answers["student_standing"]["student_key"].to_pylist()))
    for begin in range(0, len(keys), STUDENTS_AT_A_TIME):
        some = keys[begin : begin + STUDENTS_AT_A_TIME]
        units, marks = _what_happened(spark, day, from_date, some)
        told = [_by_student(answers[name], some) for name in OF_QUERIES]
        for key in some:
            yield StudentFacts(key, *names[key], *(rows[key] for rows in told), units.of(key), marks.of(key))


def _by_student(answer: pa.Table, keys: list[str]) -> dict[str, list[Row]]:
    """The rows of some students: those of all as values would be most of the memory that a site takes."""
    found: dict[str, list[Row]] = {key: [] for key in keys}
    for row in answer.filter(is_in(answer["student_key"], pa.array(keys))).to_pylist():
        found[row["student_key"]].append(row)
    return found


def _what_happened(
    spark: SparkSession, day: Day, from_date: date, keys: Sequence[str]
) -> tuple["_OfStudents[Unit]", "_OfStudents[Mark]"]:
    """Units and marks of some students, oldest first."""
    of_years = F.col("school_year").between(*day.school_years)
    own, up_to = F.col("student_key").isin(list(keys)), F.col("session_date") <= F.lit(day.as_of_date)
    sessions = spark.table("sessions").where(of_years)
    records = kept(spark, spark.table("attendance_records").where(of_years & own & up_to))
    quarantine = spark.table("quarantine").where(own)
    closes = day.policy.enrolment_closes_after_registers
    stays = spark.table("enrolments").where(own)
    windows = enrolment_windows(stays, records, sessions, quarantine, day.as_of_date, closes)
    expected = expected_sessions(
        kept(spark, windows), sessions, records, quarantine, from_date, day.as_of_date, day.policy.blank_mark
    )
    expected = kept(spark, expected)
    return (
        _OfStudents(_units(expected, day).toArrow(), Unit),
        _OfStudents(_marks(expected, records, from_date).toArrow(), Mark),
    )


class _OfStudents(Generic[T]):
    """Rows of an Arrow table that lie together by the student in its first column; made into values when asked for."""

    def __init__(self, table: pa.Table, made: Callable[..., T]) -> None:
        self._rows, self._made = table.drop_columns(table.column_names[0]).combine_chunks(), made
        self._count = Counter(table.column(0).to_pylist())
        self._begin = dict(zip(self._count, accumulate(self._count.values(), initial=0), strict=False))

    def of(self, key: str) -> list[T]:
        """Return the values of a student, in the order of the table; none where it has no row."""
        own = self._rows.slice(self._begin.get(key, 0), self._count[key])
        return [self._made(*values) for values in zip(*(column.to_pylist() for column in own.columns), strict=True)]


def _units(expected: DataFrame, day: Day) -> DataFrame:
    running = measured_units(expected, day.policy, day.as_of_date, day.policy.tier_scope)
    return running.select(
        "student_key", "cohort_id", "unit_date", "is_possible", "missed_parts", "is_absence", "tier"
    ).orderBy("student_key", "cohort_id", "unit_number")


def _marks(expected: DataFrame, records: DataFrame, from_date: date) -> DataFrame:
    """Every expected session, and every mark that was not expected; with the cell the mark stands in."""
    session = ("student_key", "session_id", "session_date", "period", "cohort_id")
    noted = ("is_excused", "is_tardy")
    counted = expected.select(*session, session_state().alias("state"), F.lit(True).alias("is_counted"), *noted)
    others = records.where(F.col("session_date") >= F.lit(from_date)).join(
        expected.select("student_key", "session_id"), ["student_key", "session_id"], "left_anti"
    )
    uncounted = others.select(*session, F.lit(NOT_EXPECTED).alias("state"), F.lit(False).alias("is_counted"), *noted)
    cells = records.select("student_key", "session_id", "mark", "tab", "cell")
    every = counted.unionByName(uncounted).join(cells, ["student_key", "session_id"], "left")
    in_order = every.orderBy("student_key", "session_date", F.length("period"), "period", "cohort_id")
    return in_order.select(
        "student_key", "session_date", "period", "cohort_id", "state", "is_counted", *noted, "mark", "tab", "cell"
    )
