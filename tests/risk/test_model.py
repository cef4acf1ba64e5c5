"""The stored model: the same as text, in Python and in SQL; anything else is refused."""

import numpy as np
import pyarrow as pa
import pytest
from pyspark.sql import functions as F

from student_track.frames import frame_from_columns
from student_track.risk.features import FAMILIES, FEATURE_NAMES, FEATURES
from student_track.risk.model import PUBLISHED_PRIOR, RiskModel, model_from_json, probability, significant
from student_track.risk.training import fit_weights
from tests.risk_rows import AUTUMN, rows_of_term


@pytest.fixture(scope="module")
def model() -> RiskModel:
    return fit_weights(rows_of_term(AUTUMN, seed=0, effect=1.5), penalty=0.03)


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(200, len(FEATURE_NAMES)))


def frame_of(spark, values: np.ndarray, prefix: str = ""):
    columns = {f"{prefix}{name}": values[:, place].tolist() for place, name in enumerate(FEATURE_NAMES)}
    return frame_from_columns(spark, columns, dict.fromkeys(columns, pa.float64()))


def test_every_weight_has_its_sign(model) -> None:
    assert all(weight * feature.sign >= 0 for weight, feature in zip(model.weights, FEATURES, strict=True))


@pytest.mark.parametrize("kind", ["own", "prior"])
def test_the_sql_expression_scores_as_python_does(spark, model, values, kind) -> None:
    scorer = model if kind == "own" else PUBLISHED_PRIOR
    places = [FEATURE_NAMES.index(name) for name in scorer.features]
    scored = frame_of(spark, values).select(F.expr(scorer.score_expression()).alias("score"))
    rows = scored.withColumn("chance", probability("score")).toArrow().to_pydict()
    expected = scorer.log_odds(values[:, places])
    assert np.max(np.abs(np.array(rows["score"]) - expected)) < 1e-9
    assert np.max(np.abs(np.array(rows["chance"]) - 1 / (1 + np.exp(-expected)))) < 1e-9


def test_the_contributions_of_the_families_and_the_season_sum_to_the_difference_from_the_class(
    spark, model, values
) -> None:
    medians = np.median(values, axis=0)
    both = np.hstack([values, np.tile(medians, (len(values), 1))])
    columns = [*FEATURE_NAMES, *(f"median_{name}" for name in FEATURE_NAMES)]
    content = {name: both[:, place].tolist() for place, name in enumerate(columns)}
    frame = frame_from_columns(spark, content, dict.fromkeys(columns, pa.float64()))
    families = [*FAMILIES, "season"]
    assert {feature.family for feature in FEATURES} == set(families)
    parts = [F.expr(model.contribution_expression(family, "median_")).alias(family) for family in families]
    added = np.array([sum(row.values()) for row in frame.select(*parts).toArrow().to_pylist()])
    difference = model.log_odds(values) - model.log_odds(medians[None, :])
    assert np.max(np.abs(added - difference)) < 1e-9


def test_a_present_day_turned_into_an_absence_never_lowers_the_score(model) -> None:
    """Every feature moves the way its sign says: rates down, streaks up."""
    values = np.random.default_rng(2).normal(size=(1000, len(FEATURE_NAMES)))
    steps = np.abs(np.random.default_rng(3).normal(size=values.shape)) * np.array(
        [feature.sign for feature in FEATURES]
    )
    assert (model.log_odds(values + steps) >= model.log_odds(values)).all()


def test_it_comes_back_from_its_text_as_it_was(model) -> None:
    again = model_from_json(model.as_json())
    assert again == model
    assert again.model_id == model.model_id != PUBLISHED_PRIOR.model_id


@pytest.mark.parametrize("text", ['{"kind": "x"}', "[]", '{"kind": "x", "pickle": "gASV"}'])
def test_what_is_no_model_of_ours_is_refused(text) -> None:
    with pytest.raises(ValueError, match="no risk model"):
        model_from_json(text)


def test_a_model_of_other_features_is_refused(model) -> None:
    with pytest.raises(ValueError, match="unknown features"):
        model_from_json(model.as_json().replace("rate_all", "gender"))


def test_numbers_are_kept_to_twelve_digits() -> None:
    assert significant(1 / 3) == 0.333333333333
    assert significant(-123456.7890123456) == -123456.789012
