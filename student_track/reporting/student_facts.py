"""What a student's page says: standings, cohorts, actions, and the period day by day; some students at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple

import pyarrow as pa
from pyarrow.compute import is_in
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.queries import ask
from student_track.reporting.facts import Day, Row

STUDENTS_AT_A_TIME = 500
OF_QUERIES = (
    *("student_standing", "student_cohorts", "student_tiers", "student_weekdays"),
    *("student_actions", "effect_of_actions"),
)


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
    tiers: list[Row]
    weekdays: list[Row]
    actions: list[Row]
    effects: list[Row]
    marks: list[Mark]


def each_student(spark: SparkSession, day: Day, attended: DataFrame) -> Iterator[StudentFacts]:
    """Yield every student of whom there are metrics on the day, by student_key; some hundred are read at a time.

    ``attended`` says what became of each session for each student, as ``student_sessions`` does.
    """
    answers = {name: ask(spark, name, **day.values).toArrow() for name in OF_QUERIES}
    people = spark.table("students").select("student_key", "student_id", "student_name").toArrow()
    names = {key: own for key, *own in zip(*(column.to_pylist() for column in people.columns), strict=True)}
    keys = sorted(set(answers["student_standing"]["student_key"].to_pylist()))
    for begin in range(0, len(keys), STUDENTS_AT_A_TIME):
        some = keys[begin : begin + STUDENTS_AT_A_TIME]
        marks = _Marks(_in_order(attended.where(F.col("student_key").isin(some))).toArrow())
        told = [_by_student(answers[name], some) for name in OF_QUERIES]
        for key in some:
            yield StudentFacts(key, *names[key], *(rows[key] for rows in told), marks.of(key))


def _by_student(answer: pa.Table, keys: list[str]) -> dict[str, list[Row]]:
    """The rows of some students: those of all as values would be most of the memory that a site takes."""
    found: dict[str, list[Row]] = {key: [] for key in keys}
    for row in answer.filter(is_in(answer["student_key"], pa.array(keys))).to_pylist():
        found[row["student_key"]].append(row)
    return found


class _Marks:
    """Marks of students, those of each together in the table; they become values when they are asked for."""

    def __init__(self, table: pa.Table) -> None:
        self._rows = table.drop_columns(table.column_names[0]).combine_chunks()
        self._count = Counter(table.column(0).to_pylist())
        self._begin = dict(zip(self._count, accumulate(self._count.values(), initial=0), strict=False))

    def of(self, key: str) -> list[Mark]:
        """Return the marks of a student, in the order of the table; none where it has no row."""
        own = self._rows.slice(self._begin.get(key, 0), self._count[key])
        return [Mark(*values) for values in zip(*(column.to_pylist() for column in own.columns), strict=True)]


def _in_order(attended: DataFrame) -> DataFrame:
    """The columns of a mark, oldest first, those of a student together."""
    in_order = attended.orderBy("student_key", "session_date", F.length("period"), "period", "cohort_id")
    flags = ("is_counted", "is_excused", "is_tardy")
    return in_order.select(
        "student_key", "session_date", "period", "cohort_id", "state", *flags, *("mark", "tab", "cell")
    )
