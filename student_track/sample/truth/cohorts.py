"""True metrics of cohorts and the school, added up from their students and registers."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from student_track.sample.calendar import school_year
from student_track.sample.truth.records import Session, TrueSchool
from student_track.sample.truth.students import Expected, TrueStudent, count_sessions
from student_track.sample.truth.walk import TIERS, AsOf, Unit

OF_YEAR = (
    *(f"count_{tier}" for tier in (*TIERS, "too_early", "withheld")),
    "count_needs_attention",
    "count_new_attention",
    "count_needs_attention_week_before",
    "count_new_attention_in_week",
)
Group = tuple[str, str, str, str]
"""Scope, cohort (empty for the school), kind of period, its value."""


class TrueCohorts:
    """Rows of every cohort and of the school, by period; students are added one after the other."""

    def __init__(self, school: TrueSchool, as_of: AsOf) -> None:
        self.as_of = as_of
        self.counts: dict[Group, dict[str, Any]] = {}
        self.missed: dict[Group, Fraction] = defaultdict(Fraction)
        self.since: dict[Group, date] = {}
        self.periods: dict[date, tuple[tuple[str, str], ...]] = {}
        self.rates: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for cohort, sessions in school.sessions.items():
            for session in sessions:
                if as_of.start <= session.day <= as_of.day and not session.is_cancelled:
                    self._add_register(cohort, session)

    def add(self, student: TrueStudent) -> None:
        """Count a student in the school and in each own cohort."""
        seen = set()
        for scope, expected in student.expected.items():
            for group, own in self._by_period(scope, expected):
                seen.add(group)
                self._add(group, {name: n for name, n in count_sessions(own).items() if name in self.counts[group]})
            for unit in student.units[scope]:
                self._add_unit(scope, unit)
        for group in seen:
            self._add(group, {"count_students": 1})
        if ("school", "") in student.rows:
            self._add_tier(student)
        for (scope, cohort), row in student.rows.items():
            if scope == "cohort" and row["status"] == "enrolled" and row["attendance_rate"] is not None:
                self.rates[cohort][student.number] = row["attendance_rate"]

    def rows(self) -> dict[Group, dict[str, Any]]:
        """Return the rows; rates are null where nothing is possible, tiers where the period is not the year."""
        return {group: self._row(group, dict(counts)) for group, counts in self.counts.items()}

    def positions(self, least_group: int) -> dict[tuple[str, str], Fraction]:
        """Return the share of the other enrolled students with a lower rate, by cohort and student.

        Those without a rate, and cohorts of fewer than the least group, are left out.
        """
        return {
            (cohort, number): Fraction(sum(other < rate for other in rates.values()), len(rates) - 1)
            for cohort, rates in self.rates.items()
            if len(rates) >= max(least_group, 2)
            for number, rate in rates.items()
        }

    def _row(self, group: Group, row: dict[str, Any]) -> dict[str, Any]:
        expected, possible = row["count_expected_sessions"], row["count_possible_units"]
        row["coverage_share"] = Fraction(row["count_known_sessions"], expected) if expected else None
        row["missed_units"] = self.missed[group]
        row["attendance_rate"] = 1 - self.missed[group] / possible if possible else None
        row["longest_attention_since_date"] = self.since.get(group)
        if group[2] != "year_to_date":
            row |= dict.fromkeys(OF_YEAR)
        return {"as_of_date": self.as_of.day, "school_year": school_year(self.as_of.day), **row}

    def _periods(self, day: date) -> tuple[tuple[str, str], ...]:
        if day not in self.periods:
            self.periods[day] = self._periods_of(day)
        return self.periods[day]

    def _periods_of(self, day: date) -> tuple[tuple[str, str], ...]:
        year, week, _ = day.isocalendar()
        return (
            ("year_to_date", str(school_year(self.as_of.day))),
            ("month", f"{day:%Y-%m}"),
            ("week", f"{year}-W{week:02d}"),
            ("weekday", str(day.isoweekday())),
        )

    def _groups(self, scope: tuple[str, str], day: date) -> list[Group]:
        return [(*scope, *period) for period in self._periods(day)]

    def _by_period(self, scope: tuple[str, str], expected: Expected) -> list[tuple[Group, Expected]]:
        own: dict[Group, Expected] = {}
        for session, mark in expected:
            for group in self._groups(scope, session.day):
                own.setdefault(group, []).append((session, mark))
        return list(own.items())

    def _add_register(self, cohort: str, session: Session) -> None:
        for scope in (("school", ""), ("cohort", cohort)):
            for group in self._groups(scope, session.day):
                row = self.counts.setdefault(group, self._empty(session.day))
                row["period_start_date"] = min(row["period_start_date"], session.day)
                row["period_end_date"] = max(row["period_end_date"], session.day)
                self._add(group, {"count_sessions": 1, "count_sessions_taken": int(session.is_taken)})

    def _empty(self, day: date) -> dict[str, Any]:
        names = (
            *("count_sessions", "count_sessions_taken", "count_students"),
            *("count_expected_sessions", "count_known_sessions", "count_possible_units", "count_absences"),
            *("count_excused_sessions", "count_unexcused_sessions", "count_tardy_sessions"),
            *OF_YEAR,
        )
        return {**dict.fromkeys(names, 0), "period_start_date": day, "period_end_date": day}

    def _add(self, group: Group, counts: dict[str, int]) -> None:
        row = self.counts[group]
        for name, count in counts.items():
            row[name] += count

    def _add_unit(self, scope: tuple[str, str], unit: Unit) -> None:
        if unit.missed is None:
            return
        for group in self._groups(scope, unit.day):
            self._add(group, {"count_possible_units": 1, "count_absences": int(unit.is_absence)})
            if unit.missed:
                self.missed[group] += unit.missed

    def _add_tier(self, student: TrueStudent) -> None:
        """The tier of the whole school, counted in it and in every cohort the student is enrolled in."""
        whole = student.rows["school", ""]
        year = ("year_to_date", str(school_year(self.as_of.day)))
        for scope, row in student.rows.items():
            group = (*scope, *year)
            if row["status"] != "enrolled" or group not in self.counts:
                continue
            since = whole["needs_attention_since_date"]
            is_new = since == self.as_of.day
            before = whole["needs_attention_week_before"]
            counts = {
                f"count_{whole['tier']}": 1,
                "count_needs_attention": int(since is not None),
                "count_new_attention": int(is_new),
                "count_needs_attention_week_before": int(before),
                "count_new_attention_in_week": int(since is not None and not before),
            }
            self._add(group, counts)
            if since is not None:
                self.since[group] = min(since, self.since.get(group, since))
