"""Settled sessions: their marks stand as they stood when silver was last written, so their records are right."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.clean.plan import condition_in
from student_track.clean.reading import Reading, session_id
from student_track.frames import frame_from_rows
from student_track.schemas import SHEET_TABS
from student_track.sheets import SheetSession, TabReading

MOST_OPEN_SESSIONS = 1000
"""With more sessions to judge, naming them costs the engine more than judging all of them again."""

Place = tuple[str, str]
"""Source and tab."""


class SessionMarks(NamedTuple):
    """The marks of one session in one tab."""

    fingerprint: str
    count: int


TabSessions = dict[Place, dict[SheetSession, SessionMarks]]
"""The sessions of every tab in which a mark stands."""


@dataclass(frozen=True)
class Settled:
    """Which sessions of the tabs read are settled, and which are open: to be judged and written anew.

    ``of_tabs`` are all sessions with a mark, by tab; ``former`` those of which silver has records.
    """

    of_tabs: TabSessions
    sessions: frozenset[SheetSession] = frozenset()
    former: frozenset[str] = frozenset()

    @cached_property
    def open_sessions(self) -> tuple[str, ...]:
        """Ids of the sessions to be written anew, those that are gone from the sheet included."""
        marked = {session_id(*session) for sessions in self.of_tabs.values() for session in sessions}
        return tuple(sorted((marked | self.former) - {session_id(*session) for session in self.sessions}))

    @cached_property
    def of_records(self) -> str:
        """SQL condition on ``attendance_records``: those of the open sessions."""
        return condition_in("session_id", self.open_sessions) if self.sessions else "true"

    def count_marks(self, place: Place) -> int:
        """Return how many marks of a tab stand in settled sessions."""
        return sum(marks.count for session, marks in self.of_tabs[place].items() if session in self.sessions)


def settled_sessions(spark: SparkSession, reading: Reading) -> Settled:
    """Return the sessions that need not be judged again: their marks, and all that judges them, are as they were.

    Besides the policy and the contract the roster and the calendar judge a mark, so they are in the fingerprint too.
    """
    rules = _rules_of(reading)
    of_tabs = {(tab.source_id, tab.tab): _sessions_of(tab, rules) for tab in reading.tabs}
    shared = _in_several_tabs(of_tabs)
    unchanged = frozenset(
        session
        for sessions in of_tabs.values()
        for session, marks in sessions.items()
        if marks.fingerprint in reading.plan.settled and session not in shared
    )
    if not unchanged:
        return Settled(of_tabs)
    settled = Settled(of_tabs, unchanged, _former_sessions(spark, reading))
    return settled if len(settled.open_sessions) <= MOST_OPEN_SESSIONS else Settled(of_tabs)


def _rules_of(reading: Reading) -> str:
    """Everything besides a session's own marks that decides what becomes of them."""
    roster = sorted(map(repr, (entry for tab in reading.everything for entry in tab.roster)))
    calendar = sorted(map(repr, (entry for tab in reading.everything for entry in tab.calendar)))
    return blake2b("\n".join((reading.plan.rules, *roster, "", *calendar)).encode(), digest_size=16).hexdigest()


def _sessions_of(tab: TabReading, rules: str) -> dict[SheetSession, SessionMarks]:
    """The marks of every session of a tab, told by what is written and the cells they and their students stand in."""
    written: dict[tuple[str, date, str], list[str]] = defaultdict(list)
    for _, _, row, column, student_column, cohort_id, student_id, day, period, text, meaning in tab.marks:
        said = f"{row}\x1f{column}\x1f{student_column}\x1f{student_id}\x1f{text}\x1f{meaning or ''}"
        written[cohort_id, day, period].append(said)
    return {
        SheetSession(*session): SessionMarks(_fingerprint(rules, tab.source_id, tab.tab, *session, *texts), len(texts))
        for session, texts in written.items()
    }


def _fingerprint(*texts: object) -> str:
    return blake2b("\x1e".join(map(str, texts)).encode(), digest_size=8).hexdigest()


def _in_several_tabs(of_tabs: TabSessions) -> set[SheetSession]:
    """Sessions with marks in more than one tab: a mark of one may be a duplicate of one in the other."""
    seen: set[SheetSession] = set()
    shared: set[SheetSession] = set()
    for sessions in of_tabs.values():
        shared |= seen & sessions.keys()
        seen |= sessions.keys()
    return shared


def _former_sessions(spark: SparkSession, reading: Reading) -> frozenset[str]:
    """Sessions silver has records of, from the sources read again."""
    years = condition_in("school_year", reading.plan.former_school_years)
    own = f"{years} AND {condition_in('source_id', reading.plan.read_again)}"
    found = spark.table("attendance_records").where(own).select("session_id").distinct()
    return frozenset(row.session_id for row in found.collect())


def tabs_in_work(spark: SparkSession, reading: Reading) -> DataFrame:
    """Return the former rows of ``sheet_tabs`` for the sources read again, without what says that silver is done.

    Written before all else, so that a run that was stopped between two tables leaves nothing to be believed.
    """
    former = spark.table("sheet_tabs").where(condition_in("source_id", reading.plan.read_again))
    undone = {name: F.lit(None).cast("string") for name in ("fingerprint", "settled_sessions")}
    return former.withColumns(undone).select(*SHEET_TABS.column_names)


def with_settled(
    spark: SparkSession, tabs: DataFrame, judged: DataFrame, codes: DataFrame, settled: Settled, held: Iterable[str]
) -> DataFrame:
    """Return the tabs with the fingerprints of the sessions that are settled now, for the next run.

    Settled is a session whose marks all stand in one tab and became records, at least one of which does not cancel it,
    and whose cohort is not held.
    """
    clean = _all_records(judged, codes) | settled.sessions
    clean -= _in_several_tabs(settled.of_tabs) | {session for session in clean if session.cohort_id in set(held)}
    rows = [
        (*place, " ".join(sorted(marks.fingerprint for session, marks in sessions.items() if session in clean)) or None)
        for place, sessions in settled.of_tabs.items()
    ]
    found = frame_from_rows(spark, ("source_id", "tab", "settled_sessions"), rows)
    joined = tabs.drop("settled_sessions").join(found, ["source_id", "tab"], "left")
    return joined.select(*SHEET_TABS.column_names)


def _all_records(judged: DataFrame, codes: DataFrame) -> set[SheetSession]:
    cancels = F.coalesce("cancels_session", F.lit(False))
    flagged = judged.join(F.broadcast(codes.select("code", "cancels_session")), "code", "left")
    sessions = flagged.groupBy("cohort_id", "session_date", "period").agg(
        F.bool_and(F.col("verdict") == "record").alias("are_records"), F.bool_or(~cancels).alias("is_taken")
    )
    found = sessions.where("are_records AND is_taken").collect()
    return {SheetSession(row.cohort_id, row.session_date, row.period) for row in found}
