"""The term of a cohort as a heat map: its students by its sessions, each with one state."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from sys import intern

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.reporting.facts import Day
from student_track.reporting.session_state import NOT_EXPECTED

MOST_SESSIONS = 60
ROWS_AT_A_TIME = 10_000
"""Made into values at once: those of a large school would take more memory than what is kept of them."""


@dataclass(frozen=True)
class TermSession:
    """A column of the heat map."""

    session_id: str
    date: date
    period: str


@dataclass(frozen=True)
class Term:
    """The sessions of a cohort's current term up to the as-of date, and what became of each for each student.

    ``states`` has one for each session, by student_key.
    """

    name: str
    sessions: list[TermSession]
    is_cut: bool
    """Only the latest sessions are shown: the term has had more."""
    states: dict[str, list[str]]

    @property
    def months(self) -> list[tuple[date, int]]:
        """The first session's date of each month, and how many sessions it has."""
        of_month = groupby(self.sessions, key=lambda session: (session.date.year, session.date.month))
        return [(own[0].date, len(own)) for own in (list(group) for _, group in of_month)]

    def states_of(self, student_key: str) -> list[str]:
        """Return the state of each session for a student, in order."""
        return self.states.get(student_key) or [NOT_EXPECTED] * len(self.sessions)


def current_terms(spark: SparkSession, day: Day, attended: DataFrame) -> dict[str, Term]:
    """Return the current term of each cohort that has had a session in it, by cohort.

    ``attended`` says what became of each session for each student, as ``student_sessions`` does.
    """
    sessions = spark.table("sessions").where(F.col("school_year").between(*day.school_years))
    columns, is_cut, names = _columns(sessions, day.as_of_date)
    if not columns:
        return {}
    first = min(own[0].date for own in columns.values())
    shown = attended.where(F.col("is_counted") & (F.col("session_date") >= F.lit(first)))
    states = _by_cohort(columns, shown.select("cohort_id", "student_key", "session_id", "state").toArrow())
    return {cohort: Term(names[cohort], own, is_cut[cohort], states[cohort]) for cohort, own in columns.items()}


def _by_cohort(columns: dict[str, list[TermSession]], found: pa.Table) -> dict[str, dict[str, list[str]]]:
    """The states in the order of the sessions, by cohort and student."""
    place = {session.session_id: number for own in columns.values() for number, session in enumerate(own)}
    states: dict[str, dict[str, list[str]]] = {cohort: {} for cohort in columns}
    for batch in found.to_batches(max_chunksize=ROWS_AT_A_TIME):
        for cohort, student, session, state in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if session in place:
                own = states[cohort].setdefault(student, [NOT_EXPECTED] * len(columns[cohort]))
                own[place[session]] = intern(state)
    return states


def _columns(
    sessions: DataFrame, as_of_date: date
) -> tuple[dict[str, list[TermSession]], dict[str, bool], dict[str, str]]:
    """The latest sessions of each cohort's current term, in order; whether there were more; the term's name."""
    held = sessions.where((F.col("session_date") <= F.lit(as_of_date)) & ~F.col("is_cancelled"))
    ordered = held.select("cohort_id", "term", "session_date", "period", "session_id").orderBy(
        "cohort_id", "session_date", F.length("period"), "period"
    )
    columns, is_cut, names = {}, {}, {}
    for cohort, group in groupby(ordered.toArrow().to_pylist(), key=lambda row: row["cohort_id"]):
        rows = list(group)
        of_term = [row for row in rows if row["term"] == rows[-1]["term"]]
        shown = of_term[-MOST_SESSIONS:]
        columns[cohort] = [TermSession(row["session_id"], row["session_date"], row["period"] or "") for row in shown]
        is_cut[cohort], names[cohort] = len(of_term) > len(shown), rows[-1]["term"] or ""
    return columns, is_cut, names
