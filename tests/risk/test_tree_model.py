"""The trees as a model: reasons that add up, the same through a frame, the same trees from the same rows."""

import numpy as np
import pyarrow as pa
import pytest

from student_track.frames import frame_from_columns
from student_track.risk.challenger import fit_tree_model
from student_track.risk.contest import has_reasons
from student_track.risk.features import FAMILIES, FEATURE_NAMES
from student_track.risk.tree_model import TreeModel
from tests.metric_frames import policy_with
from tests.risk_rows import AUTUMN, rows_of_term
from tests.risk_trees import drawn_trees, drawn_values

WEEK = FEATURE_NAMES.index("week")


@pytest.fixture(scope="module")
def model() -> TreeModel:
    return drawn_trees()


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return drawn_values(seed=2, count=100)


@pytest.fixture(scope="module")
def middle(values) -> np.ndarray:
    """The student of the class's medians, in each one's own week."""
    found = np.tile(np.median(values, axis=0), (len(values), 1))
    found[:, WEEK] = values[:, WEEK]
    return found


def test_reasons_add_up_to_the_difference_from_the_class(model, values, middle) -> None:
    found = model.contributions(values, middle)
    assert np.abs(found.sum(axis=1) - (model.log_odds(values) - model.log_odds(middle))).max() < 1e-9
    assert np.abs(found).max() > 1
    assert np.abs(model.contributions(middle, middle)).max() < 1e-12


def test_a_frame_gets_the_same_numbers_and_an_empty_one_none(spark, model, values, middle) -> None:
    columns = dict(zip(FEATURE_NAMES, values.T.tolist(), strict=True)) | {
        f"median_{name}": middle[:, place].tolist() for place, name in enumerate(FEATURE_NAMES)
    }
    frame = frame_from_columns(spark, columns, dict.fromkeys(columns, pa.float64()))
    made = model.with_contributions(model.with_log_odds(frame), "median_").toPandas()
    assert np.abs(made["log_odds"] - model.log_odds(values)).max() < 1e-12
    adds = made[[f"adds_{family}" for family in FAMILIES]].to_numpy()
    assert np.abs(adds - model.contributions(values, middle)).max() < 1e-12
    assert model.with_contributions(model.with_log_odds(frame.limit(0)), "median_").count() == 0


def test_the_same_rows_give_the_same_trees_and_other_rows_others() -> None:
    rows, other = (rows_of_term(AUTUMN, seed, 1.5, students=100) for seed in (0, 1))
    once, again, another = (fit_tree_model(part, policy_with(), (AUTUMN,)) for part in (rows, rows, other))
    values = rows[list(FEATURE_NAMES)].to_numpy()
    assert once.model_id == again.model_id != another.model_id
    assert np.array_equal(once.log_odds(values), again.log_odds(values))
    assert once.trees.cv is None  # not even the places of the rows are kept


def test_a_calibration_that_turns_the_order_round_has_no_reasons() -> None:
    rows = rows_of_term(AUTUMN, 0, 1.5, students=100)
    model = fit_tree_model(rows, policy_with(), (AUTUMN,))
    assert has_reasons(model, rows)
    model.trees.calibrated_classifiers_[0].calibrators[0].a_ *= -1
    assert not has_reasons(model, rows)
