"""From digests to rows of the outbox: messages rendered and checked."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pyspark.sql import SparkSession

from student_track.alerting.context import Context
from student_track.alerting.delivery import Sent
from student_track.alerting.digest import Digest
from student_track.alerting.due import Due, student_of
from student_track.alerting.earlier_messages import Update
from student_track.alerting.episodes import Episode
from student_track.alerting.notices import Notice
from student_track.alerting.outbox import (
    FAILED,
    HELD,
    OPERATOR,
    OPERATORS,
    PENDING,
    SENT,
    SUPERSEDED,
    UPDATE,
    Delivery,
    delivery_id,
    read_deliveries,
)
from student_track.alerting.owners import Owners
from student_track.alerting.rendering import (
    Messages,
    Payload,
    render_digest,
    render_notice,
    render_operator,
    render_update,
    should_fit_slack,
)
from student_track.alerting.standings import STALE, AlertDay
from student_track.alerting.today import Today
from student_track.errors import CheckFailedError
from student_track.privacy.safe_text import LONGEST_NAME, one_line

MOST_COHORTS = 10
UNNAMED = ("none", "initials")
"""Choices under which no whole name may stand in a message."""

SHORTEST_TELLING_ID = 5


@dataclass(frozen=True)
class Sending:
    """How what is prepared is to be sent: the secret of its ids, is delivery on, the operators' channel, and when."""

    secret: bytes
    is_delivered: bool
    operator_channel: str
    at: datetime

    def state(self, owner: str) -> str:
        """Return ``pending``, or ``held`` where nothing is sent to that owner."""
        is_sent = self.is_delivered and (owner != OPERATORS or bool(self.operator_channel))
        return PENDING if is_sent else HELD


def prepare(today: Today, messages: Messages, context: Context, sending: Sending) -> list[Delivery]:
    """Return one delivery per digest and notice, and one per earlier message in which something is to be changed."""
    made = [_digest(one, messages, context, sending) for one in today.digests]
    made += [_notice(one, messages, context, sending) for one in today.notices]
    return made + [_update(one, messages, context, sending) for one in today.updates if sending.is_delivered]


def without_known_updates(spark: SparkSession, prepared: Collection[Delivery]) -> list[Delivery]:
    """Return what was prepared without the updates that were made before, or cannot be."""
    ids = [one.delivery_id for one in prepared if one.kind == UPDATE]
    known = {
        one.delivery_id
        for one in read_deliveries(spark, ids)
        if one.state == SENT or (one.state == FAILED and one.error != SUPERSEDED)
    }
    return [one for one in prepared if one.delivery_id not in known]


def is_news(delivery: Delivery) -> bool:
    """Return whether a delivery calls somebody: an earlier message that is changed in place does not."""
    return delivery.kind != UPDATE


def _digest(digest: Digest, messages: Messages, context: Context, sending: Sending) -> Delivery:
    made = _delivery(digest.kind, digest.owner, render_digest(messages, digest, context), context, sending)
    answered = digest.answers
    thread = {"channel": answered.channel, "target_ts": answered.slack_ts} if answered else {}
    return replace(made, episodes=digest.episodes, **thread)


def _notice(notice: Notice, messages: Messages, context: Context, sending: Sending) -> Delivery:
    made = _delivery(notice.kind, notice.owner, render_notice(messages, notice, context), context, sending)
    return replace(made, episodes=tuple(item.reference for item in notice.items))


def _update(update: Update, messages: Messages, context: Context, sending: Sending) -> Delivery:
    """The id follows from the message and what is written into it, not from the day: the same is written once."""
    of, payload = update.of, _as_text(render_update(messages, update, context))
    identity = delivery_id(sending.secret, PENDING, UPDATE, of.owner, of.as_of_date, f"{of.delivery_id}|{payload}")
    return Delivery(
        delivery_id=identity,
        as_of_date=context.as_of_date,
        kind=UPDATE,
        owner=of.owner,
        payload=payload,
        episodes=of.episodes,
        state=sending.state(of.owner),
        changed_at=sending.at,
        channel=of.channel,
        target_ts=of.slack_ts,
    )


def _delivery(kind: str, owner: str, payload: Payload, context: Context, sending: Sending, says: str = "") -> Delivery:
    state = sending.state(owner)
    identity = delivery_id(sending.secret, state, kind, owner, context.as_of_date, says)
    return Delivery(identity, context.as_of_date, kind, owner, _as_text(payload), (), state, sending.at)


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
    lines: Collection[str], messages: Messages, context: Context, sending: Sending, kind: str = OPERATOR
) -> list[Delivery]:
    """Return the one delivery to the operators; none where there is nothing to say. The same is said once a day."""
    if not lines:
        return []
    payload = render_operator(messages, lines, context, kind)
    made = _delivery(kind, OPERATORS, payload, context, sending, "\n".join(lines) * (kind == OPERATOR))
    should_fit_slack({made.delivery_id: payload})
    return [made]


def should_be_within_limits(deliveries: Iterable[Delivery]) -> None:
    """Every message is within Slack's limits, and every text in it is only a text."""
    should_fit_slack({delivery.delivery_id: json.loads(delivery.payload) for delivery in deliveries})


def should_tell_every_episode(deliveries: Iterable[Delivery], due: Iterable[Due], waiting: set[str]) -> None:
    """Everything there is to say stands in a message, unless the last one to that person is in doubt."""
    news = [delivery for delivery in deliveries if is_news(delivery)]
    told = {(delivery.owner, reference) for delivery in news for reference in delivery.episodes}
    untold = {(one.to, one.reference) for one in due if one.to not in waiting}
    if missing := untold - told:
        raise CheckFailedError(f"alert_outbox: {len(missing)} episodes stand in no message. Nothing was written.")


def should_name_nobody(
    deliveries: Iterable[Delivery], people: Mapping[str, tuple[str, str]], names_in_alerts: str
) -> None:
    """No message holds a student's id, nor a name of two words or more unless the school has chosen names."""
    for delivery in deliveries:
        students = {student_of(reference) for reference in delivery.episodes}
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
