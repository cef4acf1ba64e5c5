"""What the pages say: the named queries' answers, and nothing computed twice."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.attendance import dates_missed, school_day_before
from student_track.errors import InputError
from student_track.policy import Policy
from student_track.queries import ask, values_of

Row = dict[str, Any]
TIER_COLUMNS = ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic", "too_early", "withheld")


@dataclass(frozen=True)
class Day:
    """The as-of date the pages speak of, with what the queries need to know about it."""

    as_of_date: date
    school_year: int
    policy_version: str
    policy: Policy

    @property
    def school_years(self) -> tuple[int, int]:
        """The first and the last school year that count."""
        return self.policy.school_years(self.school_year)

    @property
    def values(self) -> dict[str, date | int | str]:
        """Values for the named queries."""
        return values_of(self.policy, self.as_of_date, self.school_year)


@dataclass(frozen=True)
class RiskFacts:
    """What the gate said of each model, latest first, how well each foretold, and who has a score from which level."""

    verdicts: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    levels: list[Row] = field(default_factory=list)

    @property
    def scoring(self) -> Row | None:
        """The model that scores, with its figures; None where none has passed."""
        promoted = next((row for row in self.verdicts if row["is_promoted"]), None)
        return promoted and promoted | self._figures_of(promoted)

    @property
    def latest(self) -> Row | None:
        """The model judged last, with its figures; None where none was judged yet."""
        return self.verdicts[0] | self._figures_of(self.verdicts[0]) if self.verdicts else None

    def _figures_of(self, model: Row) -> Row:
        return next((row for row in self.figures if row["model_id"] == model["model_id"]), {})


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
    coverage: list[Row] = field(default_factory=list)
    latest_registers: list[Row] = field(default_factory=list)
    risk: RiskFacts = field(default_factory=RiskFacts)
    week_before: date | None = None

    @property
    def has_last_year(self) -> bool:
        """Whether any week can be compared with the same week of the school year before."""
        return "last_year_percent" in self.weeks and bool(self.weeks["last_year_percent"].notna().any())

    def rows(self) -> list[Row]:
        """Return the rows in which texts stand that are nobody's secret: cohorts, staff, tabs."""
        return [*self.cohorts, *self.excused, *self.registers, *self.cells, *self.held, *self.latest_registers]


def day_of(metrics: DataFrame, as_of_date: date | None, policy: Policy) -> Day:
    """Return the day the pages speak of: the given one, else the latest there are metrics for.

    Raises InputError where there are no metrics for it.
    """
    wanted = metrics if as_of_date is None else metrics.where(F.col("as_of_date") == F.lit(as_of_date))
    row = wanted.orderBy(F.desc("as_of_date")).select("as_of_date", "school_year", "policy_version").first()
    if row is None:
        raise InputError(f"There are no metrics for {as_of_date or 'any date'}. Run 03_keymetrics_gold for it first.")
    return Day(row.as_of_date, row.school_year, row.policy_version, policy)


def school_facts(spark: SparkSession, day: Day, policy: Policy) -> SchoolFacts:
    """Return what the page of the school says; of groups that the tables mark as suppressed, only that they exist."""

    def answer(name: str) -> list[Row]:
        return rows_of(ask(spark, name, **day.values))

    school = answer("school_to_date")[0]
    return SchoolFacts(
        school=school,
        cohorts=answer("by_cohort"),
        hidden_cohorts=_hidden_cohorts(spark, day),
        weeks=_weeks(spark, day, policy),
        weekdays=answer("by_weekday"),
        excused=answer("excused_against_unexcused"),
        registers=answer("registers_not_taken"),
        cells=answer("data_to_mend"),
        held=rows_of(spark.table("cohorts").where("is_held").select("cohort_id", "held_reason").orderBy("cohort_id")),
        coverage=answer("coverage_by_cohort"),
        latest_registers=answer("latest_registers"),
        risk=RiskFacts(answer("gate_verdicts"), answer("gate_figures"), answer("risk_levels")),
        week_before=school_day_before(spark.table("sessions"), day.as_of_date - timedelta(days=6), school["from_date"]),
    )


def _weeks(spark: SparkSession, day: Day, policy: Policy) -> pd.DataFrame:
    """The weeks to date; where the policy counts by school years, beside the same weeks of the last."""
    weeks = ask(spark, "by_week", **day.values).toPandas()
    if policy.period != "school_year":
        return weeks
    return weeks.merge(ask(spark, "weeks_against_last_year", **day.values).toPandas(), on="first_day", how="left")


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
    missed = dates_missed(*tables, day.school_years, day.as_of_date)
    dates = missed.groupBy("student_key").agg(F.collect_list("session_date").alias("dates"))
    return {row.student_key: sorted(row.dates, reverse=True)[:latest] for row in dates.collect()}


def rows_of(frame: DataFrame) -> list[Row]:
    """Return the frame's rows as mappings."""
    return frame.toArrow().to_pylist()
