"""One message per owner and day: who is in it, in order of need, and which episodes it tells of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from student_track.alerting.episodes import Episode
from student_track.alerting.outbox import DIGEST, SUMMARY
from student_track.alerting.standings import AlertDay, Standing


@dataclass(frozen=True)
class Entry:
    """A student in a message: the standing, was the owner told of the student before, and the rules it is about."""

    standing: Standing
    is_known: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Digest:
    """What an owner is told: students who need attention, those who recovered, how many more are still open."""

    kind: str
    owner: str
    entries: tuple[Entry, ...]
    recovered: tuple[Entry, ...]
    count_still_open: int
    episodes: tuple[str, ...]


def digests(
    episodes: Iterable[Episode],
    found: Iterable[Standing],
    told_before: set[str],
    in_doubt: set[str],
    day: AlertDay,
) -> list[Digest]:
    """Return the messages of the day, one per owner to whom there is anything to say that was not said yet.

    An owner who was never told anything (not in ``told_before``) gets one summary of the present state instead. An
    owner whose last message may or may not have arrived waits. Where the day decides nothing, nothing is said.
    """
    if not day.decides:
        return []
    standing_of = {standing.student_key: standing for standing in found}
    of_owner: dict[str, list[Episode]] = {}
    for episode in episodes:
        if episode.owner and episode.student_key in standing_of:
            of_owner.setdefault(episode.owner, []).append(episode)
    return [
        _digest(owner, own, standing_of, DIGEST if owner in told_before else SUMMARY)
        for owner, own in sorted(of_owner.items())
        if owner not in in_doubt and any(episode.is_untold for episode in own)
    ]


def _digest(owner: str, episodes: list[Episode], standing_of: Mapping[str, Standing], kind: str) -> Digest:
    open_now = [episode for episode in episodes if episode.is_open]
    untold = open_now if kind == SUMMARY else [episode for episode in open_now if episode.is_untold]
    students = {episode.student_key for episode in untold}
    recovered = [episode for episode in episodes if not episode.is_open and episode.is_untold]
    open_students = {episode.student_key for episode in open_now}
    return Digest(
        kind=kind,
        owner=owner,
        entries=_entries(untold, open_now, standing_of),
        recovered=_entries(recovered, open_now, standing_of),
        count_still_open=len(open_students - students),
        episodes=tuple(sorted(episode.reference for episode in (*untold, *recovered))),
    )


def _entries(said: list[Episode], open_now: list[Episode], standing_of: Mapping[str, Standing]) -> tuple[Entry, ...]:
    """One entry per student of the episodes said, in order of need."""
    known = {episode.student_key for episode in open_now if episode.notified_date is not None}
    rules: dict[str, list[str]] = {}
    for episode in said:
        rules.setdefault(episode.student_key, []).append(episode.rule)
    entries = [Entry(standing_of[key], key in known, tuple(sorted(names))) for key, names in rules.items()]
    return tuple(sorted(entries, key=lambda entry: entry.standing.need))
