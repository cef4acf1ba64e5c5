"""Sessions: registers the sheet has room for and those the calendar plans; their school year, term and state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.clean.plan import condition_in
from student_track.clean.reading import Reading, session_id
from student_track.frames import frame_from_rows
from student_track.schemas import SESSIONS
from student_track.sheets import CalendarEntry, SheetSession

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class YearRule:
    """When school years start and terms end, where the calendar does not say it."""

    school_year_start: str
    term_gap_days: int


@dataclass(frozen=True)
class Calendar:
    """What all calendar tabs say together."""

    entries: tuple[CalendarEntry, ...]
    rule: YearRule

    def of(self, kind: str) -> list[CalendarEntry]:
        return [entry for entry in self.entries if entry.type == kind]

    def school_year(self, day: date) -> int:
        """Return the calendar year in which the day's school year starts."""
        for entry in self.of("school year"):
            if entry.from_date <= day <= entry.to_date:
                return entry.from_date.year
        month, start_day = (int(part) for part in self.rule.school_year_start.split("-"))
        return day.year if (day.month, day.day) >= (month, start_day) else day.year - 1

    def term(self, day: date) -> str | None:
        """Return the calendar's name of the term the day lies in."""
        names = [entry.label for entry in self.of("term") if entry.from_date <= day <= entry.to_date]
        return names[0] if names else None

    def cancels(self, cohort_id: str, day: date) -> bool:
        """Return whether a holiday or a cancellation of the cohort covers the day."""
        return any(
            entry.from_date <= day <= entry.to_date and entry.cohort_id in ("", cohort_id)
            for kind in ("holiday", "cancelled")
            for entry in self.of(kind)
        )


def calendar_of(reading: Reading, rule: YearRule) -> Calendar:
    """Return what every calendar tab says together."""
    return Calendar(tuple(entry for tab in reading.everything for entry in tab.calendar), rule)


def scope_cohorts(reading: Reading) -> tuple[str, ...]:
    """Return the cohorts whose sessions and enrolments are decided anew: all that are known, where a roster,
    calendar or owners tab was read again; otherwise those of the registers read."""
    named = {entry.cohort_id for tab in reading.tabs for entry in (*tab.roster, *tab.owners, *tab.calendar)}
    return tuple(sorted({*reading.cohorts, *named} - {""}))


def registers_marked(judged: DataFrame, codes: DataFrame) -> DataFrame:
    """Return one row per session with a mark: was the register taken, or do all its marks cancel it?

    Any mark takes a register, also one in quarantine; marks that cancel the session do not.
    """
    cancels = F.coalesce("cancels_session", F.lit(False))
    flagged = judged.select("session_id", "code").join(
        F.broadcast(codes.select("code", "cancels_session")), "code", "left"
    )
    return flagged.groupBy("session_id").agg(
        F.bool_or(~cancels).alias("is_taken"), F.bool_and(cancels).alias("is_cancelled_by_marks")
    )


def sessions_frame(
    spark: SparkSession,
    reading: Reading,
    calendar: Calendar,
    marked: DataFrame,
    cohorts: tuple[str, ...],
    settled: frozenset[SheetSession] = frozenset(),
) -> DataFrame:
    """Return the rows of ``sessions`` for the cohorts. Settled sessions are taken, and no mark cancels them."""
    state = {session_id(*session): (True, False) for session in settled}
    state |= {row.session_id: (row.is_taken, row.is_cancelled_by_marks) for row in marked.collect()}
    in_sheet = {session for tab in reading.tabs for session in tab.sessions}
    planned = planned_sessions(calendar, in_sheet, cohorts)
    everything = sorted(in_sheet | planned)
    cancelled = {
        session
        for session in everything
        if calendar.cancels(*session[:2]) or state.get(session_id(*session), (0, False))[1]
    }
    other_days = _days_of_other_cohorts(spark, cohorts)
    terms = _terms({session.session_date for session in everything if session not in cancelled} | other_days, calendar)
    rows = [
        (
            *(session_id(*session), *session),
            *(terms.get(session.session_date) or _term_between(terms, session.session_date),),
            *(state.get(session_id(*session), (False, False))[0], session in cancelled),
            *(session in in_sheet, session in planned, calendar.school_year(session.session_date)),
        )
        for session in everything
    ]
    flags = ("is_taken", "is_cancelled", "is_in_sheet", "is_in_calendar")
    types = {"session_date": pa.date32(), "school_year": pa.int32()} | {name: pa.bool_() for name in flags}
    return frame_from_rows(spark, SESSIONS.column_names, rows, types)


def planned_sessions(calendar: Calendar, in_sheet: set[SheetSession], cohorts: Iterable[str]) -> set[SheetSession]:
    """Return the sessions the calendar's school days plan, holidays and cancelled days left out.

    School days without a cohort are those of every cohort with a register in that school year, or with none at all;
    a cohort with school days of its own has those alone.
    Where the sheet has a cohort's date, its sessions are the planned ones, unless the calendar lists periods.
    """
    years: dict[str, set[int]] = {}
    of_day: dict[tuple[str, date], set[SheetSession]] = {}
    for session in in_sheet:
        years.setdefault(session.cohort_id, set()).add(calendar.school_year(session.session_date))
        of_day.setdefault(session[:2], set()).add(session)
    planned: set[SheetSession] = set()
    entries = calendar.of("school days")
    with_own_days = {entry.cohort_id for entry in entries}
    for entry in entries:
        for cohort in cohorts:
            own_years = years.get(cohort, set())
            is_general = not entry.cohort_id and cohort not in with_own_days
            is_own = entry.cohort_id == cohort or (
                is_general and (not own_years or calendar.school_year(entry.from_date) in own_years)
            )
            for day in _days(entry) if is_own else ():
                if not calendar.cancels(cohort, day):
                    planned |= _sessions_on(cohort, day, entry, of_day)
    return planned


def _sessions_on(
    cohort: str, day: date, entry: CalendarEntry, of_day: dict[tuple[str, date], set[SheetSession]]
) -> set[SheetSession]:
    if entry.periods:
        return {SheetSession(cohort, day, period) for period in entry.periods}
    return of_day.get((cohort, day)) or {SheetSession(cohort, day, "")}


def _days(entry: CalendarEntry) -> Iterable[date]:
    count = (entry.to_date - entry.from_date).days + 1
    days = (entry.from_date + number * ONE_DAY for number in range(count))
    return (day for day in days if day.weekday() in entry.weekdays)


def _days_of_other_cohorts(spark: SparkSession, cohorts: tuple[str, ...]) -> set[date]:
    others = spark.table("sessions").where(f"NOT is_cancelled AND NOT ({condition_in('cohort_id', cohorts)})")
    return {row.session_date for row in others.select("session_date").distinct().collect()} if cohorts else set()


def _terms(days: set[date], calendar: Calendar) -> dict[date, str]:
    """The term of every day with a session: its name, else its number within the school year.

    A new one begins after the gap of the policy, counted over the sessions of the whole school.
    """
    terms: dict[date, str] = {}
    number, former = 0, None
    for day in sorted(days):
        is_new_year = former is None or calendar.school_year(day) != calendar.school_year(former)
        if is_new_year:
            number = 1
        elif (day - former).days - 1 >= calendar.rule.term_gap_days:
            number += 1
        former = day
        terms[day] = calendar.term(day) or str(number)
    return terms


def _term_between(terms: dict[date, str], day: date) -> str | None:
    """A cancelled session belongs to the term of the last session before it."""
    before = [other for other in terms if other <= day]
    return terms[max(before)] if before else None
