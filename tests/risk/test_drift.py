"""Drift: nothing where nothing moved, and the tenths of a training come back from the table as they were."""

import numpy as np
import pandas as pd
import pytest

from student_track.risk import judge, risk_model_metrics, tenths_of_models
from student_track.risk.drift import MEASURED, features_moved, stability_index, trained_tenths
from student_track.risk.features import FEATURE_NAMES
from tests.metric_frames import policy_with
from tests.risk_rows import TASK, training_rows


def test_values_that_stay_have_not_moved_and_shifted_ones_have() -> None:
    values = pd.Series(range(1000)) / 1000
    assert stability_index(values, values) == 0
    assert stability_index(values, values + 0.05) < 0.25 < stability_index(values, values + 0.4)


def test_by_hand_half_became_three_quarters() -> None:
    tenths = {"rate_all": (np.array([0.9]), np.array([0.5, 0.5]))}
    present = pd.DataFrame({"rate_all": [0.8, 0.9, 0.95, 1.0]})  # the limit belongs to the part above
    expected = 0.25 * np.log(0.75 / 0.5) - 0.25 * np.log(0.25 / 0.5)
    assert features_moved(tenths, present) == {"rate_all": pytest.approx(expected, abs=1e-9)}
    assert features_moved(tenths, present.head(0)) == {}


def test_an_absence_long_ago_is_no_other_value() -> None:
    rows = training_rows(0, effect=0.0).train.assign(ewma_3=1.0)
    tenths = {"ewma_3": (np.array([1.0]), np.array([0.0, 1.0]))}
    assert features_moved(tenths, rows.assign(ewma_3=0.99999)) == {"ewma_3": 0}


def test_the_tenths_of_a_training_come_back_from_the_table_and_only_what_moved_has_moved(spark) -> None:
    rows = training_rows(0, effect=1.5)
    judgement = judge(rows, TASK, policy_with())
    trained = tenths_of_models(risk_model_metrics(spark, judgement))[judgement.model.model_id]
    assert set(trained) == set(MEASURED) == set(FEATURE_NAMES) - {"week"}
    assert set(features_moved(trained, rows.train).values()) == {0}
    moved = features_moved(trained, rows.train.assign(rate_20=rows.train["rate_20"] - 1))
    assert moved.pop("rate_20") > 0.25
    assert set(moved.values()) == {0}


def test_a_feature_with_one_value_only_has_one_limit() -> None:
    rows = training_rows(0, effect=0.0).train.assign(late_share=0.0)
    own = {key: value for key, value in trained_tenths(rows).items() if key[1] == "late_share"}
    assert [(key[2], value) for key, value in own.items()] == [("edge 00", 0.0), ("share 00", 0.0), ("share 01", 1.0)]
