"""Room left, exact: absences until the next tier, now and to the end of the period; and what a year comes to."""

import itertools
from datetime import date
from fractions import Fraction

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from student_track.attendance.measures import TierRule
from student_track.attendance.units import SCOPE, in_each_scope
from student_track.policy import TIERS


def planned_units(windows: DataFrame, sessions: DataFrame, as_of_date: date, unit: str) -> DataFrame:
    """Return one row per student and scope with the units planned after the as-of date, to the end of the period.

    The sessions are those of the period: a school year, or a cohort's whole life. Null where the plan is not known of
    every cohort the student is enrolled in.
    """
    plan = sessions.where("is_in_calendar")
    known = plan.select("cohort_id").distinct().withColumn("is_plan_known", F.lit(True))
    is_open = F.col("last_expected_date").isNull()
    enrolled = windows.where(is_open | (F.col("last_expected_date") == F.lit(as_of_date)))
    stays = enrolled.where("first_expected_date IS NOT NULL").groupBy("student_key", "cohort_id")
    own = in_each_scope(stays.agg(F.bool_or(is_open).alias("goes_on")))
    cohorts = own.join(known.withColumnRenamed("cohort_id", "own_cohort_id"), "own_cohort_id", "left")
    ahead = plan.where((F.col("session_date") > F.lit(as_of_date)) & ~F.col("is_cancelled"))
    ahead = ahead.select(
        F.col("cohort_id").alias("own_cohort_id"), "session_date", "session_id", F.lit(True).alias("goes_on")
    )
    counted = F.countDistinct("session_date" if unit == "day" else "session_id")
    return (
        cohorts.join(ahead, ["own_cohort_id", "goes_on"], "left")
        .groupBy(*SCOPE)
        .agg(counted.alias("count_ahead"), F.bool_and(F.coalesce("is_plan_known", F.lit(False))).alias("is_plan_known"))
        .select(*SCOPE, F.expr("CASE WHEN is_plan_known THEN count_ahead END").alias("count_planned_units"))
    )


def room_left(measured: DataFrame, parts_per_unit: int, rule: TierRule) -> DataFrame:
    """Add to rows with tier, possible, missed and planned units what may still be missed; null without a tier.

    With limit p/q, missed M parts, possible P, planned R and L parts per unit: the next k units, all missed, reach the
    limit from q(M + kL) >= p(P + k)L on; of R units, a may be missed as long as q(M + aL) < p(P + R)L. Where the limit
    belongs to the better tier, it is reached one part later. Projected: R more units with the share M / PL missed.
    """
    worse = dict(itertools.pairwise(TIERS))
    next_tier = F.create_map(*(F.lit(word) for pair in worse.items() for word in pair))[F.col("tier")]
    limit = {part: _by_next_tier(rule.limits, part) for part in ("numerator", "denominator")}
    rows = measured.withColumn("next_tier", next_tier).withColumns(
        {f"limit_{part}": column for part, column in limit.items()}
    )
    whole, beyond = f"{parts_per_unit}L", "0L" if rule.limit_belongs_to == "worse" else "1L"
    in_year = "(count_possible_units + count_planned_units)"
    at_end = f"limit_numerator * {in_year} * {whole} + {beyond} - limit_denominator * missed_parts"
    steps = {
        "shortfall": f"limit_numerator * count_possible_units * {whole} + {beyond} - limit_denominator * missed_parts",
        "step": f"{whole} * (limit_denominator - limit_numerator)",
        "fitting": f"({at_end} - 1L) DIV (limit_denominator * {whole})",
    }
    left = "CASE WHEN next_tier IS NOT NULL THEN LEAST(fitting, count_planned_units) END"
    columns = {
        "count_absences_to_next_tier": "(shortfall + step - 1L) DIV NULLIF(step, 0L)",
        "count_absences_left_in_year": left,
        "best_reachable_rate": _with_tier(f"1D - missed_parts / NULLIF({whole} * {in_year}, 0L)"),
        "count_projected_units": _with_tier(in_year),
        "projected_missed_units": _with_tier(f"missed_parts / {whole} * {in_year} / NULLIF(count_possible_units, 0L)"),
    }
    rows = rows.withColumns({name: F.expr(text) for name, text in steps.items()})
    return rows.withColumns({name: F.expr(text) for name, text in columns.items()})


def _with_tier(expression: str) -> str:
    return f"CASE WHEN tier IN ({', '.join(repr(name) for name in TIERS)}) THEN {expression} END"


def _by_next_tier(limits: dict[str, Fraction], part: str) -> Column:
    """The numerator or denominator of the next tier's limit, beside the row; null where there is no next tier."""
    pairs = [word for name in TIERS[1:] for word in (F.lit(name), F.lit(getattr(limits[name], part)).cast("bigint"))]
    return F.create_map(*pairs)[F.col("next_tier")]
