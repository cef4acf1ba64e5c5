"""The few students that matter today: those for whom a rule holds, or whose episode is open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from student_track.alerting.conditions import RISK_BAND
from student_track.alerting.rules import Rule, Rules
from student_track.errors import InputError
from student_track.schemas import STUDENT_METRICS

Facts = dict[str, Any]
OWN_MODEL = 2
"""Level of the ladder from which a score is that of a model of the school's own."""

STALE, BACK_FILL = "stale", "back_fill"
"""Why a day decides nothing."""


@dataclass(frozen=True)
class AlertDay:
    """The as-of date to decide on, or why nothing is decided: ``stale`` or ``back_fill`` data.

    ``school_days`` are the dates with a register taken, of this school year and the one before; ``decided_by`` are the
    versions of policy and rules.
    """

    as_of_date: date
    school_year: int
    tier_scope: str
    age_days: int
    undecided_because: str = ""
    school_days: tuple[date, ...] = ()
    decided_by: str | None = None

    @property
    def today(self) -> date:
        return self.as_of_date + timedelta(days=self.age_days)

    def school_days_since(self, day: date) -> int:
        """Return the school days after a date, up to the as-of date."""
        return sum(day < one <= self.as_of_date for one in self.school_days)

    @property
    def decides(self) -> bool:
        return not self.undecided_because


@dataclass(frozen=True)
class Standing:
    """How a student stands: names of the rules whose opening holds, that stay open, that cannot be decided on.

    ``facts`` is the student's row of ``student_metrics``. ``cohort`` is the open enrolment with the most expected
    sessions, empty where there is none. A student of a held cohort is left as is.
    """

    student_key: str
    facts: Facts
    cohort: str = ""
    is_left_as_is: bool = False
    opens: frozenset[str] = frozenset()
    stays: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()

    @property
    def is_enrolled(self) -> bool:
        return bool(self.facts["status"] == "enrolled")

    def leaves_as_is(self, rule: str) -> bool:
        """Return whether nothing is said of a rule: its cohort is held, or there is too little to decide it on."""
        return self.is_left_as_is or rule in self.undecided

    @property
    def need(self) -> tuple[int, float, str]:
        """Sorts in order of need, as on the pages: the current streak first, then the rate."""
        rate = self.facts["attendance_rate"]
        return -self.facts["count_streak_units"], 1.0 if rate is None else rate, self.student_key


def day_of(
    metrics: DataFrame, as_of_date: date | None, tier_scope: str, today: date, stale_after_days: int
) -> AlertDay:
    """Return the day to decide on: the given one, else the latest there are metrics for.

    An earlier day than the latest is a back-fill, and data older than ``stale_after_days`` is stale: nothing is
    decided then. Raises InputError where there are no metrics for the day.
    """
    rows = metrics.groupBy("as_of_date").agg(F.max("school_year").alias("school_year")).collect()
    years = {row.as_of_date: row.school_year for row in rows}
    wanted = as_of_date or max(years, default=None)
    if wanted not in years:
        raise InputError(f"There are no metrics for {wanted or 'any date'}. Run 03_keymetrics_gold for it first.")
    age_days = (today - wanted).days
    because = BACK_FILL if wanted < max(years) else STALE if age_days > stale_after_days else ""
    return AlertDay(wanted, years[wanted], tier_scope, age_days, because)


def with_school_days(day: AlertDay, sessions: DataFrame) -> AlertDay:
    """Return the day with the school days up to it, from rows of ``sessions``."""
    years = F.col("school_year").isin(day.school_year, day.school_year - 1)
    taken = sessions.where(years & F.col("is_taken") & ~F.col("is_cancelled"))
    dates = taken.where(F.col("session_date") <= F.lit(day.as_of_date)).select("session_date").distinct()
    return replace(day, school_days=tuple(sorted(row.session_date for row in dates.collect())))


def decided_by(day: AlertDay, policy_fingerprint: str, rules: Rules) -> AlertDay:
    """Return the day with the versions of policy and rules that decide on it."""
    return replace(day, decided_by=f"{policy_fingerprint}-{rules.fingerprint}")


def standings(spark: SparkSession, rules: Rules, day: AlertDay) -> list[Standing]:
    """Return the students of the day for whom a rule holds, an episode is open, or a recovery was not told yet."""
    metrics = spark.table("student_metrics").where(F.col("as_of_date") == F.lit(day.as_of_date))
    homes = home_cohorts(metrics, spark.table("cohorts"))
    own = metrics.where(F.col("scope") == day.tier_scope).join(homes, "student_key", "left")
    judged = judge(with_risk_band(own, spark.table("dropout_risk"), rules, day), rules.rules)
    remembered = spark.table("alert_episodes").where(
        "state <> 'resolved' OR (notified_date IS NOT NULL AND recovery_told_date IS NULL)"
    )
    keys = remembered.select("student_key").distinct().withColumn("is_remembered", F.lit(True))
    opens = F.expr(" OR ".join(f"opens_{rule.name}" for rule in rules.rules))
    wanted = judged.join(keys, "student_key", "left").where(opens | F.col("is_remembered").isNotNull())
    return combine(wanted.drop("is_remembered").toArrow().to_pylist(), rules.rules)


