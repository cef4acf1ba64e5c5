"""Periods of the school year to date, and the cohorts side by side in one of them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from student_track.policy import Policy
from student_track.queries import exact_values

if TYPE_CHECKING:
    from student_track.exploring.school import School

WHOLE_SCHOOL = "whole school"
TO_DATE = {"school_year": "School year to date", "cohort_life": "Whole course to date"}


class Period(NamedTuple):
    """A stretch of days, both ends inclusive, as the metrics name it."""

    kind: str
    value: str
    first_date: date
    last_date: date


def read_periods(spark: SparkSession, policy: Policy, day: date) -> tuple[pd.DataFrame, dict[str, Period]]:
    """Return the cohorts by period, without groups that are too small to show, and the periods by name, longest first.

    The whole school stands among the cohorts under its own name.
    """
    of_day = spark.table("cohort_metrics").where(F.col("as_of_date") == F.lit(day))
    stretches = of_day.where("period_kind IN ('year_to_date', 'month', 'week') AND NOT is_suppressed")
    columns = {
        "period_kind": "period_kind",
        "period_value": "period_value",
        "cohort": f"if(scope = 'school', '{WHOLE_SCHOOL}', cohort_id)",
        "attendance_percent": "round(100 * attendance_rate, 1)",
        "coverage_percent": "round(100 * coverage_share, 1)",
        "absences": "count_absences",
        "possible_units": "count_possible_units",
        "excused": "count_excused_sessions",
        "unexcused": "count_unexcused_sessions",
        "tardies": "count_tardy_sessions",
        "first_date": "period_start_date",
        "last_date": "period_end_date",
    }
    shown = stretches.selectExpr(*(f"{source} AS {name}" for name, source in columns.items()))
    cohorts = exact_values(shown.orderBy("period_kind", "period_value", F.col("cohort") != WHOLE_SCHOOL, "cohort"))
    return cohorts, _named(cohorts, policy)


def _named(cohorts: pd.DataFrame, policy: Policy) -> dict[str, Period]:
    """Periods by the name people choose them by: to date, then months, then weeks, the latest first."""
    grouped = cohorts.groupby(["period_kind", "period_value"], as_index=False).agg(
        first_date=("first_date", "min"), last_date=("last_date", "max")
    )
    periods = [Period(*row) for row in grouped.itertuples(index=False, name=None)]
    order = ("year_to_date", "month", "week")
    latest_first = sorted(periods, key=lambda period: period.first_date, reverse=True)
    return {_name(period, policy): period for kind in order for period in latest_first if period.kind == kind}


def _name(period: Period, policy: Policy) -> str:
    if period.kind == "year_to_date":
        return TO_DATE[policy.period]
    return f"{period.first_date:%B %Y}" if period.kind == "month" else f"Week of {period.first_date:%Y-%m-%d}"


def compared_cohorts(school: "School", period: str, cohorts: Iterable[str] = ()) -> pd.DataFrame:
    """Return the cohorts side by side in a period, lowest attendance first, under the whole school; all if none named.

    Raises InputError where there is no such period.
    """
    chosen = school.period(period)
    rows = school.cohorts[
        (school.cohorts["period_kind"] == chosen.kind) & (school.cohorts["period_value"] == chosen.value)
    ]
    if wanted := set(cohorts):
        rows = rows[rows["cohort"].isin({WHOLE_SCHOOL, *wanted})]
    is_cohort = rows["cohort"] != WHOLE_SCHOOL
    ordered = rows.assign(is_cohort=is_cohort).sort_values(["is_cohort", "attendance_percent", "cohort"])
    return ordered.drop(columns=["is_cohort", "period_kind", "period_value", "first_date", "last_date"]).reset_index(
        drop=True
    )
