"""From the outbox to Slack: what is in doubt is looked up first, and nothing is posted that may be there already."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from pyspark.sql import SparkSession

from student_track.alerting import memory
from student_track.alerting.outbox import (
    CLAIMED,
    FAILED,
    IN_DOUBT,
    PENDING,
    SENT,
    SUPERSEDED,
    TO_OPERATORS,
    UNKNOWN,
    Delivery,
    claim,
    read_outbox,
    write,
)
from student_track.alerting.owners import Owners, Place
from student_track.alerting.slack import LONGEST_WAIT_SECONDS, Clock, Slack
from student_track.alerting.slack_answers import TOKEN_REFUSED, Answer, CannotDeliverError
from student_track.errors import InputError, OutsideServiceError

MAY_STILL_ARRIVE = timedelta(seconds=120)
"""For so long after an attempt, a message that is not in the channel may still turn up there."""

LATE_ARRIVALS = timedelta(days=2)
"""For so long a message that was tried twice is looked for a second time."""

HISTORY_BEFORE = timedelta(seconds=60)
NO_PLACE = "no_channel_and_no_email"


@dataclass
class Sent:
    """What became of the messages of a run, counted by state, and why some were not delivered."""

    states: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Count deliveries by state and error."""
        for delivery in deliveries:
            self.states[delivery.state] += 1
            if delivery.error:
                self.errors[delivery.error] += 1


def settle(spark: SparkSession, slack: Slack | None, clock: Clock, run_id: str) -> int:
    """Look up what earlier runs may have sent, remember what they told, and return how many stay in doubt.

    A message found in the channel is sent; one that is not, and can no longer arrive, is pending again. Without
    delivery nothing is asked, and what is in doubt stays so. A message that came late, after it was sent once more, is
    deleted.
    """
    doubtful = read_outbox(spark, IN_DOUBT)
    looked_up = [_looked_up(slack, delivery, clock) for delivery in doubtful] if slack else doubtful
    for delivery in _tried_again(spark, clock) if slack else ():
        _delete_late_ones(slack, delivery)
    write(spark, [after for before, after in zip(doubtful, looked_up, strict=True) if after != before], run_id)
    memory.remember_what_was_sent(spark, run_id)
    return sum(delivery.state in IN_DOUBT for delivery in looked_up)


def outcome_in_words(sent: Sent, is_on: bool, is_quiet: bool, count_prepared: int) -> dict[str, int] | str:
    """Return how many messages came to which state, or why none was sent."""
    if not is_on:
        return f"{count_prepared} messages are held: delivery is off (deliver_alerts in the settings)"
    return "quiet hours: messages wait" if is_quiet else dict(sent.states)


def deliver(
    spark: SparkSession,
    slack: Slack | None,
    kinds: Collection[str],
    owners: Owners,
    operator_channel: str,
    clock: Clock,
    run_id: str,
) -> Sent:
    """Send every pending message of the kinds, and return what became of them; without delivery nothing is sent.

    Each is claimed before it is posted, in the commit that says what became of those before: a run killed at any
    point leaves one message in doubt at most, and of two runs at once one sends it. Raises OutsideServiceError where
    Slack refuses the token in between, or does not answer any more: what is left stays pending.
    """
    sent, done = Sent(), []
    try:
        for delivery in read_outbox(spark, [PENDING], kinds) if slack else ():
            addressed = _addressed(slack, delivery, _place(delivery, owners, operator_channel), clock)
            if addressed.state == FAILED:
                done = [*done, addressed]
                sent.add([addressed])
                continue
            is_ours = claim(spark, addressed, done, run_id)
            done = [_posted(slack, addressed, clock)] if is_ours else []
            sent.add(done)
            _refuse_token(done)
    finally:
        write(spark, done, run_id)
    if sent.states[SENT]:
        memory.remember_what_was_sent(spark, run_id)
    return sent


def refuse_what_was_not_delivered(*parts: Sent) -> None:
    """Raise where a message did not arrive: InputError where somebody can mend it here, else OutsideServiceError."""
    sent = Sent(sum((part.states for part in parts), Counter()), sum((part.errors for part in parts), Counter()))
    reasons = ", ".join(f"{reason} ({count})" for reason, count in sorted(sent.errors.items()))
    if count := sent.states[FAILED]:
        raise InputError(
            f"{count} of {sent.states.total()} messages could not be delivered: {reasons}. The others were sent, and "
            "all is written. Mend the owners in the sheet's Owners tab or in alerts/owners.yml (an e-mail that Slack "
            "knows, or the id of a private channel that the bot is in), and run again."
        )
    if waiting := sent.states[PENDING] + sent.states[UNKNOWN]:
        raise OutsideServiceError(
            f"{waiting} of {sent.states.total()} messages wait: {reasons}. The next run looks them up, and sends "
            "what did not arrive; nothing is sent twice."
        )


