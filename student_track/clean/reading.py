"""Bronze cells read into marks, references and problems, as frames."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain, islice
from operator import itemgetter

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.cell_versions import latest_versions
from student_track.clean.plan import REFERENCE_KINDS, Plan, condition_in
from student_track.clean.tab_names import TabNames
from student_track.collector import collector_paused
from student_track.errors import InputError
from student_track.frames import frame_from_arrow
from student_track.policy import Policy
from student_track.privacy import student_key
from student_track.sheets import (
    STORED_CELL,
    KnownMarks,
    Mark,
    SheetContract,
    SheetSession,
    TabReading,
    addresses,
    ask_together,
    grid_from_stored,
    read_tab,
)

MARKS_AT_A_TIME = 50_000
CELL_COLUMNS = ("source_id", "tab", *STORED_CELL.names)


@dataclass(frozen=True)
class Reading:
    """What the tabs read said. ``tabs`` are read whole, ``references`` are the reference tabs of other sources."""

    plan: Plan
    tabs: tuple[TabReading, ...]
    references: tuple[TabReading, ...]

    @cached_property
    def everything(self) -> tuple[TabReading, ...]:
        return (*self.tabs, *self.references)

    @property
    def has_roster(self) -> bool:
        return any(tab.roster for tab in self.everything)

    @property
    def cohorts(self) -> tuple[str, ...]:
        """Cohorts of the attendance tabs read, and those silver had from the same sources."""
        read = {session.cohort_id for tab in self.tabs for session in tab.sessions}
        read |= {student.cohort_id for tab in self.tabs for student in tab.students}
        return tuple(sorted(read | set(self.plan.former_cohorts)))


@collector_paused()
def read_tabs(spark: SparkSession, plan: Plan, contract: SheetContract, policy: Policy) -> Reading:
    """Return what the sources to read again say, tab by tab, and the reference tabs of the others.

    Raises InputError where a tab has two readings and nobody chose, where no tab of any source can be read as a
    register, or none names a student.
    """
    known_marks = KnownMarks(policy)
    names = TabNames.of(spark)
    tabs = _read(_cells(spark, plan.read_again), names, contract, known_marks)
    others = _cells(spark, plan.references_only).join(_reference_tabs(spark), ["source_id", "tab"], "left_semi")
    references = _read(others, names, contract, known_marks) if plan.references_only else ()
    ask_together(tabs, contract)
    reading = Reading(plan, names.with_gone_tabs(tabs, plan.read_again), references)
    _refuse_questions(reading)
    if plan.read_again:
        _refuse_without_registers(reading)
    return reading


def _cells(spark: SparkSession, source_ids: Iterable[str]) -> DataFrame:
    """The cells that stand in the sources now."""
    own = spark.table("raw_attendance").where(condition_in("source_id", source_ids))
    bronze = own.where((F.col("row") > 0) | (F.col("column") > 0))
    return latest_versions(bronze).where("NOT is_removed").select(*CELL_COLUMNS)


def _reference_tabs(spark: SparkSession) -> DataFrame:
    tabs = spark.table("sheet_tabs").where(F.col("kind").isin(list(REFERENCE_KINDS)))
    return tabs.select("source_id", "tab")


def _read(
    cells: DataFrame, names: TabNames, contract: SheetContract, known_marks: KnownMarks
) -> tuple[TabReading, ...]:
    by_tab = _by_tab(cells.toArrow())
    names = names.with_places(by_tab)
    return tuple(
        read_tab(names.put_on(grid_from_stored(source_id, tab, stored)), contract, known_marks)
        for (source_id, tab), stored in by_tab.items()
    )


def _by_tab(cells: pa.Table) -> dict[tuple[str, str], pa.Table]:
    """The cells of each tab, in the order of sources and tabs; sorted here, for the engine would by every column."""
    codes = [cells[name].combine_chunks().dictionary_encode() for name in ("source_id", "tab")]
    sources, tabs = (code.dictionary.to_pylist() for code in codes)
    place = codes[0].indices.to_numpy() * max(len(tabs), 1) + codes[1].indices.to_numpy()
    order = np.argsort(place, kind="stable")
    numbers, starts = np.unique(place[order], return_index=True)
    ends = np.append(starts, len(order))[1:]
    stored = cells.select(STORED_CELL.names)
    found = {
        (sources[number // len(tabs)], tabs[number % len(tabs)]): stored.take(order[start:end])
        for number, start, end in zip(numbers, starts, ends, strict=True)
    }
    return dict(sorted(found.items(), key=itemgetter(0)))


def _refuse_questions(reading: Reading) -> None:
    """Two readings are possible, and a guess would be wrong for one school in two: a person says which it is."""
    asking = [tab for tab in reading.everything if tab.recognition.question]
    if asking:
        first, others = asking[0], len(asking) - 1
        shown = "`student-track inspect` shows all of them, and a * in a tab's name stands for any text"
        more = f"\n{others} more tabs ask; {shown}." if others else ""
        raise InputError(
            f"{first.source_id}, tab {first.tab!r}: {first.recognition.question}. Answer it in params/sheet.yml by:\n"
            f"{first.recognition.suggestion}{more}"
        )


def _refuse_without_registers(reading: Reading) -> None:
    registers = [tab for tab in reading.tabs if tab.recognition.kind == "attendance"]
    if not registers:
        seen = "; ".join(f"{tab.source_id}, tab {tab.tab!r}: {_why(tab)}" for tab in reading.tabs[:5])
        raise InputError(
            f"No tab could be read as an attendance register. {seen or 'There is no tab.'}. "
            "Check the sheet, or say in params/sheet.yml which tab is the register and where its header stands."
        )
    if not any(tab.students or tab.marks for tab in registers):
        first = registers[0]
        raise InputError(
            f"{first.source_id}, tab {first.tab!r}: there is no student below the header in row "
            f"{first.recognition.header_row}. Is another row the header? Say so in params/sheet.yml (`header_row`)."
        )


def _why(tab: TabReading) -> str:
    return tab.recognition.missing or f"is {tab.recognition.kind}"


class Pseudonyms(dict[str, str]):
    """Keys of student ids, each computed once."""

    def __init__(self, secret: bytes) -> None:
        super().__init__()
        self._secret = secret

    def __missing__(self, student_id: str) -> str:
        key = self[student_id] = student_key(self._secret, student_id)
        return key


class Codes(dict[str, str | None]):
    """Names of the codes of marks as written, each folded once; None for a mark that is not in the code table."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy

    def __missing__(self, mark: str) -> str | None:
        code = self[mark] = self._policy.code_of(mark)
        return code


