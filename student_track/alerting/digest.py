"""One message per owner and day: who is in it, in order of need, and which episodes it tells of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from student_track.alerting import outbox
from student_track.alerting.due import ESCALATION, RECOVERY, Due
from student_track.alerting.episodes import ESCALATED, NOTIFIED, Episode
from student_track.alerting.outbox import DIGEST, RESOLVE, SUMMARY
from student_track.alerting.standings import Standing


@dataclass(frozen=True)
class Entry:
    """A student in a message: the standing, was the owner told of the student before, and the rules it is about."""

    standing: Standing
    is_known: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Digest:
    """What an owner is told: students who need attention, those who recovered, how many more are still open.

    ``answers`` is the earlier message in whose thread it is said; ``mentions`` Slack's id of who is called there.
    """

    kind: str
    owner: str
    entries: tuple[Entry, ...]
    recovered: tuple[Entry, ...]
    count_still_open: int
    episodes: tuple[str, ...]
    is_after_change: bool = False
    answers: outbox.Delivery | None = None
    mentions: str = ""


def digests(
    due: Iterable[Due],
    episodes: Iterable[Episode],
    found: Iterable[Standing],
    told_before: set[str],
    in_doubt: set[str],
    is_after_change: bool = False,
) -> list[Digest]:
    """Return the messages of the day, one per person and kind to whom there is anything to say.

    An owner who was never told anything (not in ``told_before``) gets one summary of the present state instead, and so
    does everybody on the first day of other rules or another policy. One whose last message may or may not have arrived
    waits.
    """
    standing_of = {standing.student_key: standing for standing in found}
    open_of: dict[str, list[Episode]] = {}
    for episode in episodes:
        if episode.owner and episode.is_open and episode.student_key in standing_of:
            open_of.setdefault(episode.owner, []).append(episode)
    said: dict[tuple[str, str], list[Due]] = {}
    for one in due:
        if one.to not in in_doubt:
            said.setdefault((one.to, _kind(one, set() if is_after_change else told_before)), []).append(one)
    made = [
        _digest(kind, to, several, open_of.get(to, []), standing_of) for (to, kind), several in sorted(said.items())
    ]
    return [replace(one, is_after_change=one.owner in told_before and one.kind == SUMMARY) for one in made]


def _kind(due: Due, told_before: set[str]) -> str:
    if due.what == ESCALATION:
        return outbox.ESCALATION
    return DIGEST if due.to in told_before else SUMMARY


def _digest(
    kind: str, to: str, said: list[Due], open_now: list[Episode], standing_of: Mapping[str, Standing]
) -> Digest:
    """One message; a summary tells of everything open, and so of what it need not say again."""
    recovered = [one for one in said if one.what == RECOVERY]
    untold = [one for one in said if one.what != RECOVERY]
    told = {one.episode for one in untold}
    also = [
        one
        for one in open_now
        if kind == SUMMARY
        and one not in told
        and one.state in (NOTIFIED, ESCALATED)
        and not standing_of[one.student_key].leaves_as_is(one.rule)
    ]
    students = {episode.student_key for episode in (*told, *also)}
    return Digest(
        kind=RESOLVE if kind == DIGEST and not students else kind,
        owner=to,
        entries=_entries([*(one.episode for one in untold), *also], open_now, standing_of),
        recovered=_entries([one.episode for one in recovered], open_now, standing_of),
        count_still_open=len({episode.student_key for episode in open_now} - students),
        episodes=tuple(sorted(one.reference for one in said)),
    )


def _entries(said: list[Episode], open_now: list[Episode], standing_of: Mapping[str, Standing]) -> tuple[Entry, ...]:
    """One entry per student of the episodes said, in order of need."""
    known = {episode.student_key for episode in open_now if episode.notified_date is not None}
    rules: dict[str, list[str]] = {}
    for episode in said:
        rules.setdefault(episode.student_key, []).append(episode.rule)
    entries = [Entry(standing_of[key], key in known, tuple(sorted(names))) for key, names in rules.items()]
    return tuple(sorted(entries, key=lambda entry: entry.standing.need))
