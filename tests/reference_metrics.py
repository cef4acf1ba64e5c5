"""What the metrics must say, in plain Python and fractions: written from the meaning, sharing no code with the package.

Everything is recomputed from scratch and by counting up, so nothing here is fast and nothing is clever.
"""

from datetime import date, timedelta
from fractions import Fraction
from math import comb
from typing import NamedTuple

from tests.plain_school import Action, Enrolment, Record, School, Session

TIERS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic")
Key = tuple[str, str, str]
"""Student, scope (school or cohort), cohort (empty for the school)."""


class Step(NamedTuple):
    """One rung of the ladder: due from a tier (or a worse one) or a number of absences."""

    name: str
    tier: str | None
    absences: int | None
    kinds: tuple[str, ...]
    within: int


class Rules(NamedTuple):
    """The policy, as numbers; ``own`` holds other rules of cohorts, in force at the as-of date."""

    unit: str
    blank_mark: str
    possible_from: Fraction
    absence_from: Fraction
    closes_after: int
    limits: tuple[Fraction, Fraction, Fraction]
    tier_from: int
    window: int
    above_unknown: Fraction
    early_units: int
    early_absences: int
    trend: int
    attention_tiers: tuple[str, ...]
    attention_streak: int
    is_limit_worse: bool
    weekday_chance: Fraction
    ladder: tuple[Step, ...]
    least_group: int
    own: dict[str, "Rules"]


class Unit(NamedTuple):
    """One expected unit of a student."""

    day: date
    is_possible: bool
    missed: Fraction
    is_absence: bool


def student_metrics(school: School, rules: Rules, as_of: date) -> dict[Key, dict[str, object]]:
    """Return the metrics of every student and scope; dates are those of the sessions given."""
    start = min(session.day for session in school.sessions)
    before = _standings_before(school, rules, as_of, start)
    week_before = _standings_before(school, rules, as_of - timedelta(days=6), start)
    windows = windows_at(school, rules, as_of)
    rows = {}
    for key, own in _in_scopes(windows, start).items():
        units, rule = units_of(school, rules, key, own, start, as_of), rules.own.get(key[2], rules)
        row = rows[key] = {
            **_status(own, as_of),
            **_sessions(expected_of(school, rules, key, own, start, as_of)),
            **_measures(units, rule),
            **_room(school, rule, units, own, as_of),
            "absence_weekday": _weekday(units, rules.weekday_chance),
            "units_by_weekday": _by_weekday(units),
            "tier_history": _tier_history(units, rule),
        }
        nothing = ("too_early", False)
        row |= _changes(row["tier"], before.get(key, nothing)[0], week_before.get(key, nothing)[0])
        row["needs_attention_week_before"] = week_before.get(key, nothing)[1]
        _add_attention(row, units, rule)
        row |= _missing_rungs(school.actions, rule, units, key[0], as_of, row["status"] == "enrolled")
    _add_positions(rows, rules.least_group)
    return rows


def _standings_before(school: School, rules: Rules, day: date, start: date) -> dict[Key, tuple[str, bool]]:
    """Tier, and whether attention was asked for, as of the latest school day before the date; none at the start."""
    days = [s.day for s in school.sessions if start <= s.day < day and s.is_taken and not s.is_cancelled]
    return _standings(school, rules, max(days), start) if days else {}


def _changes(tier: object, former: str, of_week: str) -> dict[str, object]:
    return {
        "previous_tier": former,
        "tier_change": _change(tier, former),
        "previous_week_tier": of_week,
        "tier_change_in_week": _change(tier, of_week),
    }


