"""All there is to say on a day: gathered per person, storms held back, those in doubt left to wait."""

from collections.abc import Collection
from dataclasses import dataclass

from pyspark.sql import SparkSession

from student_track.alerting.digest import Digest, digests
from student_track.alerting.due import Due, due_today
from student_track.alerting.episodes import Episode, rules_have_changed
from student_track.alerting.outbox import ABOUT_STUDENTS, IN_DOUBT, SENT, owners_in_state
from student_track.alerting.owners import Owners
from student_track.alerting.rules import Rules
from student_track.alerting.standings import AlertDay, Standing
from student_track.alerting.storms import cohort_sizes, hold_back_storms


@dataclass(frozen=True)
class Today:
    """What is due and the digests that say it; lines about storms for the operators; who waits for a message in doubt.

    ``due`` is without what a storm holds back.
    """

    due: list[Due]
    digests: list[Digest]
    storms: list[str]
    waiting: set[str]


def gather_today(
    spark: SparkSession,
    before: Collection[Episode],
    after: Collection[Episode],
    found: Collection[Standing],
    owners: Owners,
    rules: Rules,
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
    return Today(due, digests(due, after, found, told_before, waiting, is_changed), storms, waiting)
