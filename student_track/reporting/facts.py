"""What the pages say: the named queries' answers, and nothing computed twice."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.attendance import dates_missed
from student_track.errors import InputError
from student_track.queries import ask

Row = dict[str, Any]
TIER_COLUMNS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic", "too_early", "withheld")


@dataclass(frozen=True)
class Day:
    """The as-of date the pages speak of, with what the queries need to know about it."""

    as_of_date: date
    school_year: int
    tier_scope: str
    policy_version: str
    blank_mark: str = "unknown"

    @property
    def values(self) -> dict[str, date | int | str]:
        """Values for the named queries."""
        return {
            "as_of_date": self.as_of_date,
            "school_year": self.school_year,
            "tier_scope": self.tier_scope,
            "blank_mark": self.blank_mark,
        }


@dataclass(frozen=True)
class SchoolFacts:
    """Answers for the page of the school; no name and no pseudonym of a student stands in any of them."""

    school: Row
    cohorts: list[Row]
    hidden_cohorts: list[str]
    weeks: pd.DataFrame
    weekdays: list[Row]
    excused: list[Row]
    registers: list[Row]
    cells: list[Row]
    held: list[Row]

    def rows(self) -> list[Row]:
        """Return the rows in which texts stand that are nobody's secret: cohorts, staff, tabs."""
        return [*self.cohorts, *self.excused, *self.registers, *self.cells, *self.held]


def day_of(metrics: DataFrame, as_of_date: date | None, tier_scope: str, blank_mark: str = "unknown") -> Day:
    """Return the day the pages speak of: the given one, else the latest there are metrics for.

    Raises InputError where there are no metrics for it.
    """
    wanted = metrics if as_of_date is None else metrics.where(F.col("as_of_date") == F.lit(as_of_date))
    row = wanted.orderBy(F.desc("as_of_date")).select("as_of_date", "school_year", "policy_version").first()
    if row is None:
        raise InputError(f"There are no metrics for {as_of_date or 'any date'}. Run 03_keymetrics_gold for it first.")
    return Day(row.as_of_date, row.school_year, tier_scope, row.policy_version, blank_mark)


def school_facts(spark: SparkSession, day: Day) -> SchoolFacts:
    """Return what the page of the school says; of groups that the tables mark as suppressed, only that they exist."""
    cohorts = rows_of(ask(spark, "by_cohort", **day.values))
    return SchoolFacts(
        school=rows_of(ask(spark, "school_to_date", **day.values))[0],
        cohorts=cohorts,
        hidden_cohorts=_hidden_cohorts(spark, day),
        weeks=ask(spark, "by_week", **day.values).toPandas(),
        weekdays=rows_of(ask(spark, "by_weekday", **day.values)),
        excused=rows_of(ask(spark, "excused_against_unexcused", **day.values)),
        registers=rows_of(ask(spark, "registers_not_taken", **day.values)),
        cells=rows_of(ask(spark, "data_to_mend", **day.values)),
        held=rows_of(spark.table("cohorts").where("is_held").select("cohort_id", "held_reason").orderBy("cohort_id")),
    )


def _hidden_cohorts(spark: SparkSession, day: Day) -> list[str]:
    of_year = (F.col("as_of_date") == F.lit(day.as_of_date)) & F.expr(
        "period_kind = 'year_to_date' AND scope = 'cohort' AND is_suppressed"
    )
    return [row.cohort_id for row in spark.table("cohort_metrics").where(of_year).orderBy("cohort_id").collect()]


def cohort_table(facts: SchoolFacts) -> pd.DataFrame:
    """Return the cohorts shown without names as a frame, one row per cohort; empty where all are too small."""
    columns = ["cohort", "students", "needs_attention", "new_that_day", "since", "attendance_percent", *TIER_COLUMNS]
    return pd.DataFrame(facts.cohorts, columns=columns)


def cohort_rosters(spark: SparkSession, day: Day) -> dict[str, list[Row]]:
    """Return the students of every cohort, in order of need, with names: for the cohorts' own pages."""
    rosters: dict[str, list[Row]] = {}
    for row in rows_of(ask(spark, "cohort_roster", **day.values)):
        rosters.setdefault(row["cohort"], []).append(row)
    return rosters


def absence_dates(spark: SparkSession, day: Day, latest: int) -> dict[str, list[date]]:
    """Return the latest dates each student missed in whole or part, newest first, by student_key."""
    tables = spark.table("attendance_records"), spark.table("sessions")
    missed = dates_missed(*tables, day.school_year, day.as_of_date)
    dates = missed.groupBy("student_key").agg(F.collect_list("session_date").alias("dates"))
    return {row.student_key: sorted(row.dates, reverse=True)[:latest] for row in dates.collect()}


def rows_of(frame: DataFrame) -> list[Row]:
    """Return the frame's rows as mappings."""
    return frame.toArrow().to_pylist()