def _missing_rungs(
    actions: list[Action] | None, rules: Rules, units: list[Unit], student: str, as_of: date, is_enrolled: bool
) -> dict[str, object]:
    """Walk back from the last unit as long as the rung is due; then look for an action since."""
    if actions is None or not units or not is_enrolled:
        return {"missing_rungs": None, "missing_rung_due_date": None}
    missing = []
    for step in rules.ladder:
        first = len(units)
        while first > 0 and _is_due(step, units[:first], rules):
            first -= 1
        later = len(units) - first - 1
        taken = [
            action
            for action in actions
            if action.student == student
            and action.kind in step.kinds
            and units[min(first, len(units) - 1)].day <= action.day <= as_of
        ]
        if first < len(units) and later > step.within and not taken:
            missing.append((step.name, units[first].day))
    return {
        "missing_rungs": ",".join(name for name, _ in missing),
        "missing_rung_due_date": min((day for _, day in missing), default=None),
    }


def _is_due(step: Step, units: list[Unit], rules: Rules) -> bool:
    if step.absences is not None:
        return sum(unit.is_absence for unit in units) >= step.absences
    tier = tier_of(units, rules)
    return tier in TIERS and TIERS.index(tier) >= TIERS.index(step.tier)


def _weekday(units: list[Unit], limit: Fraction) -> int | None:
    """The weekday with more absences than chance explains: exact counting of the ways there are."""
    possible = [unit for unit in units if unit.is_possible]
    days = sorted({unit.day.isoweekday() for unit in possible})
    absent = [unit for unit in possible if unit.is_absence]
    found = []
    for day in days:
        of_day = sum(unit.day.isoweekday() == day for unit in possible)
        absent_then = sum(unit.day.isoweekday() == day for unit in absent)
        ways = sum(
            comb(len(absent), number) * comb(len(possible) - len(absent), of_day - number)
            for number in range(absent_then, min(of_day, len(absent)) + 1)
        )
        chance = Fraction(ways, comb(len(possible), of_day))
        above = Fraction(absent_then) - Fraction(len(absent) * of_day, len(possible))
        if absent_then > 1 and above > 0 and chance * len(days) <= limit:
            found.append((above, -day))
    return -max(found)[1] if found else None


def _by_weekday(units: list[Unit]) -> list[dict[str, object]] | None:
    found = [
        (day, [unit for unit in units if unit.is_possible and unit.day.isoweekday() == day]) for day in range(1, 8)
    ]
    return [
        {"weekday": day, "missed_units": float(sum(unit.missed for unit in own)), "count_possible_units": len(own)}
        for day, own in found
        if own
    ] or None


def _tier_history(units: list[Unit], rules: Rules) -> list[dict[str, object]] | None:
    """The units whose label is not that of the unit before, with the counts up to each."""
    says = [tier_of(units[: number + 1], rules) for number in range(len(units))]
    history = []
    for number, tier in enumerate(says):
        if number == 0 or says[number - 1] != tier:
            possible = [unit for unit in units[: number + 1] if unit.is_possible]
            history.append(
                {
                    "unit_number": number + 1,
                    "since_date": units[number].day,
                    "tier": tier,
                    "missed_units": float(sum(unit.missed for unit in possible)),
                    "count_possible_units": len(possible),
                }
            )
    return history or None


def _add_positions(rows: dict[Key, dict[str, object]], least: int) -> None:
    """The share of the other enrolled students of the cohort whose rate is lower."""
    for (_, scope, cohort), row in rows.items():
        others = [
            other["attendance_rate"]
            for (_, other_scope, other_cohort), other in rows.items()
            if (other_scope, other_cohort) == (scope, cohort)
            and other["status"] == "enrolled"
            and other["attendance_rate"] is not None
        ]
        is_shown = scope == "cohort" and row["status"] == "enrolled" and row["attendance_rate"] is not None
        lower = sum(rate < row["attendance_rate"] for rate in others) if is_shown else 0
        is_shown = is_shown and len(others) >= max(least, 2)
        row["position_in_cohort_share"] = Fraction(lower, len(others) - 1) if is_shown else None