def with_risk_band(rows: DataFrame, dropout_risk: DataFrame, rules: Rules, day: AlertDay) -> DataFrame:
    """Return the rows with the band of the student's own cohort at the day, where a rule asks for it."""
    if not any(rule.is_about_the_risk for rule in rules.rules):
        return rows
    of_day = dropout_risk.where(F.col("as_of_date") == F.lit(day.as_of_date))
    own = F.col("ladder_level") >= F.lit(OWN_MODEL)
    bands = of_day.where(own).select(
        "student_key", F.col("cohort_id").alias("home_cohort"), F.col("band").alias(RISK_BAND)
    )
    return rows.join(bands, ["student_key", "home_cohort"], "left")


def has_promoted_model(spark: SparkSession) -> bool:
    """Return whether a model of the school's own has passed its gate and scores."""
    return not spark.table("risk_models").where("is_promoted").limit(1).isEmpty()


def judge(metrics: DataFrame, rules: Iterable[Rule]) -> DataFrame:
    """Return the rows with three columns per rule: ``opens_``, ``stays_`` and ``undecided_`` and its name."""
    verdicts = {}
    for rule in rules:
        undecided = F.coalesce(F.expr(rule.undecided_sql), F.lit(False))
        verdicts[f"undecided_{rule.name}"] = undecided
        verdicts[f"opens_{rule.name}"] = ~undecided & F.coalesce(F.expr(rule.opens_sql), F.lit(False))
        verdicts[f"stays_{rule.name}"] = ~undecided & F.coalesce(F.expr(rule.stays_sql), F.lit(False))
    return metrics.withColumns(verdicts)


def home_cohorts(metrics: DataFrame, cohorts: DataFrame) -> DataFrame:
    """Return one row per enrolled student: the open enrolment with the most expected sessions; is any cohort held?"""
    enrolled = metrics.where("scope = 'cohort' AND status = 'enrolled'").select(
        "student_key", "cohort_id", "count_expected_sessions"
    )
    most_first = Window.partitionBy("student_key").orderBy(F.desc("count_expected_sessions"), "cohort_id")
    placed = enrolled.join(cohorts.select("cohort_id", "is_held"), "cohort_id").select(
        "student_key",
        F.col("cohort_id").alias("home_cohort"),
        F.bool_or("is_held").over(Window.partitionBy("student_key")).alias("is_in_held_cohort"),
        F.row_number().over(most_first).alias("place"),
    )
    return placed.where("place = 1").drop("place")


def combine(rows: Iterable[Facts], rules: Iterable[Rule]) -> list[Standing]:
    """Return one standing per student, in order of need, from judged rows.

    Where the policy has tiers per cohort, a rule holds that holds in any; the neediest of those rows is spoken of.
    """
    names, of_student = [rule.name for rule in rules], {}
    for row in rows:
        of_student.setdefault(row["student_key"], []).append(_standing(row, names))
    return sorted((_combined(several) for several in of_student.values()), key=lambda standing: standing.need)


def _standing(row: Facts, names: list[str]) -> Standing:
    facts = {column: row[column] for column in STUDENT_METRICS.column_names}
    verdicts = (frozenset(name for name in names if row[f"{kind}_{name}"]) for kind in ("opens", "stays", "undecided"))
    return Standing(row["student_key"], facts, row["home_cohort"] or "", bool(row["is_in_held_cohort"]), *verdicts)


def _combined(several: list[Standing]) -> Standing:
    neediest = min(several, key=lambda one: (not one.is_enrolled, -len(one.opens), one.need))
    opens = frozenset().union(*(one.opens for one in several if one.is_enrolled))
    stays = frozenset().union(*(one.stays for one in several if one.is_enrolled))
    undecided = frozenset().union(*(one.undecided for one in several)) - stays
    rest = neediest.student_key, neediest.facts, neediest.cohort, neediest.is_left_as_is
    return Standing(*rest, opens, stays, undecided)


def count_by_rule(found: Iterable[Standing], rules: Rules) -> pd.DataFrame:
    """Return one row per rule: enrolled students for whom it holds, and how serious it is."""
    students = [standing for standing in found if standing.is_enrolled]
    counts = [sum(rule.name in standing.opens for standing in students) for rule in rules.rules]
    severities = [rule.severity for rule in rules.rules]
    return pd.DataFrame({"rule": [rule.name for rule in rules.rules], "severity": severities, "count_students": counts})