class SessionIds(dict[tuple[str, date, str], str]):
    """Ids of sessions, each written once."""

    def __missing__(self, session: tuple[str, date, str]) -> str:
        name = self[session] = session_id(*session)
        return name


MARK_TYPES = {"row": pa.int32(), "column": pa.int32(), "student_column": pa.int32(), "session_date": pa.date32()}
MARK_SCHEMA = pa.schema([(name, MARK_TYPES.get(name, pa.string())) for name in Mark._fields])


@collector_paused()
def marks_frame(
    spark: SparkSession,
    reading: Reading,
    policy: Policy,
    secret: bytes,
    settled: frozenset[SheetSession] = frozenset(),
) -> DataFrame:
    """Return one row per mark read: place, student, session, mark as written, and its code (null: unknown).

    Marks of settled sessions are left out.
    """
    keys, codes, ids = Pseudonyms(secret), Codes(policy), SessionIds()
    marks = chain.from_iterable(_without(tab.marks, settled) for tab in reading.tabs)
    tables = [_as_arrow([], keys, codes, ids)]
    while some := list(islice(marks, MARKS_AT_A_TIME)):
        tables.append(_as_arrow(some, keys, codes, ids))
    return frame_from_arrow(spark, pa.concat_tables(tables))


def _as_arrow(marks: list[Mark], keys: Pseudonyms, codes: Codes, ids: SessionIds) -> pa.Table:
    columns = map(list, zip(*marks, strict=True)) if marks else ([] for _ in MARK_SCHEMA)
    table = pa.table(dict(zip(MARK_SCHEMA.names, columns, strict=True)), MARK_SCHEMA)
    row, column, student_column = (table[name].combine_chunks() for name in ("row", "column", "student_column"))
    more = {
        "cell": addresses(row, column),
        "student_cell": addresses(row, student_column),
        "student_key": pa.array([keys[mark.student_id] for mark in marks], pa.string()),
        "session_id": pa.array([ids[mark.cohort_id, mark.session_date, mark.period] for mark in marks], pa.string()),
        "code": pa.array([codes[mark.meaning or mark.mark] for mark in marks], pa.string()),
    }
    for name, values in more.items():
        table = table.append_column(name, values)
    return table.drop_columns(["student_column", "meaning"])


def _without(marks: list[Mark], settled: frozenset[SheetSession]) -> list[Mark]:
    if not settled:
        return marks
    return [mark for mark in marks if (mark.cohort_id, mark.session_date, mark.period) not in settled]


def session_id(cohort_id: str, session_date: object, period: str) -> str:
    """Return the id of a session: ``cohort|date``, with ``|period`` where the sheet has periods."""
    return f"{cohort_id}|{session_date}|{period}" if period else f"{cohort_id}|{session_date}"
