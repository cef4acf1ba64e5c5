"""Deliveries of which nobody knows whether they arrived: the channel's own history says so."""

from collections.abc import Iterable
from datetime import timedelta

from pyspark.sql import SparkSession

from student_track.alerting.outbox import FAILED, PENDING, SENT, SUPERSEDED, UPDATE, Delivery, read_outbox
from student_track.alerting.slack import Clock, Slack
from student_track.alerting.slack_answers import CannotDeliverError
from student_track.errors import OutsideServiceError

MAY_STILL_ARRIVE = timedelta(seconds=120)
"""For so long after an attempt, a message that is not in the channel may still turn up there."""

LATE_ARRIVALS = timedelta(days=2)
"""For so long a message that was tried twice is looked for a second time."""

HISTORY_BEFORE = timedelta(seconds=60)


def looked_up(slack: Slack, delivery: Delivery, clock: Clock) -> Delivery:
    """Return the delivery as the channel's history knows it; unchanged where that cannot be read, or it may come."""
    try:
        found = _found(slack, delivery)
    except (CannotDeliverError, OutsideServiceError) as error:
        reason = str(error) if isinstance(error, CannotDeliverError) else delivery.error
        return delivery.became(delivery.state, delivery.changed_at, error=reason or "history_cannot_be_read")
    if found:
        _delete(slack, delivery, found[1:])
        return delivery.became(SENT, clock.now(), slack_ts=found[0])
    if clock.now() - delivery.changed_at < MAY_STILL_ARRIVE:
        return delivery
    return delivery.became(PENDING, clock.now())


def tried_again(spark: SparkSession, clock: Clock) -> list[Delivery]:
    """Return deliveries of which an earlier attempt may still have arrived: tried twice, or withdrawn after one."""
    lately = clock.now() - LATE_ARRIVALS
    known = read_outbox(spark, [SENT, FAILED], since=lately.date() - timedelta(days=10))
    return [
        row
        for row in known
        if row.first_attempt_at
        and row.kind != UPDATE
        and row.changed_at >= lately
        and (row.count_attempts > 1 if row.state == SENT else row.error == SUPERSEDED)
    ]


def delete_late_ones(slack: Slack, delivery: Delivery) -> None:
    """Leave the message that is known to be sent, and none of one that a later message has replaced."""
    try:
        found = _found(slack, delivery)
    except (CannotDeliverError, OutsideServiceError):
        return
    keep = delivery.slack_ts if delivery.slack_ts in found else next(iter(found), None)
    _delete(slack, delivery, [ts for ts in found if delivery.state == FAILED or ts != keep])


def _found(slack: Slack, delivery: Delivery) -> list[str]:
    started = delivery.first_attempt_at or delivery.changed_at
    return slack.find(delivery.channel or "", delivery.delivery_id, started - HISTORY_BEFORE, delivery.target_ts)


def _delete(slack: Slack, delivery: Delivery, late: Iterable[str]) -> None:
    for ts in late:
        slack.delete(delivery.channel or "", ts)
