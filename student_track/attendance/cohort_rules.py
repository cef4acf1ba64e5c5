"""Rules of single cohorts: rows are judged by the rules in force for them at the as-of date."""

from collections.abc import Callable
from datetime import date
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from student_track.attendance.measures import AttentionRule, TierRule, running_measures
from student_track.attendance.units import units
from student_track.policy import Policy


def by_rules(rows: DataFrame, policy: Policy, as_of_date: date) -> list[tuple[Policy, DataFrame]]:
    """Return the rows in parts, each with the policy it is judged by; rows have a scope and a cohort_id.

    Rows of a cohort with rules of its own in force are a part each; all others, and the school's, are the first.
    """
    own = policy.rules_of_cohorts(as_of_date)
    if not own:
        return [(policy, rows)]
    is_cohort = F.col("scope") == "cohort"
    rest = rows.where(~(is_cohort & F.col("cohort_id").isin(list(own))))
    parts = [(rules, rows.where(is_cohort & (F.col("cohort_id") == cohort))) for cohort, rules in own.items()]
    return [(policy, rest), *parts]


def measured_units(expected: DataFrame, policy: Policy, as_of_date: date, scope: str | None = None) -> DataFrame:
    """Return one row per student, scope and unit of the expected sessions, with every running measure after it.

    Each is judged by the rules in force for it at the as-of date. ``scope`` asks for one of school and cohort alone.
    """
    shares = policy.possible_from_known, policy.absence_from_missed
    counted = units(expected, policy.unit, policy.parts_per_unit, *shares)
    own = counted if scope is None else counted.where(F.col("scope") == F.lit(scope))
    return judged(own, policy, as_of_date, _running)


def _running(counted: DataFrame, rules: Policy) -> DataFrame:
    return running_measures(counted, rules.parts_per_unit, TierRule.of(rules), AttentionRule.of(rules))


def judged(
    rows: DataFrame, policy: Policy, as_of_date: date, judge: Callable[[DataFrame, Policy], DataFrame]
) -> DataFrame:
    """Return what ``judge`` makes of the rows, each part by its own rules."""
    return reduce(DataFrame.unionByName, (judge(part, rules) for rules, part in by_rules(rows, policy, as_of_date)))
