"""What is to be said today, about which episode and to whom. Plain values, no engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from student_track.alerting.episodes import (
    ACKNOWLEDGED,
    ESCALATED,
    NEW,
    NOTIFIED,
    SNOOZED,
    Episode,
)
from student_track.alerting.owners import DEPUTY, LEAD, Owners
from student_track.alerting.rules import Rule
from student_track.alerting.standings import AlertDay, Standing

OPENED, WORSE, AGAIN, RECOVERY, ESCALATION = "opened", "worse", "again", "recovery", "escalation"
CHAIN = (DEPUTY, LEAD)
"""Who hears of an alert that nobody answers, in this order; after the last it stops."""

LEVEL, OVER, RAISED = "~", "+", "^"


@dataclass(frozen=True)
class Due:
    """One thing to say: what, of which episode, to whom; how bad it is, and of an escalation the role told."""

    episode: Episode
    what: str
    to: str
    level: int | None = None
    role: str = ""

    @property
    def reference(self) -> str:
        """What a delivery says it tells of: ``student_key|rule|number``, then ``~level``, ``+`` or ``^role``."""
        mark = OVER if self.what == RECOVERY else RAISED + self.role if self.what == ESCALATION else ""
        if not mark and self.level is not None:
            mark = f"{LEVEL}{self.level}"
        return f"{self.episode.key}{mark}"


def parts_of(reference: str) -> tuple[str, str]:
    """Return the key of the episode that a reference names, and the mark of what is said of it; often no mark."""
    mark = reference.rpartition("|")[2].lstrip("0123456789")
    return reference.removesuffix(mark), mark


def student_of(reference: str) -> str:
    """Return the ``student_key`` of the episode that a reference names."""
    return reference.partition("|")[0]


def due_today(
    episodes: Iterable[Episode],
    found: Iterable[Standing],
    rules: Mapping[str, Rule],
    owners: Owners,
    day: AlertDay,
) -> list[Due]:
    """Return all there is to say: nothing where the day decides nothing, of a held cohort, or without anybody to tell;
    nor of a rule that cannot be decided on, for what it says may no longer be so.

    An episode is said when it opens, again when it is worse than when last told, after the rule's repeat interval or
    when a snooze is over; a recovery once; and one that nobody answers to deputy and lead, each once.
    """
    standing_of = {standing.student_key: standing for standing in found} if day.decides else {}
    due = []
    for episode in episodes:
        standing, rule = standing_of.get(episode.student_key), rules.get(episode.rule)
        if standing is None or rule is None or not episode.owner or standing.leaves_as_is(episode.rule):
            continue
        to = owners.person(rule.tell, standing.cohort) or episode.owner
        what = what_to_tell(episode, standing, rule, day)
        if what:
            due.append(Due(episode, what, to, rule.level(standing.facts)))
        if raised := _escalation(episode, rule, owners, standing.cohort, day):
            due.append(Due(episode, ESCALATION, raised[1], role=raised[0]))
    return due


def what_to_tell(episode: Episode, standing: Standing, rule: Rule, day: AlertDay) -> str:
    """Return what the owner is to hear of an episode today; empty for nothing."""
    if not episode.is_open:
        return RECOVERY if episode.is_recovery_untold and rule.notify_on_recovery else ""
    if episode.state in (NEW, SNOOZED):
        return OPENED if episode.state == NEW else _after_snooze(episode, day)
    return "" if episode.last_told_date == day.as_of_date else _once_more(episode, standing, rule, day)


def _once_more(episode: Episode, standing: Standing, rule: Rule, day: AlertDay) -> str:
    """Why somebody who was told hears of it again."""
    if _is_worse(episode, rule.level(standing.facts), rule):
        return WORSE
    is_silent = rule.repeat_after_school_days is None or episode.state in (ACKNOWLEDGED, ESCALATED)
    if is_silent or episode.last_told_date is None:
        return ""
    return AGAIN if day.school_days_since(episode.last_told_date) >= rule.repeat_after_school_days else ""


def heard(episode: Episode, reference: str, told_on: date) -> Episode:
    """Return an episode after a sent message that tells of it; as it was where that is known, or long past."""
    _, mark = parts_of(reference)
    if mark == OVER:
        return episode if episode.recovery_told_date else replace(episode, recovery_told_date=told_on)
    if mark.startswith(RAISED):
        return _raised(episode, mark.removeprefix(RAISED), told_on)
    if episode.last_told_date and told_on <= episode.last_told_date:
        return episode
    level = int(mark.removeprefix(LEVEL)) if mark else None
    told = replace(episode, notified_date=episode.notified_date or told_on, last_told_date=told_on, told_level=level)
    if episode.state in (NEW, ACKNOWLEDGED, SNOOZED):
        cause = "told" if episode.state == NEW else f"told again after it was {episode.state}"
        return told.moved(NOTIFIED, cause, told_on, notified_date=told_on, escalated_to=None)
    return told


def _after_snooze(episode: Episode, day: AlertDay) -> str:
    is_over = episode.snoozed_until_date is not None and episode.snoozed_until_date < day.as_of_date
    return (AGAIN if episode.notified_date else OPENED) if is_over else ""


def _is_worse(episode: Episode, level: int | None, rule: Rule) -> bool:
    if rule.worsens is None or level is None or episode.told_level is None:
        return False
    return level - episode.told_level >= rule.worsens.by


def _escalation(episode: Episode, rule: Rule, owners: Owners, cohort: str, day: AlertDay) -> tuple[str, str] | None:
    """Role and person an unanswered episode goes to next; None where it is not due, or there is nobody above."""
    since = {NOTIFIED: episode.notified_date, ESCALATED: episode.state_since_date}.get(episode.state)
    if since is None or rule.escalate_after_school_days is None:
        return None
    if day.school_days_since(since) < rule.escalate_after_school_days:
        return None
    people = [(role, owners.person(role, cohort)) for role in CHAIN[_rank(episode.escalated_to) :]]
    return next(((role, person) for role, person in people if person and person != episode.owner), None)


def _raised(episode: Episode, role: str, told_on: date) -> Episode:
    is_past = episode.notified_date is None or told_on < episode.notified_date
    if is_past or _rank(role) <= _rank(episode.escalated_to):
        return episode
    if episode.state not in (NOTIFIED, ESCALATED):
        return replace(episode, escalated_to=role)
    return episode.moved(ESCALATED, f"nobody answered; {role} told", told_on, escalated_to=role)


def _rank(role: str | None) -> int:
    return CHAIN.index(role) + 1 if role in CHAIN else 0
