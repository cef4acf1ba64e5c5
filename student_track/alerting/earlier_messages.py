"""Messages of earlier days: which of them a new one answers in its thread, and what has become since of whom they told.

A reader who comes back to an old message sees there what is in hand and what is over, and is not called for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from student_track.alerting.digest import Digest
from student_track.alerting.due import parts_of
from student_track.alerting.episodes import ACKNOWLEDGED, ESCALATED, LEFT, RECOVERED, SNOOZED, Episode
from student_track.alerting.outbox import ESCALATION, RESOLVE, Delivery
from student_track.alerting.owners import Owners
from student_track.alerting.wording import short_day

LOOKED_AT = timedelta(days=30)
"""Older messages are left as they are."""

OVER, IN_HAND, HELD_BACK = "no longer the case", "in hand", "held back"
PASSED_ON, CLOSED = "passed on", "closed"
IN_THREADS = (RESOLVE, ESCALATION)
"""Kinds of messages that answer an earlier one where they can."""


@dataclass(frozen=True)
class Change:
    """What has become of one student of a message: in a word for the count, and in words of the student's own."""

    student_key: str
    word: str
    text: str


@dataclass(frozen=True)
class Update:
    """An earlier message, and the changes to be written into it."""

    of: Delivery
    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many students came to what, the most first."""
        return dict(Counter(change.word for change in self.changes).most_common())


def in_their_threads(made: Iterable[Digest], sent: Sequence[Delivery], owners: Owners) -> list[Digest]:
    """Return the messages, those with a thread in it: ``sent`` are earlier messages, latest last.

    What only tells of recoveries answers the message that told of the students; an escalation answers the owner's own
    where both people are told in one channel, and mentions who is to look now.
    """
    return [_in_its_thread(one, sent, owners) if one.kind in IN_THREADS else one for one in made]


def updates(sent: Iterable[Delivery], episodes: Mapping[str, Episode]) -> list[Update]:
    """Return the messages of which anything has changed for a student since; ``episodes`` by their key."""
    made = []
    for delivery in sent:
        told = [episodes[key] for key in _keys(delivery.episodes) if key in episodes]
        students = sorted({episode.student_key for episode in told})
        found = [_change([one for one in told if one.student_key == key]) for key in students]
        if changes := tuple(change for change in found if change):
            made.append(Update(delivery, changes))
    return made


def _in_its_thread(made: Digest, sent: Sequence[Delivery], owners: Owners) -> Digest:
    about = set(_keys(made.episodes))
    told = [one for one in reversed(sent) if about & set(_keys(one.episodes))]
    if made.kind == RESOLVE:
        return replace(made, answers=next((one for one in told if one.owner == made.owner), None))
    answered, place = next(iter(told), None), owners.place_of(made.owner)
    if answered is None or place is None or place.channel is None or place.channel != answered.channel:
        return made
    return replace(made, answers=answered, mentions=place.user or "")


def _keys(references: Iterable[str]) -> list[str]:
    return [parts_of(reference)[0] for reference in references]


def _change(told: Sequence[Episode]) -> Change | None:
    """What has become of a student whom a message told of; of several episodes the ones still open decide."""
    still_open = [episode for episode in told if episode.is_open]
    if not still_open:
        return _closed(max(told, key=lambda episode: episode.state_since_date))
    return next((change for episode in still_open if (change := _open(episode))), None)


def _closed(episode: Episode) -> Change:
    if episode.cause == RECOVERED:
        return Change(episode.student_key, OVER, f"no longer the case since {short_day(episode.state_since_date)}")
    text = "has left" if episode.cause == LEFT else "closed"
    return Change(episode.student_key, CLOSED, f"{text}, {short_day(episode.state_since_date)}")


def _open(episode: Episode) -> Change | None:
    key, since = episode.student_key, short_day(episode.state_since_date)
    if episode.state == ACKNOWLEDGED:
        return Change(key, IN_HAND, f"in hand since {since}")
    if episode.state == SNOOZED and episode.snoozed_until_date:
        return Change(key, HELD_BACK, f"held back until {short_day(episode.snoozed_until_date)}")
    if episode.state == ESCALATED:
        return Change(key, PASSED_ON, f"nobody has answered; the {episode.escalated_to} was told {since}")
    return None
