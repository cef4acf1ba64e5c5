"""Which groups are hidden besides the small ones, so that no sum or difference of what is shown tells of a small one.

A figure of a group adds up over the group's cohorts and days. What is shown are sums of that kind: of the school and of
cohorts, by year, month, week and weekday. A small group's figure cannot be worked out from them where figures of single
days could be others and every sum shown the same: where some could be moved from one day to another, or from one cohort
to another, within hidden groups, so that the small group's figure changes. Groups are hidden until that is so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

SCHOOL, YEAR = "", "year_to_date"
Period = tuple[str, str]
"""Kind and value of a period, such as ("week", "2026-W38")."""
Group = tuple[str, Period]
"""Cohort (empty: the school) and period."""


@dataclass
class Complements:
    """Sizes of all groups, the small ones among them, and the periods that each day of each cohort falls into."""

    sizes: dict[Group, int]
    small: set[Group]
    calendars: dict[str, dict[date, frozenset[Period]]]
    least: int
    hidden_in_school: set[Period] = field(default_factory=set)
    without_year: set[str] = field(default_factory=set)
    without_parts: set[str] = field(default_factory=set)

    def hidden(self) -> set[Group]:
        """Return every group that is not to be shown, the small ones included."""
        self.hidden_in_school = {period for cohort, period in self.small if cohort == SCHOOL}
        if any(kind == YEAR for kind, _ in self.hidden_in_school):
            self.hidden_in_school = {period for cohort, period in self.sizes if cohort == SCHOOL}
        self.without_year = {cohort for cohort, (kind, _) in self.small if cohort != SCHOOL and kind == YEAR}
        self.without_parts = {cohort for cohort, _ in self.small if cohort != SCHOOL}
        self._hide_years_together()
        self._hide_parts_together()
        for cohort, period in sorted(self.small):
            if cohort == SCHOOL:
                self._protect_in_school(period)
            elif period[0] == YEAR:
                self._protect_year(cohort, period)
            else:
                self._protect_part(cohort, period)
        return self.small | {group for group in self.sizes if self._is_hidden(*group)}

    def _is_hidden(self, cohort: str, period: Period) -> bool:
        if cohort == SCHOOL:
            return period in self.hidden_in_school
        return cohort in (self.without_year if period[0] == YEAR else self.without_parts)

    def _smallest_first(self, period: Period, cohorts: Iterable[str]) -> list[str]:
        return sorted(cohorts, key=lambda cohort: (self.sizes.get((cohort, period), 0), cohort))

    def _hide_years_together(self) -> None:
        """The school less the cohorts shown is the hidden ones together: two or more of them, and no small group."""
        year = next((period for cohort, period in self.sizes if cohort == SCHOOL and period[0] == YEAR), None)
        others = self._smallest_first(year, set(self.calendars) - self.without_year) if year else []
        others = [cohort for cohort in others if self.sizes.get((cohort, year))]
        while self.without_year and (
            len(self.without_year) < 2 or self._together(self.without_year, year) < self.least
        ):
            if not others:
                self.hidden_in_school.add(year)
                break
            self.without_year.add(others.pop(0))
        self.without_parts |= self.without_year

    def _hide_parts_together(self) -> None:
        for period in sorted(period for cohort, period in self.sizes if cohort == SCHOOL):
            others = [cohort for cohort in self.calendars if self.sizes.get((cohort, period))]
            others = self._smallest_first(period, set(others) - self.without_parts)
            while 0 < self._together(self.without_parts, period) < self.least:
                if not others:
                    self.hidden_in_school.add(period)
                    break
                self.without_parts.add(others.pop(0))

    def _together(self, cohorts: Iterable[str], period: Period) -> int:
        return sum(self.sizes.get((cohort, period), 0) for cohort in cohorts)

    def _protect_year(self, cohort: str, year: Period) -> None:
        """Another cohort without a year, in session on one of the same days, could have had what this one had."""
        days = set(self.calendars[cohort])
        if any(days & set(self.calendars[other]) for other in self.without_year - {cohort}):
            return
        for other in self._smallest_first(year, set(self.calendars) - self.without_year):
            if days & set(self.calendars[other]):
                self.without_year.add(other)
                self.without_parts.add(other)
                return
        self._hide_in_school(self.calendars[cohort][min(days)])

    def _protect_part(self, cohort: str, period: Period) -> None:
        """Two days of the cohort, or two cohorts on the same days, could have changed places."""
        inside, outside = self._days(cohort, period)
        if self._cheapest_exchange(inside, outside) == frozenset():
            return
        if any(self._can_exchange(cohort, other, inside, outside) for other in self.without_parts - {cohort}):
            return
        for other in self._smallest_first(period, set(self.calendars) - self.without_parts):
            if self._can_exchange(cohort, other, inside, outside):
                self.without_parts.add(other)
                return
        exchange = self._cheapest_exchange(inside, outside)
        self._hide_in_school(self.calendars[cohort][min(inside)] if exchange is None else exchange)

    def _can_exchange(self, cohort: str, other: str, inside: dict, outside: dict) -> bool:
        """Whether both are in session on a day of the period, and on one outside it where a year of theirs is shown."""
        theirs = self.calendars[other].keys()
        are_free = {cohort, other} <= self.without_year
        return bool(inside.keys() & theirs) and (are_free or bool(outside.keys() & theirs))

    def _protect_in_school(self, period: Period) -> None:
        exchanges = []
        for cohort in sorted(self.without_parts):
            inside, outside = self._days(cohort, period)
            exchange = self._cheapest_exchange(inside, outside, period[0])
            exchanges += [] if exchange is None else [exchange]
        if exchanges:
            self._hide_in_school(min(exchanges, key=self._cost))
        else:
            self.hidden_in_school |= {own for cohort, own in self.sizes if cohort == SCHOOL}

    def _days(self, cohort: str, period: Period) -> tuple[dict[date, frozenset[Period]], dict[date, frozenset[Period]]]:
        """The cohort's days inside the period and outside it."""
        calendar = self.calendars[cohort]
        inside = {day: periods for day, periods in calendar.items() if period in periods}
        return inside, {day: periods for day, periods in calendar.items() if period not in periods}

    def _cheapest_exchange(self, inside: dict, outside: dict, kind: str = "") -> frozenset[Period] | None:
        """The school's periods still to be hidden so that a day inside and one outside lie in the same shown ones.

        None where there are no two such days. Of the kind, the day outside is not in a small period where that can be.
        """
        exchanges = list(self._exchanges(inside, outside, kind, is_large=True))
        exchanges = exchanges or list(self._exchanges(inside, outside, kind, is_large=False))
        return min(exchanges, key=self._cost, default=None)

    def _exchanges(self, inside: dict, outside: dict, kind: str, is_large: bool) -> Iterator[frozenset[Period]]:
        for of_inside in set(inside.values()):
            for of_outside in set(outside.values()):
                is_small = any(own[0] == kind and (SCHOOL, own) in self.small for own in of_outside)
                if not (is_large and is_small):
                    yield frozenset((of_inside ^ of_outside) - self.hidden_in_school)

    def _cost(self, periods: frozenset[Period]) -> tuple[int, int, list[Period]]:
        return len(periods), sum(self.sizes.get((SCHOOL, period), 0) for period in periods), sorted(periods)

    def _hide_in_school(self, periods: Iterable[Period]) -> None:
        self.hidden_in_school |= set(periods)