def _addressed(slack: Slack, delivery: Delivery, place: Place | None, clock: Clock) -> Delivery:
    """The delivery claimed for its channel; failed where there is none it may go to."""
    now = clock.now()
    try:
        if place is None:
            raise CannotDeliverError(NO_PLACE)
        channel = slack.channel_of(place)
    except CannotDeliverError as error:
        return delivery.became(FAILED, now, error=str(error))
    return delivery.became(
        CLAIMED,
        now,
        channel=channel,
        count_attempts=delivery.count_attempts + 1,
        first_attempt_at=delivery.first_attempt_at or now,
    )


def _posted(slack: Slack, delivery: Delivery, clock: Clock) -> Delivery:
    """The delivery after its post: where Slack's answer was lost, as the channel's history knows it."""
    answer = _answer(slack, delivery, clock)
    after = delivery.became(answer.state, clock.now(), error=answer.error, slack_ts=answer.ts)
    return _looked_up(slack, after, clock) if after.state == UNKNOWN else after


def _answer(slack: Slack, delivery: Delivery, clock: Clock) -> Answer:
    """Post, waiting as long as Slack asks where it takes no more for now; not longer than a run can wait."""
    waited = 0.0
    while True:
        answer = slack.post(delivery.channel or "", json.loads(delivery.payload), delivery.delivery_id)
        if answer.retry_after is None or waited + answer.retry_after > LONGEST_WAIT_SECONDS:
            return answer
        waited += max(answer.retry_after, 1.0)
        clock.wait(max(answer.retry_after, 1.0))


def _refuse_token(done: list[Delivery]) -> None:
    if done and done[0].error in TOKEN_REFUSED:
        raise OutsideServiceError(
            f"Slack refuses the bot's token in the middle of a run: {done[0].error}. What is not sent yet waits; give "
            "the app the scope chat:write, or a new token, and run again."
        )


def _looked_up(slack: Slack, delivery: Delivery, clock: Clock) -> Delivery:
    """The delivery as the channel's own history knows it; unchanged where that cannot be read, or it may still come."""
    started = delivery.first_attempt_at or delivery.changed_at
    try:
        found = slack.find(delivery.channel or "", delivery.delivery_id, started - HISTORY_BEFORE)
    except (CannotDeliverError, OutsideServiceError) as error:
        reason = str(error) if isinstance(error, CannotDeliverError) else delivery.error
        return delivery.became(delivery.state, delivery.changed_at, error=reason or "history_cannot_be_read")
    if found:
        _delete(slack, delivery, found[1:])
        return delivery.became(SENT, clock.now(), slack_ts=found[0])
    if clock.now() - delivery.changed_at < MAY_STILL_ARRIVE:
        return delivery
    return delivery.became(PENDING, clock.now())


def _tried_again(spark: SparkSession, clock: Clock) -> list[Delivery]:
    """Deliveries of which an earlier attempt may still have arrived: tried twice, or withdrawn after an attempt."""
    lately = clock.now() - LATE_ARRIVALS
    known = read_outbox(spark, [SENT, FAILED], since=lately.date() - timedelta(days=10))
    return [
        row
        for row in known
        if row.first_attempt_at
        and row.changed_at >= lately
        and (row.count_attempts > 1 if row.state == SENT else row.error == SUPERSEDED)
    ]


def _delete_late_ones(slack: Slack, delivery: Delivery) -> None:
    """Leave the message that is known to be sent, and none of one that a later message has replaced."""
    started = delivery.first_attempt_at or delivery.changed_at
    try:
        found = slack.find(delivery.channel or "", delivery.delivery_id, started - HISTORY_BEFORE)
    except (CannotDeliverError, OutsideServiceError):
        return
    keep = delivery.slack_ts if delivery.slack_ts in found else next(iter(found), None)
    _delete(slack, delivery, [ts for ts in found if delivery.state == FAILED or ts != keep])


def _delete(slack: Slack, delivery: Delivery, late: Iterable[str]) -> None:
    for ts in late:
        slack.delete(delivery.channel or "", ts)


def _place(delivery: Delivery, owners: Owners, operator_channel: str) -> Place | None:
    if delivery.kind in TO_OPERATORS:
        return Place(channel=operator_channel) if operator_channel else None
    return owners.place_of(delivery.owner)
