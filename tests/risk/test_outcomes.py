"""After the fact: stored scores meet their outcomes, none before its window has been held."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from student_track import risk
from student_track.frames import frame_from_columns, kept
from student_track.risk.history import Period
from student_track.risk.outcomes import (
    dates_to_follow_up,
    follow_up,
    follow_up_metrics,
    matured_scores,
    rows_of_follow_up,
)
from tests.drawn_schools import school_days
from tests.metric_frames import SCHOOL_YEAR, policy_with
from tests.risk_frames import class_of, history_of

DAYS = school_days(35)
LINES = {"stays": "." * 35, "drops": "." * 10 + "A" * 25, "away at first": "." * 5 + "A" * 5 + "." * 25}
TYPES = {"as_of_date": pa.date32(), "score": pa.float64(), "probability": pa.float64()}


def scores(spark, *rows: tuple[str, date, float | None, str | None]):
    """Stored scores: student, as-of date, probability, band; without a probability there was no score."""
    columns = {
        "student_key": [name for name, *_ in rows],
        "cohort_id": ["c"] * len(rows),
        "as_of_date": [day for _, day, *_ in rows],
        "model_id": ["m"] * len(rows),
        "score": [chance for *_, chance, _ in rows],
        "probability": [chance for *_, chance, _ in rows],
        "band": [band for *_, band in rows],
    }
    return frame_from_columns(spark, columns, TYPES)


@pytest.fixture(scope="module")
def stored(spark):
    return scores(
        spark,
        ("drops", DAYS[8], 0.1, "low"),
        ("drops", DAYS[9], 0.25, "low"),
        ("stays", DAYS[9], 0.25, "high"),
        ("away at first", DAYS[9], None, None),
        ("stays", DAYS[14], 0.25, "high"),
        ("away at first", DAYS[14], 0.25, "high"),
        ("stays", DAYS[34], 0.25, "high"),
    )


@pytest.fixture(scope="module")
def matured(spark, stored) -> pd.DataFrame:
    policy = policy_with()
    history = history_of(spark, class_of(DAYS, LINES), DAYS[-1], policy)
    dates = dates_to_follow_up(stored, Period(SCHOOL_YEAR, DAYS[0], DAYS[-1]), DAYS[-1], policy.dropout_risk)
    assert dates == (DAYS[9], DAYS[14])  # the last of each week, none of today
    return matured_scores(stored, history, policy, dates, lambda frame: kept(spark, frame))


def test_every_stored_score_meets_its_outcome(matured) -> None:
    found = {(row.student_key, row.as_of_date): row.has_event for row in matured.itertuples()}
    assert found == {
        ("drops", DAYS[9]): True,
        ("stays", DAYS[9]): False,
        ("stays", DAYS[14]): False,
        ("away at first", DAYS[14]): False,
    }


def test_a_score_whose_window_is_not_over_has_no_outcome(spark, stored) -> None:
    policy = policy_with()
    history = history_of(
        spark, class_of(DAYS[:34], {name: line[:34] for name, line in LINES.items()}), DAYS[33], policy
    )
    found = matured_scores(stored, history, policy, (DAYS[14],), lambda frame: kept(spark, frame))
    assert found.empty


def test_observed_expected_missed_and_turnover_by_week_and_group(matured) -> None:
    found = follow_up(matured, {"drops": "plan"}).set_index(["as_of_date", "subgroup", "metric"])["value"]
    assert found[DAYS[9], "", "observed_events"] == 1
    assert found[DAYS[9], "", "expected_events"] == 0.5
    assert found[DAYS[9], "", "observed_over_expected"] == 2
    assert found[DAYS[9], "", "false_negative_rate"] == found[DAYS[9], "plan", "false_negative_rate"] == 1
    assert (DAYS[14], "", "false_negative_rate") not in found.index  # nobody had the event
    assert found[DAYS[14], "", "list_turnover"] == 0.5
    assert (DAYS[9], "", "list_turnover") not in found.index


def test_how_far_each_feature_has_moved_since_the_training_stands_under_the_feature(matured) -> None:
    half = np.array([0.5, 0.5])
    found = follow_up(matured, trained={"m": {"rate_all": (np.array([0.9]), half), "rate_5": (np.array([9.0]), half)}})
    moved = found[found["metric"] == "feature_stability_index"].set_index(["as_of_date", "subgroup"])["value"]
    assert set(moved.index) == {(day, name) for day in (DAYS[9], DAYS[14]) for name in ("rate_all", "rate_5")}
    assert moved[DAYS[9], "rate_all"] > 1  # nobody is where half were
    of_both_dates = 0.25 * np.log(0.5 / 0.25) + 0.25 * np.log(0.75 / 0.5)  # a quarter against three
    assert moved[DAYS[14], "rate_all"] == pytest.approx(of_both_dates, abs=1e-9)
    assert moved[DAYS[14], "rate_5"] > 1
    others = follow_up(matured, trained={"another model": {}})
    assert "feature_stability_index" not in set(others["metric"])


def test_its_rows_replace_those_of_their_dates_only(spark, matured) -> None:
    figures = follow_up(matured)
    rows = follow_up_metrics(spark, figures).collect()
    assert {row.test for row in rows} == {f"scores of {DAYS[9]}", f"scores of {DAYS[14]}"}
    assert rows_of_follow_up(figures) == f"test IN ('scores of {DAYS[9]}', 'scores of {DAYS[14]}')"
    assert rows_of_follow_up(follow_up(matured.head(0))) == "false"
    assert follow_up_metrics(spark, follow_up(matured.head(0))).count() == 0


def test_without_a_date_nothing_is_read(spark, stored) -> None:
    assert dates_to_follow_up(stored, None, DAYS[-1], policy_with().dropout_risk) == ()
    history = risk.history.History(DAYS[-1], (), *(None,) * 5)
    assert matured_scores(stored, history, policy_with(), (), None).empty
