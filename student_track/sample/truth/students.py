"""True metrics of one student, in fractions, by walking once through the student's days."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from student_track.sample.calendar import school_year
from student_track.sample.school import Stay
from student_track.sample.truth.records import Record, Session, Student, TrueSchool
from student_track.sample.truth.rules import Rules
from student_track.sample.truth.rungs import Ladder
from student_track.sample.truth.walk import TIERS, AsOf, Unit, Walk
from student_track.sample.truth.weekdays import true_units_by_weekday, true_weekday

WORDS_OF_CHANGE = {-1: "better", 0: "same", 1: "worse"}
Scope = tuple[str, str]
"""school or cohort, and the cohort (empty for the school)."""
Expected = list[tuple[Session, Record | None]]
"""Expected sessions with the usable mark, or None where there is none."""


@dataclass
class TrueStudent:
    """What is true of a student: rows, expected sessions and units by scope."""

    number: str
    rows: dict[Scope, dict[str, Any]] = field(default_factory=dict)
    expected: dict[Scope, Expected] = field(default_factory=dict)
    units: dict[Scope, list[Unit]] = field(default_factory=dict)


def as_of_today(school: TrueSchool, today: date) -> AsOf:
    """Return the latest date up to today with a register taken, and the dates it is compared with."""
    taken = {s.day for own in school.sessions.values() for s in own if s.is_taken and not s.is_cancelled}
    day = max(other for other in taken if other <= today)
    all_days = {s.day for own in school.sessions.values() for s in own}
    start = min(other for other in all_days if school_year(other) == school_year(day))
    before = [other for other in taken if start <= other < day]
    week_before = [other for other in before if (day - other).days >= 7]
    return AsOf(day, start, max(before, default=None), max(week_before, default=None))


def true_student(student: Student, sessions: dict[str, list[Session]], rules: Rules, as_of: AsOf) -> TrueStudent:
    """Return what is true of a student at a date, in the school and in each own cohort; no row without a window."""
    marks = {(mark.cohort, mark.day): mark for mark in student.records}
    windows = [
        Stay(stay.cohort, stay.joined, stay.left if stay.left and stay.left <= as_of.day else None)
        for stay in student.pupil.stays
        if stay.joined <= as_of.day and not (stay.left and stay.left < as_of.start)
    ]
    true = TrueStudent(student.pupil.number)
    scopes: dict[Scope, list[Stay]] = {}
    for window in windows:
        scopes.setdefault(("school", ""), []).append(window)
        scopes.setdefault(("cohort", window.cohort), []).append(window)
    for scope, own in scopes.items():
        expected = _expected(own, sessions, marks, as_of)
        units = _units(expected, rules)
        walk, ladder = Walk(rules, as_of), Ladder(rules.ladder)
        for unit in units:
            walk.step(unit)
            ladder.step(walk, unit.day)
        true.expected[scope], true.units[scope] = expected, units
        row = _row(own, expected, units, walk, sessions)
        is_enrolled = row["status"] == "enrolled"
        true.rows[scope] = row | ladder.missing(walk, student.actions if is_enrolled else None)
    return true


def _expected(
    own: list[Stay], sessions: dict[str, list[Session]], marks: dict[tuple[str, date], Record], as_of: AsOf
) -> Expected:
    found = {
        session
        for stay in own
        for session in sessions[stay.cohort]
        if not session.is_cancelled
        and max(as_of.start, stay.joined) <= session.day <= min(as_of.day, stay.left or as_of.day)
    }
    pairs = ((session, marks.get((session.cohort, session.day))) for session in found)
    return [(session, mark) for session, mark in pairs if mark is None or mark.meaning.counts_in_rate]


def _units(expected: Expected, rules: Rules) -> list[Unit]:
    days: dict[date, list[Record | None]] = {}
    for session, mark in expected:
        days.setdefault(session.day, []).append(mark)
    units = []
    for day, marks in sorted(days.items()):
        known = [mark.meaning.missed for mark in marks if mark is not None]
        is_possible = bool(known) and len(known) >= rules.possible_from * len(marks)
        missed = _mean(known) if is_possible else None
        units.append(Unit(day, missed, missed is not None and missed >= rules.absence_from))
    return units


def _mean(missed: list[Fraction]) -> Fraction:
    return missed[0] if len(missed) == 1 else sum(missed, Fraction(0)) / len(missed)


def _row(
    own: list[Stay], expected: Expected, units: list[Unit], walk: Walk, sessions: dict[str, list[Session]]
) -> dict[str, Any]:
    as_of, is_enrolled = walk.as_of, any(stay.left in (None, walk.as_of.day) for stay in own)
    first = min(stay.joined for stay in own)
    needs = is_enrolled and walk.asks
    return {
        "as_of_date": as_of.day,
        "school_year": school_year(as_of.day),
        "period_start_date": max(as_of.start, first),
        "status": "enrolled" if is_enrolled else "left",
        "first_expected_date": first,
        "last_expected_date": None if is_enrolled else max(stay.left for stay in own if stay.left),
        **count_sessions(expected),
        "count_expected_units": len(units),
        "count_possible_units": len(walk.possible),
        "count_unknown_units": len(units) - len(walk.possible),
        "missed_units": walk.missed,
        "attendance_rate": 1 - walk.missed / len(walk.possible) if walk.possible else None,
        "count_absences": walk.absences,
        "tier": walk.tier,
        "tier_since_date": walk.tier_since,
        "previous_tier": walk.tier_before,
        "tier_change": _change(walk.tier, walk.tier_before),
        "previous_week_tier": walk.tier_week_before,
        "tier_change_in_week": _change(walk.tier, walk.tier_week_before),
        "needs_attention_week_before": walk.asked_week_before,
        "count_absences_in_first_units": walk.early,
        "absence_weekday": true_weekday(units, walk.rules.weekday_chance),
        "units_by_weekday": true_units_by_weekday(units),
        "tier_history": walk.tier_history or None,
        "has_early_warning": walk.is_early,
        "needs_attention": needs,
        "attention_reasons": ",".join(walk.reasons) if needs else "",
        "needs_attention_since_date": walk.asks_since if needs else None,
        "count_streak_units": walk.streak,
        "is_streak_open": walk.streak > 0 and walk.is_open,
        "streak_start_date": walk.streak_start,
        "count_longest_streak_units": walk.longest,
        "last_absence_date": walk.last_absence,
        "last_present_date": walk.last_present,
        **_trend(walk.possible, walk.rules.trend),
        **_room(walk, _planned(own, sessions, as_of)),
    }


def count_sessions(expected: Expected) -> dict[str, Any]:
    """Return the counts of expected sessions."""
    known = [mark.meaning for _, mark in expected if mark is not None]
    unknown = [session for session, mark in expected if mark is None]
    return {
        "count_expected_sessions": len(expected),
        "count_known_sessions": len(known),
        "count_sessions_not_taken": sum(not session.is_taken for session in unknown),
        "count_sessions_without_mark": sum(session.is_taken for session in unknown),
        "coverage_share": Fraction(len(known), len(expected)) if expected else None,
        "count_excused_sessions": sum(bool(meaning.missed) and meaning.is_excused for meaning in known),
        "count_unexcused_sessions": sum(bool(meaning.missed) and not meaning.is_excused for meaning in known),
        "count_tardy_sessions": sum(meaning.is_tardy for meaning in known),
    }


def _change(tier: str, before: str) -> str:
    if tier not in TIERS:
        return "none"
    if before not in TIERS:
        return "first"
    now, former = TIERS.index(tier), TIERS.index(before)
    return WORDS_OF_CHANGE[(now > former) - (now < former)]


def _trend(possible: list[Fraction], count: int) -> dict[str, Fraction | None]:
    if len(possible) < 2 * count:
        return dict.fromkeys(("last_window_rate", "previous_window_rate", "trend_change"))
    last, previous = (1 - sum(part, Fraction(0)) / count for part in (possible[-count:], possible[-2 * count : -count]))
    return {"last_window_rate": last, "previous_window_rate": previous, "trend_change": last - previous}


def _planned(own: list[Stay], sessions: dict[str, list[Session]], as_of: AsOf) -> int | None:
    """Days ahead in the school year; None for a student who is in no cohort any more. Every cohort has a plan."""
    if not any(stay.left in (None, as_of.day) for stay in own):
        return None
    year = school_year(as_of.day)
    return len(
        {
            session.day
            for stay in own
            if stay.left is None
            for session in sessions[stay.cohort]
            if session.is_in_calendar and session.day > as_of.day and school_year(session.day) == year
        }
    )


def _room(walk: Walk, planned: int | None) -> dict[str, Any]:
    """What may still be missed, found by adding one absence after the other until the label changes."""
    names = ("next_tier", "count_absences_to_next_tier", "count_absences_left_in_year", "best_reachable_rate")
    names += ("count_projected_units", "projected_missed_units")
    room: dict[str, Any] = {"count_planned_units": planned, **dict.fromkeys(names)}
    if walk.tier not in TIERS:
        return room
    if planned is not None:
        in_year = len(walk.possible) + planned
        room["best_reachable_rate"] = 1 - walk.missed / in_year
        room |= {"count_projected_units": in_year, "projected_missed_units": walk.missed / len(walk.possible) * in_year}
    place = TIERS.index(walk.tier)
    if place == len(TIERS) - 1:
        return room
    room["next_tier"] = TIERS[place + 1]
    more = 1
    while TIERS.index(walk.label(more, more)) <= place:
        more += 1
    room["count_absences_to_next_tier"] = more
    if planned is not None:
        left = 0
        while left < planned and TIERS.index(walk.label(left + 1, planned)) <= place:
            left += 1
        room["count_absences_left_in_year"] = left
    return room
