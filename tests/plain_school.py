"""A school as plain values: what the reference reads, and what tests make tables of."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple


class Enrolment(NamedTuple):
    """One stay of a student in a cohort, as the roster (or only the register) states it."""

    student: str
    cohort: str
    first: date | None = None
    last: date | None = None
    source: str = "roster"
    is_end_declared: bool = True
    stint: int = 1


class Session(NamedTuple):
    """One register."""

    session_id: str
    cohort: str
    day: date
    period: str = ""
    is_taken: bool = True
    is_cancelled: bool = False
    is_in_sheet: bool = True
    is_in_calendar: bool = False


class Record(NamedTuple):
    """One usable mark."""

    student: str
    session_id: str
    missed: Fraction = Fraction(0)
    is_excused: bool = False
    is_tardy: bool = False
    counts_in_rate: bool = True


class Spoiled(NamedTuple):
    """One mark in quarantine whose student and session are known."""

    student: str
    session_id: str


class Action(NamedTuple):
    """What staff did about a student."""

    student: str
    day: date
    kind: str


class School(NamedTuple):
    """The silver tables of the period that counts."""

    enrolments: list[Enrolment]
    sessions: list[Session]
    records: list[Record]
    spoiled: list[Spoiled]
    actions: list[Action] | None = None