def windows_at(school: School, rules: Rules, as_of: date) -> list[Enrolment]:
    """Return the enrolments with their dates as they are known at the as-of date; a null last date is open."""
    place = {session.session_id: session for session in school.sessions}
    seen = []
    for stay in school.enrolments:
        if stay.first and stay.first > as_of:
            continue
        marked = sorted(
            place[mark.session_id].day
            for mark in [*school.records, *school.spoiled]
            if mark.student == stay.student and place[mark.session_id].cohort == stay.cohort
        )
        marked = [day for day in marked if day <= as_of and (not stay.first or day >= stay.first)]
        usable = sorted(
            place[mark.session_id].day
            for mark in school.records
            if mark.student == stay.student and place[mark.session_id].cohort == stay.cohort
        )
        usable = [day for day in usable if day <= as_of]
        first = stay.first or (usable[0] if usable else None)
        last = stay.last if stay.last and stay.last <= as_of else None
        if last is None and not stay.is_end_declared and marked:
            later = [
                s
                for s in school.sessions
                if s.cohort == stay.cohort and s.is_taken and not s.is_cancelled and marked[-1] < s.day <= as_of
            ]
            last = marked[-1] if len(later) >= rules.closes_after else None
        if first is None and stay.source != "roster":
            continue
        seen.append(stay._replace(first=first, last=last))
    return seen


def expected_of(
    school: School, rules: Rules, key: Key, own: list[Enrolment], start: date, as_of: date
) -> list[tuple[Session, Record | None]]:
    """Return the expected sessions with the record that makes them known, or None; blanks become records."""
    marks = {mark.session_id: mark for mark in school.records if mark.student == key[0]}
    spoiled = {mark.session_id for mark in school.spoiled if mark.student == key[0]}
    expected = []
    for session in sorted(school.sessions, key=lambda s: (s.day, len(s.period), s.period, s.cohort)):
        is_own = any(
            stay.cohort == session.cohort
            and stay.first
            and stay.first <= session.day
            and (stay.last is None or session.day <= stay.last)
            for stay in own
        )
        if not is_own or session.is_cancelled or not start <= session.day <= as_of:
            continue
        mark = marks.get(session.session_id)
        if mark is not None and not mark.counts_in_rate:
            continue
        is_taken = session.is_taken or (rules.blank_mark != "unknown" and session.is_in_sheet)
        if rules.blank_mark != "unknown" and mark is None and is_taken and session.session_id not in spoiled:
            mark = Record(key[0], session.session_id, Fraction(rules.blank_mark == "absent"))
        expected.append((session._replace(is_taken=is_taken), mark))
    return expected


def units_of(school: School, rules: Rules, key: Key, own: list[Enrolment], start: date, as_of: date) -> list[Unit]:
    """Return the units in order."""
    groups: dict[object, list[Record | None]] = {}
    for session, mark in expected_of(school, rules, key, own, start, as_of):
        group = session.day if rules.unit == "day" else (session.day, session.session_id)
        groups.setdefault(group, []).append(mark)
    units = []
    for group, marks in groups.items():
        known = [mark for mark in marks if mark is not None]
        is_possible = bool(known) and Fraction(len(known), len(marks)) >= rules.possible_from
        missed = sum((mark.missed for mark in known), Fraction(0)) / len(known) if is_possible else Fraction(0)
        day = group if isinstance(group, date) else group[0]
        units.append(Unit(day, is_possible, missed, is_possible and missed >= rules.absence_from))
    return units


def tier_of(units: list[Unit], rules: Rules) -> str:
    """Return the tier after the units."""
    possible = [unit for unit in units if unit.is_possible]
    if len(possible) < rules.tier_from:
        return "too_early"
    last = units[-rules.window :]
    unknown = [unit for unit in last if not unit.is_possible]
    if len(last) >= rules.tier_from and Fraction(len(unknown), len(last)) > rules.above_unknown:
        return "withheld"
    return _label(sum(unit.missed for unit in possible), len(possible), rules)


def _label(missed: Fraction, count_possible: int, rules: Rules) -> str:
    share = Fraction(missed) / count_possible
    return TIERS[sum(share >= limit if rules.is_limit_worse else share > limit for limit in rules.limits)]


