"""From digests to rows of the outbox: messages rendered and checked."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from student_track.alerting.context import Context
from student_track.alerting.delivery import Sent
from student_track.alerting.digest import Digest
from student_track.alerting.due import Due
from student_track.alerting.episodes import Episode
from student_track.alerting.outbox import HELD, OPERATOR, OPERATORS, PENDING, SENT, Delivery, delivery_id
from student_track.alerting.owners import Owners
from student_track.alerting.rendering import Messages, Payload, render_digest, render_operator, should_fit_slack
from student_track.alerting.standings import STALE, AlertDay
from student_track.errors import CheckFailedError
from student_track.privacy.safe_text import LONGEST_NAME, one_line

MOST_COHORTS = 10
UNNAMED = ("none", "initials")
"""Choices under which no whole name may stand in a message."""

SHORTEST_TELLING_ID = 5


def prepare(
    told: Sequence[Digest], messages: Messages, context: Context, secret: bytes, is_delivered: bool, at: datetime
) -> list[Delivery]:
    """Return one delivery per digest: pending, or held where delivery is off."""
    state = PENDING if is_delivered else HELD
    return [
        Delivery(
            delivery_id=delivery_id(secret, state, digest.kind, digest.owner, context.as_of_date),
            as_of_date=context.as_of_date,
            kind=digest.kind,
            owner=digest.owner,
            payload=_as_text(render_digest(messages, digest, context)),
            episodes=digest.episodes,
            state=state,
            changed_at=at,
        )
        for digest in told
    ]


def heartbeat_lines(day: AlertDay, episodes: Iterable[Episode], is_quiet_day: bool) -> list[str]:
    """Return the one line that says the run ran, on a day with nothing new: silence is not mistaken for health."""
    if not (day.decides and is_quiet_day):
        return []
    still_open = {episode.student_key for episode in episodes if episode.is_open}
    return [f"Ran, nothing new. Students who still need attention: {len(still_open)}."]


def operator_lines(
    day: AlertDay,
    owners: Owners,
    episodes: Iterable[Episode],
    sent: Sent,
    in_doubt: int,
    others: Iterable[str] = (),
) -> list[str]:
    """Return what those who look after the run should know: counts and cohorts, nobody's name; often nothing."""
    lines = list(others)
    if day.undecided_because == STALE:
        lines.append(f"The data is old: the latest register is {day.age_days} days old. No alert was decided.")
    if unowned := {episode.student_key for episode in episodes if episode.is_open and not episode.owner}:
        cohorts = ", ".join(owners.cohorts_without[:MOST_COHORTS])
        lines.append(
            f"Students who need attention and have no owner to tell: {len(unowned)}. Cohorts without: {cohorts}."
        )
    if missing := sent.states.total() - sent.states[SENT]:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in sorted(sent.errors.items()))
        lines.append(f"Messages that were not delivered: {missing}. {reasons}.")
    if in_doubt:
        lines.append(
            f"Messages that may or may not have arrived: {in_doubt}. Their owners get no other until it is known."
        )
    return lines


def prepare_for_operators(
    lines: Collection[str],
    messages: Messages,
    context: Context,
    secret: bytes,
    is_delivered: bool,
    at: datetime,
    kind: str = OPERATOR,
) -> list[Delivery]:
    """Return the one delivery to the operators; none where there is nothing to say. The same is said once a day."""
    if not lines:
        return []
    state = PENDING if is_delivered else HELD
    payload = render_operator(messages, lines, context, kind)
    identity = delivery_id(secret, state, kind, OPERATORS, context.as_of_date, "\n".join(lines) * (kind == OPERATOR))
    should_fit_slack({identity: payload})
    return [Delivery(identity, context.as_of_date, kind, OPERATORS, _as_text(payload), (), state, at)]


def should_be_within_limits(deliveries: Iterable[Delivery]) -> None:
    """Every message is within Slack's limits, and every text in it is only a text."""
    should_fit_slack({delivery.delivery_id: json.loads(delivery.payload) for delivery in deliveries})


def should_tell_every_episode(deliveries: Iterable[Delivery], due: Iterable[Due], waiting: set[str]) -> None:
    """Everything there is to say stands in a message, unless the last one to that person is in doubt."""
    told = {(delivery.owner, reference) for delivery in deliveries for reference in delivery.episodes}
    untold = {(one.to, one.reference) for one in due if one.to not in waiting}
    if missing := untold - told:
        raise CheckFailedError(f"alert_outbox: {len(missing)} episodes stand in no message. Nothing was written.")


def should_name_nobody(
    deliveries: Iterable[Delivery], people: Mapping[str, tuple[str, str]], names_in_alerts: str
) -> None:
    """No message holds a student's id, nor a name of two words or more unless the school has chosen names."""
    for delivery in deliveries:
        students = {reference.split("|")[0] for reference in delivery.episodes}
        text = json.dumps(json.loads(delivery.payload), ensure_ascii=False)
        named = [student for student in students & set(people) if _is_in(text, people[student], names_in_alerts)]
        if named:
            raise CheckFailedError(
                f"alert_outbox: the message {delivery.delivery_id} names {len(named)} students. Nothing was written."
            )


def _is_in(text: str, person: tuple[str, str], names_in_alerts: str) -> bool:
    """Whether id or name stand in a text; an id that is part of a name the school has chosen to show does not count."""
    student_id, name = person
    may_name = names_in_alerts not in UNNAMED
    is_own_word = len(student_id) >= SHORTEST_TELLING_ID and not (may_name and student_id in name)
    has_id = is_own_word and re.search(rf"(?<!\w){re.escape(student_id)}(?!\w)", text) is not None
    return has_id or (not may_name and " " in name and one_line(name, LONGEST_NAME) in text)


def _as_text(payload: Payload) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True)
