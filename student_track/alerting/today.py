"""All there is to say on a day: gathered per person, storms held back, those in doubt left to wait."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pyspark.sql import SparkSession

from student_track.alerting.digest import Digest, digests
from student_track.alerting.due import Due, due_today, student_of
from student_track.alerting.earlier_messages import LOOKED_AT, Update, in_their_threads, updates
from student_track.alerting.episodes import Episode, rules_have_changed
from student_track.alerting.memory import episodes_of_students
from student_track.alerting.notices import Notice, gather_notices
from student_track.alerting.outbox import (
    ABOUT_STUDENTS,
    DIGESTS,
    IN_DOUBT,
    SENT,
    Delivery,
    owners_in_state,
    read_outbox,
)
from student_track.alerting.owners import Owners
from student_track.alerting.rules import Rules
from student_track.alerting.standings import AlertDay, Standing
from student_track.alerting.storms import cohort_sizes, hold_back_storms
from student_track.policy import Policy


@dataclass(frozen=True)
class Today:
    """What is due and the digests that say it; lines about storms for the operators; who waits for a message in doubt.

    ``due`` is without what a storm holds back. Notices are not about students; updates change earlier messages.
    """

    due: list[Due]
    digests: list[Digest]
    storms: list[str]
    waiting: set[str]
    notices: list[Notice]
    updates: list[Update]

    @property
    def students(self) -> set[str]:
        """``student_key`` of everybody whom a message or an update tells of."""
        told = {entry.standing.student_key for one in self.digests for entry in (*one.entries, *one.recovered)}
        return told | {change.student_key for update in self.updates for change in update.changes}


def gather_today(
    spark: SparkSession,
    before: Collection[Episode],
    after: Collection[Episode],
    found: Collection[Standing],
    owners: Owners,
    rules: Rules,
    policy: Policy,
    day: AlertDay,
) -> Today:
    """Return what the day's episodes ask to be said, from the episodes as remembered and as decided.

    After a change of policy or rules everybody is as one who was never told anything: nothing of it is a storm.
    """
    told_before = owners_in_state(spark, {SENT})
    waiting = owners_in_state(spark, IN_DOUBT, ABOUT_STUDENTS)
    is_changed = rules_have_changed(before, day)
    due = due_today(after, found, rules.by_name, owners, day)
    usual = set() if is_changed else told_before
    due, storms = hold_back_storms(due, found, usual, cohort_sizes(spark, day), rules.storm, day)
    sent = read_outbox(spark, [SENT], DIGESTS, day.as_of_date - LOOKED_AT) if day.decides else []
    return Today(
        due=due,
        digests=in_their_threads(digests(due, after, found, told_before, waiting, is_changed), sent, owners),
        storms=storms,
        waiting=waiting,
        notices=gather_notices(spark, owners, rules.notices, policy, day),
        updates=_updates(spark, sent, after),
    )


def _updates(spark: SparkSession, sent: Sequence[Delivery], after: Iterable[Episode]) -> list[Update]:
    if not sent:
        return []
    students = {student_of(reference) for one in sent for reference in one.episodes}
    now = {episode.key: episode for episode in (*episodes_of_students(spark, students), *after)}
    return updates(sent, now)