def _in_scopes(windows: list[Enrolment], start: date) -> dict[Key, list[Enrolment]]:
    scopes: dict[Key, list[Enrolment]] = {}
    for stay in windows:
        if stay.last is None or stay.last >= start:
            scopes.setdefault((stay.student, "school", ""), []).append(stay)
            scopes.setdefault((stay.student, "cohort", stay.cohort), []).append(stay)
    return scopes


def _standings(school: School, rules: Rules, as_of: date, start: date) -> dict[Key, tuple[str, bool]]:
    found = {}
    for key, own in _in_scopes(windows_at(school, rules, as_of), start).items():
        units, rule = units_of(school, rules, key, own, start, as_of), rules.own.get(key[2], rules)
        found[key] = tier_of(units, rule), bool(units) and _reasons(units, rule) != ""
    return found


def _status(own: list[Enrolment], as_of: date) -> dict[str, object]:
    started = [stay for stay in own if stay.first]
    is_open = any(stay.last is None or stay.last >= as_of for stay in started)
    ends = [stay.last for stay in own if stay.last]
    return {
        "status": "enrolled" if is_open else "left" if started or ends else "not_started",
        "first_expected_date": min((stay.first for stay in started), default=None),
        "last_expected_date": None if is_open else max(ends, default=None),
    }


def _sessions(expected: list[tuple[Session, Record | None]]) -> dict[str, object]:
    known = [mark for _, mark in expected if mark is not None]
    missed = [mark for mark in known if mark.missed > 0]
    unknown = [session for session, mark in expected if mark is None]
    return {
        "count_expected_sessions": len(expected),
        "count_known_sessions": len(known),
        "count_sessions_not_taken": sum(not session.is_taken for session in unknown),
        "count_sessions_without_mark": sum(session.is_taken for session in unknown),
        "count_excused_sessions": sum(mark.is_excused for mark in missed),
        "count_unexcused_sessions": sum(not mark.is_excused for mark in missed),
        "count_tardy_sessions": sum(mark.is_tardy for mark in known),
        "coverage_share": Fraction(len(known), len(expected)) if expected else None,
    }


def _streak(units: list[Unit]) -> tuple[int, bool, date | None]:
    """Length, open?, first absence: walk back from the end to the last unit that was not an absence."""
    absences, has_unknown = [], False
    for unit in reversed(units):
        if unit.is_possible and not unit.is_absence:
            break
        if unit.is_absence:
            absences.append(unit.day)
        else:
            has_unknown = True
    return len(absences), bool(absences) and has_unknown, absences[-1] if absences else None


def _warns_early(units: list[Unit], rules: Rules) -> bool:
    count = sum(unit.is_absence for unit in units)
    return bool(units) and len(units) <= rules.early_units and count >= rules.early_absences


def _reasons(units: list[Unit], rules: Rules) -> str:
    reasons = {
        "tier": tier_of(units, rules) in rules.attention_tiers,
        "early_warning": _warns_early(units, rules),
        "streak": _streak(units)[0] >= rules.attention_streak,
    }
    return ",".join(name for name, holds in reasons.items() if holds)


def _since(units: list[Unit], says: list[object]) -> date | None:
    """The day of the first unit from which the value has stood to the end."""
    first = len(says)
    while first > 0 and says[first - 1] == says[-1]:
        first -= 1
    return units[first].day if units else None


def _measures(units: list[Unit], rules: Rules) -> dict[str, object]:
    possible = [unit for unit in units if unit.is_possible]
    missed = sum((unit.missed for unit in possible), Fraction(0))
    so_far = [units[: number + 1] for number in range(len(units))]
    streak, is_open, started = _streak(units)
    return {
        "count_expected_units": len(units),
        "count_possible_units": len(possible),
        "count_unknown_units": len(units) - len(possible),
        "missed_units": missed,
        "attendance_rate": 1 - missed / len(possible) if possible else None,
        "count_absences": sum(unit.is_absence for unit in units),
        "count_absences_in_first_units": sum(unit.is_absence for unit in units[: rules.early_units]),
        "tier": tier_of(units, rules),
        "tier_since_date": _since(units, [tier_of(part, rules) for part in so_far]),
        "has_early_warning": _warns_early(units, rules),
        "count_streak_units": streak,
        "is_streak_open": is_open,
        "streak_start_date": started,
        "count_longest_streak_units": max((_streak(part)[0] for part in so_far), default=0),
        "last_absence_date": max((unit.day for unit in units if unit.is_absence), default=None),
        "last_present_date": max((unit.day for unit in possible if not unit.is_absence), default=None),
        **_trend(possible, rules.trend),
    }


