"""One delivery to its place: where it may go; posted once, or written into an earlier message; what is known then."""

import json
from collections.abc import Callable
from dataclasses import replace

from student_track.alerting.doubt import looked_up
from student_track.alerting.outbox import (
    CLAIMED,
    FAILED,
    OPERATORS,
    PENDING,
    UNKNOWN,
    UPDATE,
    Delivery,
)
from student_track.alerting.owners import Owners, Place
from student_track.alerting.rendering import with_status
from student_track.alerting.slack import LONGEST_WAIT_SECONDS, Clock, Slack
from student_track.alerting.slack_answers import THREAD_GONE, Answer, CannotDeliverError
from student_track.errors import OutsideServiceError

NO_PLACE = "no_channel_and_no_email"
MOVED = "the_owner_is_told_elsewhere_now"
GONE, NO_ROOM = "message_not_found", "no_room_in_the_message"
"""Why an earlier message is left as it is."""


def addressed(slack: Slack, delivery: Delivery, owners: Owners, operator_channel: str, clock: Clock) -> Delivery:
    """Return the delivery claimed for its channel; failed where there is none it may go to.

    An earlier message is answered only where it stands: an owner who is told elsewhere now gets a message of its own.
    """
    now, place = clock.now(), place_of(delivery, owners, operator_channel)
    try:
        if place is None:
            raise CannotDeliverError(NO_PLACE)
        channel = slack.channel_of(place)
        is_elsewhere = delivery.target_ts is not None and delivery.channel != channel
        if is_elsewhere and delivery.kind == UPDATE:
            raise CannotDeliverError(MOVED)
    except CannotDeliverError as error:
        return delivery.became(FAILED, now, error=str(error))
    return delivery.became(
        CLAIMED,
        now,
        channel=channel,
        target_ts=None if is_elsewhere else delivery.target_ts,
        count_attempts=delivery.count_attempts + 1,
        first_attempt_at=delivery.first_attempt_at or now,
    )


def posted(slack: Slack, delivery: Delivery, clock: Clock) -> Delivery:
    """Return the delivery after its post: where Slack's answer was lost, as the channel's history knows it."""
    if delivery.kind == UPDATE:
        return _updated(slack, delivery, clock)
    answer = _waited_for(lambda: _post(slack, delivery), clock)
    if answer.error in THREAD_GONE and delivery.target_ts:
        delivery = replace(delivery, target_ts=None)
        answer = _waited_for(lambda: _post(slack, delivery), clock)
    after = delivery.became(answer.state, clock.now(), error=answer.error, slack_ts=answer.ts)
    return looked_up(slack, after, clock) if after.state == UNKNOWN else after


def _updated(slack: Slack, delivery: Delivery, clock: Clock) -> Delivery:
    """The delivery after the earlier message was changed; as nobody is called, it is simply done again if in doubt."""
    answer = _waited_for(lambda: _update(slack, delivery), clock)
    state = PENDING if answer.state == UNKNOWN else answer.state
    return delivery.became(state, clock.now(), error=answer.error, slack_ts=answer.ts)


def _post(slack: Slack, delivery: Delivery) -> Answer:
    return slack.post(
        delivery.channel or "", json.loads(delivery.payload), delivery.delivery_id, thread_ts=delivery.target_ts
    )


def _update(slack: Slack, delivery: Delivery) -> Answer:
    channel, ts = delivery.channel or "", delivery.target_ts or ""
    try:
        message = slack.message(channel, ts)
    except CannotDeliverError as error:
        return Answer(FAILED, error=str(error))
    except OutsideServiceError:
        return Answer(PENDING, error="history_cannot_be_read")
    if message is None:
        return Answer(FAILED, error=GONE)
    payload = with_status(message, json.loads(delivery.payload))
    return slack.update(channel, ts, payload) if payload else Answer(FAILED, error=NO_ROOM)


def _waited_for(attempt: Callable[[], Answer], clock: Clock) -> Answer:
    """The answer, waiting as long as Slack asks where it takes no more for now; not longer than a run can wait."""
    waited = 0.0
    while True:
        answer = attempt()
        if answer.retry_after is None or waited + answer.retry_after > LONGEST_WAIT_SECONDS:
            return answer
        waited += max(answer.retry_after, 1.0)
        clock.wait(max(answer.retry_after, 1.0))


def place_of(delivery: Delivery, owners: Owners, operator_channel: str) -> Place | None:
    """Return where a delivery goes; None where neither a channel nor an address is known."""
    if delivery.owner == OPERATORS:
        return Place(channel=operator_channel) if operator_channel else None
    return owners.place_of(delivery.owner)
