"""The label that the score foretells: not present once in the units to come, among students seen lately."""

from datetime import timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from student_track.policy import Policy, RiskPolicy
from student_track.risk.features import last_unit_up_to
from student_track.risk.history import OWN_UNITS
from student_track.risk.landmarks import TERM, usual_horizons, weekly_landmarks

TRANSFER_WITHIN = timedelta(days=31)
NEW_DROPOFF, DROPOFF = "new_dropoff", "dropoff"
LABELS = (NEW_DROPOFF, DROPOFF)
EVER = 10_000
"""Weeks: longer than any school has registers for."""


def label_definition(policy: Policy, label: str = NEW_DROPOFF) -> str:
    """Return in words what a model was trained to foretell; two models with the same words foretell the same."""
    rule = policy.dropout_risk
    weeks = f"{rule.horizon_weeks} weeks of units (at least {rule.horizon_least_units})"
    ahead = weeks if rule.horizon_weeks else f"{rule.horizon_least_units} units"
    lately = f"present within {rule.seen_lately_weeks} weeks or {rule.seen_lately_units} units"
    seen = "present once before" if label == DROPOFF else lately
    return f"{label}: not present in the next {ahead}, among those {seen}; unit {policy.unit}, period {policy.period}"


def for_label(policy: Policy, label: str, horizon_units: int | None = None) -> Policy:
    """Return the policy under which rows are labelled so: who is at risk of it, and how many units it looks ahead.

    ``dropoff`` is ``new_dropoff`` without having been seen lately. It is for evaluation only; no model is kept of it.
    """
    changes = {"seen_lately_weeks": EVER} if label == DROPOFF else {}
    if horizon_units is not None:
        changes |= {"horizon_weeks": 0, "horizon_least_units": horizon_units}
    return policy.model_copy(update={"dropout_risk": policy.dropout_risk.model_copy(update=changes)})


def landmarks_with_window(held: DataFrame, rule: RiskPolicy) -> DataFrame:
    """Return the weekly landmarks whose window has been held in full, within the term, with ``window_end_date``.

    A landmark whose window reaches over the end of the term, or past the as-of date, is left out whatever came of it.
    """
    return with_window(weekly_landmarks(held), held, rule)


def with_window(landmarks: DataFrame, held: DataFrame, rule: RiskPolicy) -> DataFrame:
    """Return those of the landmarks whose window has been held in full, within the term, with its end and length.

    A window ends with a day: where sessions are the units, what else was held on its last day belongs to it.
    """
    horizons = usual_horizons(held, rule.horizon_weeks, rule.horizon_least_units)
    last = F.col("held_number") + F.col("horizon_units")
    aimed = landmarks.join(horizons, [*TERM]).withColumn("last_number", last)
    ends = held.select(*TERM, F.col("held_number").alias("last_number"), F.col("unit_date").alias("window_end_date"))
    return aimed.join(ends, [*TERM, "last_number"]).drop("last_number")


def label_rows(rows: DataFrame, running: DataFrame, exits: DataFrame) -> DataFrame:
    """Return the rows with ``has_event``, a flag; those whose outcome is not known are left out (censored).

    The event: no unit of the window was attended, or the student left inside it. Moving to another stay is neither:
    such a row is left out, and so is one without a known unit in its window.
    """
    own = running.select(*OWN_UNITS, "unit_number", "count_possible", "count_absences")
    present = F.col("count_possible") - F.col("count_absences")
    after = own.select(*OWN_UNITS, "unit_number", present.alias("present_by_end"), "count_possible")
    after = after.withColumnRenamed("count_possible", "possible_by_end")
    ahead = rows.select("student_key", *TERM, "landmark_date", "window_end_date")
    ahead = last_unit_up_to(ahead, running, "window_end_date").join(after, [*OWN_UNITS, "unit_number"], "left")
    seen = rows.join(ahead.drop("unit_number", "window_end_date"), ["student_key", *TERM, "landmark_date"])
    left = seen.join(_exits_inside(rows, exits), ["student_key", "cohort_id", "landmark_date"], "left")
    has_left, has_moved = F.coalesce("has_left", F.lit(False)), F.coalesce("has_moved", F.lit(False))
    is_silent = F.col("present_by_end") == present
    is_known = F.col("possible_by_end") > F.col("count_possible")
    kept = left.where(~has_moved & (has_left | is_known))
    return kept.withColumn("has_event", has_left | is_silent).drop(
        "present_by_end", "possible_by_end", "has_left", "has_moved"
    )


def list_exits(enrolments: DataFrame) -> DataFrame:
    """Return one row per stay with a declared end: its last day, and whether another stay begins within a month."""
    ended = enrolments.where("last_expected_date IS NOT NULL").select(
        "student_key", "cohort_id", "stint", F.col("last_expected_date").alias("exit_date")
    )
    begun = enrolments.select(
        "student_key",
        F.col("cohort_id").alias("next_cohort_id"),
        F.col("stint").alias("next_stint"),
        F.col("first_expected_date").alias("next_date"),
    )
    pairs = ended.join(begun, "student_key", "left")
    is_another = (F.col("next_cohort_id") != F.col("cohort_id")) | (F.col("next_stint") != F.col("stint"))
    days = F.datediff("next_date", "exit_date")
    follows = F.coalesce(is_another & days.between(0, TRANSFER_WITHIN.days), F.lit(False))
    return pairs.groupBy("student_key", "cohort_id", "stint", "exit_date").agg(F.bool_or(follows).alias("is_transfer"))


def _exits_inside(rows: DataFrame, exits: DataFrame) -> DataFrame:
    """Per row with an end of the stay inside its window: whether the student left, or moved to another stay."""
    keys = rows.select("student_key", "cohort_id", "landmark_date", "window_end_date")
    pairs = keys.join(exits, ["student_key", "cohort_id"])
    inside = pairs.where("exit_date >= landmark_date AND exit_date < window_end_date")
    return inside.groupBy("student_key", "cohort_id", "landmark_date").agg(
        F.bool_or(~F.col("is_transfer")).alias("has_left"), F.bool_or("is_transfer").alias("has_moved")
    )
