"""Storms: so much that is new at once is more likely a fault of the data than of so many students.

What is held back is told to the operators as one number; what still holds on the next school day is told to its owners.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from student_track.alerting.due import OPENED, WORSE, Due
from student_track.alerting.rules import Storm
from student_track.alerting.standings import AlertDay, Standing
from student_track.privacy.safe_text import one_line

MOST_COHORTS = 10
ALL = "all"


def cohort_sizes(spark: SparkSession, day: AlertDay) -> dict[str, int]:
    """Return the number of enrolled students of every cohort at the day."""
    of_day = spark.table("student_metrics").where(F.col("as_of_date") == F.lit(day.as_of_date))
    enrolled = of_day.where("scope = 'cohort' AND status = 'enrolled'").groupBy("cohort_id")
    return {row.cohort_id: row.count_students for row in enrolled.agg(F.count("*").alias("count_students")).collect()}


def hold_back_storms(
    due: Collection[Due],
    found: Iterable[Standing],
    told_before: set[str],
    sizes: Mapping[str, int],
    storm: Storm,
    day: AlertDay,
) -> tuple[list[Due], list[str]]:
    """Return what is to be said all the same, and one line to the operators where something is held back.

    New is what opened on the day, of owners who were told something before: a first summary is no storm. Of a stormy
    cohort nothing that opened or got worse is said on the day; where too many are new in all, of no cohort.
    """
    cohort_of = {standing.student_key: standing.cohort for standing in found}
    new = {
        one.episode.student_key
        for one in due
        if one.what == OPENED and one.episode.opened_date == day.as_of_date and one.to in told_before
    }
    stormy = _stormy_cohorts(Counter(cohort_of[student] for student in new), sizes, storm)
    if not stormy:
        return list(due), []
    held = {one for one in due if one.what in (OPENED, WORSE) and stormy & {ALL, cohort_of[one.episode.student_key]}}
    count = len({one.episode.student_key for one in held})
    return [one for one in due if one not in held], [_line(count, stormy)]


def _stormy_cohorts(new: Counter[str], sizes: Mapping[str, int], storm: Storm) -> set[str]:
    if new.total() > storm.most_students:
        return {ALL}
    large = {cohort: size for cohort, size in sizes.items() if size >= storm.in_cohorts_from}
    return {cohort for cohort, count in new.items() if cohort in large and count > storm.most_share * large[cohort]}


def _line(count: int, stormy: set[str]) -> str:
    where = "in the whole school" if ALL in stormy else "in " + ", ".join(sorted(stormy)[:MOST_COHORTS])
    return one_line(
        f"So many students are new at once that the data may be at fault: {count}, {where}. Nobody was told of them. "
        "Look at the registers; what still holds on the next school day is told.",
        500,
    )
