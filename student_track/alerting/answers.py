"""Answers to alerts, gathered: from the sheet's Actions tab, and from reactions to messages that were sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from student_track.alerting.due import parts_of
from student_track.alerting.episodes import ACKNOWLEDGED, Episode
from student_track.alerting.outbox import ABOUT_STUDENTS, SENT, Delivery, read_outbox
from student_track.alerting.owners import Owners
from student_track.alerting.rules import Reactions, Rules
from student_track.alerting.signals import ACKNOWLEDGE, BY_REACTION, SNOOZE, Signal, in_order, signals_of_actions
from student_track.alerting.slack import Slack
from student_track.alerting.slack_answers import CannotDeliverError
from student_track.alerting.standings import AlertDay, Standing

ASKED_FOR = timedelta(days=60)
"""Older messages are not looked at for reactions; the Actions tab always counts."""


@dataclass(frozen=True)
class Answers:
    """What people have answered, and why reactions could not be read; empty where they could."""

    signals: tuple[Signal, ...]
    unread_because: str = ""


def gather_answers(
    spark: SparkSession,
    slack: Slack | None,
    remembered: Iterable[Episode],
    found: Iterable[Standing],
    owners: Owners,
    rules: Rules,
    day: AlertDay,
) -> Answers:
    """Return the answers to the alerts remembered. Of reactions only those of the student's own staff count."""
    cohort_of = {standing.student_key: standing.cohort for standing in found}
    actions = spark.table("actions").where(F.col("student_key").isin(list(cohort_of)))
    signals = signals_of_actions(actions, day.today) if cohort_of else []
    waiting = {episode.key: episode for episode in remembered if episode.is_open and episode.state != ACKNOWLEDGED}
    if slack is None or not any(episode.last_told_date for episode in waiting.values()):
        return Answers(tuple(signals))
    try:
        for delivery in read_outbox(spark, [SENT], ABOUT_STUDENTS, day.as_of_date - ASKED_FOR):
            signals += _of_message(slack, delivery, waiting, cohort_of, owners, rules.reactions)
    except CannotDeliverError as error:
        return Answers(tuple(in_order(signals)), str(error))
    return Answers(tuple(in_order(signals)))


def _of_message(
    slack: Slack,
    delivery: Delivery,
    waiting: dict[str, Episode],
    cohort_of: dict[str, str],
    owners: Owners,
    reactions: Reactions,
) -> list[Signal]:
    """The answers on one message: each reaction is about all episodes that the message tells of."""
    told = [waiting[key] for reference in delivery.episodes if (key := parts_of(reference)[0]) in waiting]
    if not (told and delivery.channel and delivery.slack_ts):
        return []
    reacted = slack.reactions(delivery.channel, delivery.slack_ts)
    by_kind = {
        kind: set().union(*(reacted.get(name, set()) for name in names))
        for kind, names in ((ACKNOWLEDGE, reactions.acknowledge), (SNOOZE, reactions.snooze))
    }
    return [
        Signal(
            kind=kind,
            student_key=episode.student_key,
            on_date=delivery.as_of_date,
            source=BY_REACTION,
            until_date=delivery.as_of_date + timedelta(days=reactions.snooze_days) if kind == SNOOZE else None,
            rule=episode.rule,
            number=episode.number,
        )
        for kind, users in by_kind.items()
        for episode in told
        if users and users & _staff(slack, owners, cohort_of.get(episode.student_key, ""))
    ]


def _staff(slack: Slack, owners: Owners, cohort: str) -> set[str]:
    """Slack's ids of those who may answer for a cohort's students."""
    places = (owners.place_of(person) for person in owners.chain(cohort))
    return {user for place in places if place and (user := slack.user_of(place))}