def _trend(possible: list[Unit], count: int) -> dict[str, object]:
    if len(possible) < 2 * count:
        return {"last_window_rate": None, "previous_window_rate": None, "trend_change": None}
    last = 1 - sum(unit.missed for unit in possible[-count:]) / count
    previous = 1 - sum(unit.missed for unit in possible[-2 * count : -count]) / count
    return {"last_window_rate": last, "previous_window_rate": previous, "trend_change": last - previous}


def _room(school: School, rules: Rules, units: list[Unit], own: list[Enrolment], as_of: date) -> dict[str, object]:
    """Count up: one more absence after the other, until the label changes."""
    room = dict.fromkeys(
        (
            "next_tier",
            "count_absences_to_next_tier",
            "count_absences_left_in_year",
            "best_reachable_rate",
            "count_projected_units",
            "projected_missed_units",
        )
    )
    planned = _planned(school, rules, own, as_of)
    room["count_planned_units"] = planned
    tier = tier_of(units, rules)
    if tier not in TIERS:
        return room
    possible = [unit for unit in units if unit.is_possible]
    missed, count = sum(unit.missed for unit in possible), len(possible)
    if planned is not None:
        room["best_reachable_rate"] = 1 - Fraction(missed) / (count + planned)
        room["count_projected_units"] = count + planned
        room["projected_missed_units"] = missed + Fraction(missed) / count * planned
    if tier == TIERS[-1]:
        return room
    worse = TIERS[TIERS.index(tier) + 1 :]
    room["next_tier"] = worse[0]
    more = 1
    limit = rules.limits[TIERS.index(worse[0]) - 1]
    while limit < 1 and _label(missed + more, count + more, rules) not in worse:
        more += 1
    room["count_absences_to_next_tier"] = more if limit < 1 else None
    if planned is not None:
        fits = [extra for extra in range(planned + 1) if _label(missed + extra, count + planned, rules) not in worse]
        room["count_absences_left_in_year"] = max(fits)
    return room


def _planned(school: School, rules: Rules, own: list[Enrolment], as_of: date) -> int | None:
    """None where the plan is not known for every cohort the student is in today; a last day leaves nothing ahead."""
    enrolled = {stay.cohort for stay in own if stay.first and stay.last in (None, as_of)}
    cohorts = {stay.cohort for stay in own if stay.first and stay.last is None}
    plan = [session for session in school.sessions if session.is_in_calendar]
    if not enrolled or not enrolled <= {session.cohort for session in plan}:
        return None
    ahead = [s for s in plan if s.cohort in cohorts and s.day > as_of and not s.is_cancelled]
    return len({s.day if rules.unit == "day" else s.session_id for s in ahead})


def _change(tier: object, former: str) -> str:
    if tier not in TIERS:
        return "none"
    if former not in TIERS:
        return "first"
    step = TIERS.index(tier) - TIERS.index(former)
    return "worse" if step > 0 else "better" if step < 0 else "same"


def _add_attention(row: dict[str, object], units: list[Unit], rules: Rules) -> None:
    so_far = [_reasons(units[: number + 1], rules) for number in range(len(units))]
    asks = bool(so_far) and so_far[-1] != "" and row["status"] == "enrolled"
    row["needs_attention"] = asks
    row["attention_reasons"] = so_far[-1] if asks else ""
    row["needs_attention_since_date"] = _since(units, [reasons != "" for reasons in so_far]) if asks else None
