"""After the fact: what became of those who were scored, week by week."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.frames import frame_from_rows
from student_track.policy import Policy, RiskPolicy
from student_track.risk.drift import FEATURE_STABILITY, Tenths, features_moved, stability_index
from student_track.risk.features import DECIMALS, FEATURE_NAMES
from student_track.risk.history import History, Keep, Period
from student_track.risk.labels import label_rows, list_exits, with_window
from student_track.risk.landmarks import landmarks_on
from student_track.risk.rows import rows_at_landmarks
from student_track.schemas import RISK_MODEL_METRICS

TEST = "scores of "
"""How the test of these figures begins; the as-of date of the scores follows."""

HIGH = "high"


def dates_to_follow_up(
    scores: DataFrame, period: Period | None, as_of_date: date, rule: RiskPolicy
) -> tuple[date, ...]:
    """Return the last scored date of each week of the period, oldest first, of weeks whose outcome may be known."""
    if period is None:
        return ()
    earlier = as_of_date - timedelta(days=max(1, 7 * (rule.horizon_weeks - 1)))  # a usual week may have fewer days
    inside = F.col("as_of_date").between(F.lit(period.from_date), F.lit(earlier))
    found = scores.where(inside & F.col("score").isNotNull()).select("as_of_date").distinct().collect()
    last_of_week = {row.as_of_date.isocalendar()[:2]: row.as_of_date for row in sorted(found)}
    return tuple(last_of_week.values())


def matured_scores(
    scores: DataFrame, history: History, policy: Policy, dates: Sequence[date], keep: Keep
) -> pd.DataFrame:
    """Return the scores of the dates whose window has been held, with ``has_event`` and features; none without a date.

    The score, band and model are those that were stored then; nothing is scored again.
    """
    columns = ["student_key", "cohort_id", "as_of_date", "model_id", "score", "probability", "band"]
    stored = scores.where(F.col("as_of_date").isin(list(dates)) & F.col("score").isNotNull()).select(*columns)
    if not dates:
        return stored.limit(0).toPandas().assign(has_event=pd.Series(dtype=bool))
    rule = policy.dropout_risk
    students, running = rows_at_landmarks(
        history, policy, lambda held: with_window(landmarks_on(held, dates), held, rule), keep
    )
    labelled = label_rows(keep(students), running, list_exits(history.enrolments))
    as_of = F.col("landmark_date").alias("as_of_date")
    outcomes = labelled.select("student_key", "cohort_id", as_of, "has_event", *FEATURE_NAMES)
    rows = stored.join(outcomes, ["student_key", "cohort_id", "as_of_date"]).toPandas()
    return rows.sort_values(columns[:3], ignore_index=True)


def follow_up(
    matured: pd.DataFrame, groups: dict[str, str] | None = None, trained: dict[str, Tenths] | None = None
) -> pd.DataFrame:
    """Return one row per model, scored date, group and figure, with the rows it rests on; empty group: everybody.

    Observed and expected students with the event (expected only where a probability was said), their ratio, the share
    of those with the event who were not in the band high, how much of that band is new, and how far the scores have
    moved since the model's first date (population stability index; watch from 0.1, act from 0.25). The same of each
    feature between the training and all dates so far, where the model's tenths are known; the feature stands for the
    group.
    """
    found = []
    for model_id, of_model in matured.groupby("model_id"):
        first = before = None
        for day, rows in of_model.groupby("as_of_date"):
            figures = _outcome(rows) | _movement(rows, first, before)
            found += [(model_id, day, "", name, value, len(rows)) for name, value in figures.items()]
            for group, own in rows.groupby(rows["student_key"].map(groups or {})):
                found += [(model_id, day, group, name, value, len(own)) for name, value in _outcome(own).items()]
            so_far = of_model[of_model["as_of_date"] <= day]
            moved = features_moved((trained or {}).get(model_id, {}), so_far)
            found += [(model_id, day, name, FEATURE_STABILITY, value, len(so_far)) for name, value in moved.items()]
            first = rows if first is None else first
            before = rows
    columns = ["model_id", "as_of_date", "subgroup", "metric", "value", "count_rows"]
    return pd.DataFrame(found, columns=columns).dropna(subset=["value"]).reset_index(drop=True)


def follow_up_metrics(spark: SparkSession, figures: pd.DataFrame) -> DataFrame:
    """Return the figures as rows of ``risk_model_metrics``."""
    rows = [
        (row.model_id, f"{TEST}{row.as_of_date}", row.subgroup, row.metric, row.value, None, None, row.count_rows)
        for row in figures.itertuples()
    ]
    types = {name: pa.float64() for name in ("value", "lower", "upper")} | {"count_rows": pa.int64()}
    return frame_from_rows(spark, RISK_MODEL_METRICS.column_names, rows, types)


def rows_of_follow_up(figures: pd.DataFrame) -> str:
    """Return the SQL condition of the rows that these figures replace: those of their dates."""
    tests = ", ".join(f"'{TEST}{day}'" for day in sorted(set(figures["as_of_date"])))
    return f"test IN ({tests})" if tests else "false"


def _outcome(rows: pd.DataFrame) -> dict[str, float]:
    event = rows["has_event"].to_numpy(dtype=bool)
    expected = rows["probability"].astype(float).sum() if rows["probability"].notna().all() else np.nan
    missed = (event & (rows["band"] != HIGH).to_numpy()).sum()
    return {
        "observed_events": float(event.sum()),
        "expected_events": round(expected, DECIMALS),
        "observed_over_expected": round(event.sum() / expected, DECIMALS) if expected else np.nan,
        "false_negative_rate": round(missed / event.sum(), DECIMALS) if event.any() else np.nan,
    }


def _movement(rows: pd.DataFrame, first: pd.DataFrame | None, before: pd.DataFrame | None) -> dict[str, float]:
    """How the list and the scores differ from the date before and from the first; nothing on the first itself."""
    if first is None or before is None:
        return {}
    now, then = (
        set(zip(part["student_key"], part["cohort_id"], strict=True))
        for part in (rows[rows["band"] == HIGH], before[before["band"] == HIGH])
    )
    turnover = len(now - then) / len(now) if now else np.nan
    return {
        "list_turnover": round(turnover, DECIMALS),
        "score_stability_index": round(stability_index(first["score"], rows["score"]), DECIMALS),
    }
