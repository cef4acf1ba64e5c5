"""What if the limit from which a student needs attention were another one? Labels from the gold table's exact parts."""

import math
from dataclasses import replace
from fractions import Fraction

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from student_track.attendance import TOO_EARLY, WITHHELD, TierRule, judged, tier_of_share
from student_track.errors import InputError
from student_track.exploring.periods import WHOLE_SCHOOL
from student_track.exploring.school import School
from student_track.policy import TIERS, Policy
from student_track.privacy import student_label
from student_track.queries import exact_values
from student_track.tier_names import TIER_NAMES

FINEST_LIMIT = 1000
"""Limits are whole thousandths, as finely as the policy itself may say them: sums and products stay exact."""


def moved_tier(policy: Policy) -> str:
    """Return the tier whose limit is asked about: the best of those that ask for attention."""
    return next((tier for tier in TIERS[1:] if tier in policy.attention_tiers), "moderate_chronic")


def limit_changes(school: School, limit_percent: float, cohort: str = "") -> pd.DataFrame:
    """Return one row per label that another limit would change, most missed first; an empty cohort means all.

    Labels are those the policy goes by. A tier that is too early or withheld stays so: a limit has no part in that.
    Raises InputError for a limit that is no share in tenths of a percent.
    """
    rows = _at_limit(school, limit_percent)
    changed = rows[rows["tier"] != rows["tier_at_limit"]]
    if cohort:
        keys = set(school.students_in(cohort)["student_key"])
        changed = changed[changed["student_key"].isin(keys) & changed["cohort_id"].isin({"", cohort})]
    labels = dict(zip(school.students["student_key"], school.students["student"], strict=True))
    return pd.DataFrame(
        {
            "student": [labels.get(key, student_label(key)) for key in changed["student_key"]],
            "measured_in": changed["cohort_id"].replace("", WHOLE_SCHOOL).to_numpy(),
            "missed_units": changed["missed_units"].to_numpy(),
            "possible_units": changed["count_possible_units"].to_numpy(),
            "missed_percent": changed["missed_percent"].to_numpy(),
            "tier": changed["tier"].map(TIER_NAMES).to_numpy(),
            "tier_at_limit": changed["tier_at_limit"].map(TIER_NAMES).to_numpy(),
            "needs_attention": changed["needs_attention"].to_numpy(),
            "at_limit": changed["attention_at_limit"].to_numpy(),
        }
    )


def tiers_at_limit(school: School, limit_percent: float) -> pd.DataFrame:
    """Return per tier, worst first, how many labels there are and would be; last, how many would need attention."""
    rows = _at_limit(school, limit_percent)
    now, then = rows["tier"].value_counts(), rows["tier_at_limit"].value_counts()
    lines = [(name, int(now.get(tier, 0)), int(then.get(tier, 0))) for tier, name in TIER_NAMES.items()]
    attention = int(rows["needs_attention"].sum()), int(rows["attention_at_limit"].sum())
    table = pd.DataFrame([*lines, ("Needs attention", *attention)], columns=["tier", "now", "at_limit"])
    return table.assign(change=table["at_limit"] - table["now"])


def _at_limit(school: School, limit_percent: float) -> pd.DataFrame:
    """The labels the policy goes by, each beside the one at the limit; rules of single cohorts stay but for it."""
    limit = _share(limit_percent)
    rows = school.gold.where(F.col("scope") == school.policy.tier_scope)
    return exact_values(
        judged(rows, school.policy, school.as_of_date, lambda part, rules: _labelled(part, rules, limit))
        .selectExpr(
            *("student_key", "cohort_id", "tier", "tier_at_limit", "needs_attention", "attention_at_limit"),
            "round(missed_units, 2) AS missed_units",
            "count_possible_units",
            "round(100 * (1 - attendance_rate), 1) AS missed_percent",
        )
        .orderBy(F.desc("missed_percent"), "student_key", "cohort_id")
    )


def _labelled(rows: DataFrame, rules: Policy, limit: Fraction) -> DataFrame:
    rule = TierRule.of(rules)
    moved = replace(rule, limits={**rule.limits, moved_tier(rules): limit})
    whole = F.col("count_possible_units") * F.col("parts_per_unit")
    by_share = tier_of_share(F.col("missed_parts"), whole, moved)
    label = F.when(F.col("tier").isin(TOO_EARLY, WITHHELD), F.col("tier")).otherwise(by_share)
    other_reasons = F.expr("attention_reasons LIKE '%early_warning%' OR attention_reasons LIKE '%streak%'")
    asks = F.col("tier_at_limit").isin(list(rules.attention_tiers)) | other_reasons
    return rows.withColumn("tier_at_limit", label).withColumn("attention_at_limit", asks)


def _share(limit_percent: float) -> Fraction:
    share = Fraction(str(limit_percent)) / 100 if math.isfinite(limit_percent) else Fraction(0)
    if not 0 < share <= 1 or share.denominator > FINEST_LIMIT:
        raise InputError(f"limit_percent: {limit_percent} is no limit. Give tenths of a percent, from 0.1 to 100.")
    return share
