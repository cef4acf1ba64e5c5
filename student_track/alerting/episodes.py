"""Episodes: what is remembered per student and rule, and what a new day makes of it. Plain values, no engine."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from student_track.alerting.standings import AlertDay, Standing

NEW, NOTIFIED, RESOLVED = "new", "notified", "resolved"
RECOVERED, LEFT, GONE, NO_RULE = "recovered", "left", "no longer in the sheet", "the rule was removed"
"""Causes of a resolution; only a recovery is told."""

Place = tuple[str, str]
"""Student and rule."""


@dataclass(frozen=True)
class Episode:
    """One stretch of days for which a rule held for a student."""

    student_key: str
    rule: str
    number: int
    state: str
    opened_date: date
    state_since_date: date
    owner: str | None = None
    cause: str = ""
    notified_date: date | None = None
    recovery_told_date: date | None = None
    snoozed_until_date: date | None = None

    @property
    def place(self) -> Place:
        return self.student_key, self.rule

    @property
    def is_open(self) -> bool:
        return self.state != RESOLVED

    @property
    def is_untold(self) -> bool:
        """Open, and nobody was told; or recovered after somebody was told, and the recovery was not."""
        if self.is_open:
            return self.notified_date is None
        return self.cause == RECOVERED and self.notified_date is not None and self.recovery_told_date is None

    @property
    def reference(self) -> str:
        """What a delivery says it tells of: ``student_key|rule|number``, with ``+`` for the recovery."""
        return f"{self.student_key}|{self.rule}|{self.number}{'' if self.is_open else '+'}"


def decide(
    remembered: Iterable[Episode],
    found: Iterable[Standing],
    rules: Iterable[str],
    owner_of_cohort: Mapping[str, str],
    day: AlertDay,
) -> list[Episode]:
    """Return the latest episode of every student and rule after the day; all as remembered where nothing is decided.

    Only enrolled students open one. A rule that cannot be decided on, and a student of a held cohort, stay as they
    are. The same day decided again gives the same.
    """
    latest = {episode.place: episode for episode in remembered}
    if not day.decides:
        return list(latest.values())
    standing_of = {standing.student_key: standing for standing in found}
    known = set(rules)
    after = {place: _after(episode, standing_of.get(place[0]), known, day) for place, episode in latest.items()}
    for standing in standing_of.values():
        for rule in sorted(standing.opens & known):
            before = after.get((standing.student_key, rule))
            if standing.is_enrolled and not standing.is_left_as_is and not (before and before.is_open):
                after[standing.student_key, rule] = _opened(standing.student_key, rule, before, day)
    return [_with_owner(episode, standing_of, owner_of_cohort) for episode in after.values()]


def changed(before: Iterable[Episode], after: Iterable[Episode]) -> list[Episode]:
    """Return the episodes that are new or differ."""
    former = set(before)
    return [episode for episode in after if episode not in former]


def transitions(before: Iterable[Episode], after: Iterable[Episode], rules: Iterable[str]) -> pd.DataFrame:
    """Return one row per rule: episodes opened, resolved, and open now."""
    open_before = {(episode.place, episode.number) for episode in before if episode.is_open}
    counts: dict[str, Counter[str]] = {rule: Counter() for rule in rules}
    for episode in after:
        was_open = (episode.place, episode.number) in open_before
        of_rule = counts.setdefault(episode.rule, Counter())
        of_rule["opened"] += episode.is_open and not was_open
        of_rule["resolved"] += was_open and not episode.is_open
        of_rule["open_now"] += episode.is_open
    columns = ["opened", "resolved", "open_now"]
    return pd.DataFrame([{"rule": rule, **{name: of[name] for name in columns}} for rule, of in counts.items()])


def _after(episode: Episode, standing: Standing | None, rules: set[str], day: AlertDay) -> Episode:
    cause = _cause_of_end(episode, standing, rules) if episode.is_open else None
    return _resolved(episode, cause, day) if cause else episode


def _cause_of_end(episode: Episode, standing: Standing | None, rules: set[str]) -> str | None:
    """Why an open episode ends; None where it does not."""
    if episode.rule not in rules:
        return NO_RULE
    if standing is None:
        return GONE
    if standing.is_left_as_is:
        return None
    if not standing.is_enrolled:
        return LEFT
    is_kept = episode.rule in standing.undecided or episode.rule in standing.stays
    return None if is_kept else RECOVERED


def _opened(student_key: str, rule: str, before: Episode | None, day: AlertDay) -> Episode:
    number = before.number + 1 if before else 1
    return Episode(student_key, rule, number, NEW, day.as_of_date, day.as_of_date, cause="the rule holds")


def _resolved(episode: Episode, cause: str, day: AlertDay) -> Episode:
    return replace(episode, state=RESOLVED, state_since_date=day.as_of_date, cause=cause)


def _with_owner(episode: Episode, standing_of: Mapping[str, Standing], owners: Mapping[str, str]) -> Episode:
    """An open episode belongs to who looks after the student now; a resolved one stays with whom was told."""
    standing = standing_of.get(episode.student_key)
    if not (episode.is_open and standing and standing.cohort):
        return episode
    return replace(episode, owner=owners.get(standing.cohort))
