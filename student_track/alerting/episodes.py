"""Episodes: what is remembered per student and rule, and what a new day makes of it. Plain values, no engine."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from student_track.alerting.signals import ACKNOWLEDGE, SNOOZE, Signal
from student_track.alerting.standings import AlertDay, Standing

NEW, NOTIFIED, ACKNOWLEDGED, SNOOZED, ESCALATED = "new", "notified", "acknowledged", "snoozed", "escalated"
RESOLVED = "resolved"
STATES = (NEW, NOTIFIED, ACKNOWLEDGED, SNOOZED, ESCALATED, RESOLVED)
HOLDS = "the rule holds"
RECOVERED, LEFT, GONE, NO_RULE = "recovered", "left", "no longer in the sheet", "the rule was removed"
"""Causes of a resolution; only a recovery is told."""

Place = tuple[str, str]
"""Student and rule."""


@dataclass(frozen=True)
class Episode:
    """One stretch of days for which a rule held for a student.

    ``notified_date`` is the as-of date of the message that asks for an answer, ``last_told_date`` that of the latest
    to the owner, ``told_level`` how bad it was then. ``transitions`` are lines ``as-of date|state|cause|run``; the run
    is added when they are written.
    """

    student_key: str
    rule: str
    number: int
    state: str
    opened_date: date
    state_since_date: date
    owner: str | None = None
    cause: str = ""
    notified_date: date | None = None
    last_told_date: date | None = None
    told_level: int | None = None
    escalated_to: str | None = None
    recovery_told_date: date | None = None
    snoozed_until_date: date | None = None
    decided_by: str | None = None
    transitions: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        return self.student_key, self.rule

    @property
    def key(self) -> str:
        """What the episode is called in a message's references: ``student_key|rule|number``."""
        return f"{self.student_key}|{self.rule}|{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state != RESOLVED

    @property
    def is_recovery_untold(self) -> bool:
        """Recovered after somebody was told, and the recovery was not told."""
        was_told = self.notified_date is not None and self.recovery_told_date is None
        return not self.is_open and self.cause == RECOVERED and was_told

    def moved(self, state: str, cause: str, on_date: date, **changes: object) -> "Episode":
        """Return the episode in another state, the transition noted with its date and cause."""
        noted = (*self.transitions, f"{on_date}|{state}|{cause}")
        return replace(self, **{"state_since_date": on_date, **changes}, state=state, cause=cause, transitions=noted)


def decide(
    remembered: Iterable[Episode],
    found: Iterable[Standing],
    rules: Iterable[str],
    owner_of_cohort: Mapping[str, str],
    day: AlertDay,
    signals: Iterable[Signal] = (),
) -> list[Episode]:
    """Return the latest episode of every student and rule after the day; all as remembered where nothing is decided.

    Only enrolled students open one. A rule that cannot be decided on, and a student of a held cohort, stay as they
    are, unless somebody has acknowledged or snoozed them. The same day decided again gives the same.
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
    asked = list(signals)
    heeded = [_heeding(episode, asked, day) for episode in after.values()]
    return [_with_owner(_decided_by(episode, day), standing_of, owner_of_cohort) for episode in heeded]


def rules_have_changed(remembered: Iterable[Episode], day: AlertDay) -> bool:
    """Return whether an open episode was last decided on by other rules, or another policy, than the day's."""
    return any(one.is_open and one.decided_by not in (None, day.decided_by) for one in remembered)


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
    opened = Episode(student_key, rule, number, NEW, day.as_of_date, day.as_of_date)
    return opened.moved(NEW, HOLDS, day.as_of_date)


def _resolved(episode: Episode, cause: str, day: AlertDay) -> Episode:
    return episode.moved(RESOLVED, cause, day.as_of_date)


def _heeding(episode: Episode, signals: list[Signal], day: AlertDay) -> Episode:
    """The episode after what people have asked for: a snooze that is not over, and above it an acknowledgement."""
    for signal in sorted(signals, key=lambda one: (one.kind == ACKNOWLEDGE, one.until_date or one.on_date)):
        if not (episode.is_open and signal.is_about(episode.student_key, episode.rule, episode.number)):
            continue
        if signal.kind == SNOOZE:
            episode = _snoozed(episode, signal, day)
        elif episode.state != ACKNOWLEDGED and signal.on_date >= (episode.notified_date or episode.opened_date):
            episode = episode.moved(ACKNOWLEDGED, f"acknowledged {signal.source}", day.as_of_date)
    return episode


def _snoozed(episode: Episode, signal: Signal, day: AlertDay) -> Episode:
    until = signal.until_date
    is_over = until is None or until < day.as_of_date
    is_known = episode.snoozed_until_date is not None and until is not None and until <= episode.snoozed_until_date
    if is_over or is_known or episode.state == ACKNOWLEDGED or not signal.is_after(episode.notified_date):
        return episode
    return episode.moved(SNOOZED, f"snoozed {signal.source}", day.as_of_date, snoozed_until_date=until)


def _decided_by(episode: Episode, day: AlertDay) -> Episode:
    return replace(episode, decided_by=day.decided_by) if episode.is_open else episode


def _with_owner(episode: Episode, standing_of: Mapping[str, Standing], owners: Mapping[str, str]) -> Episode:
    """An open episode belongs to who looks after the student now; a resolved one stays with whom was told."""
    standing = standing_of.get(episode.student_key)
    if not (episode.is_open and standing and standing.cohort):
        return episode
    return replace(episode, owner=owners.get(standing.cohort))
