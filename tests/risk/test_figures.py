"""Figures: scikit-learn's own where it has them, hand-computed otherwise."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from student_track.risk import figures


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chances with ties, outcomes that follow them, and three lines of weights: all ones, and two draws."""
    rng = np.random.default_rng(5)
    chance = rng.integers(1, 20, size=500) / 20
    weights = np.vstack([np.ones(500), rng.integers(0, 3, size=(2, 500))])
    return chance, rng.random(500) < chance, weights


def test_the_area_is_that_of_scikit_learn_for_every_draw(drawn) -> None:
    chance, event, weights = drawn
    expected = [roc_auc_score(event, chance, sample_weight=line) for line in weights]
    assert figures.area_under_curve(chance, event, weights) == pytest.approx(expected)


def test_ties_count_half_and_a_draw_without_an_event_has_no_area() -> None:
    event = np.array([True, False])
    weights = np.array([[1.0, 1.0], [0.0, 1.0]])
    found = figures.area_under_curve(np.zeros(2), event, weights)
    assert found[0] == 0.5
    assert np.isnan(found[1])


def test_the_brier_score_is_that_of_scikit_learn(drawn) -> None:
    chance, event, weights = drawn
    expected = [brier_score_loss(event, chance, sample_weight=line) for line in weights]
    assert figures.brier(chance, event, weights) == pytest.approx(expected)


def test_a_share_is_filled_within_each_group_and_a_tie_shares_what_is_left() -> None:
    score = np.array([4.0, 3.0, 2.0, 1.0, 5.0, 5.0, 5.0, 1.0])
    groups = pd.Series(["a"] * 4 + ["b"] * 4)
    assert figures.chosen_share(score, groups, 0.25).tolist() == pytest.approx([1, 0, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0])
    assert figures.chosen_share(score, groups, 0.5).sum() == 4


def test_precision_and_recall_of_the_chosen() -> None:
    chosen, event, weights = np.array([1.0, 1.0, 0.0]), np.array([True, False, True]), np.array([[1.0, 1.0, 2.0]])
    assert figures.precision(chosen, event, weights) == [0.5]
    assert figures.recall(chosen, event, weights) == pytest.approx([1 / 3])


def test_right_chances_have_slope_one_and_no_error_and_doubled_odds_half_the_slope() -> None:
    chance = np.repeat([0.2, 0.5, 0.8], 1000)
    event = np.concatenate([np.arange(1000) < 1000 * share for share in (0.2, 0.5, 0.8)])
    ones = np.ones((1, 3000))
    assert figures.calibration_slope(chance, event, ones) == pytest.approx([1.0], abs=1e-3)
    odds = 2 * np.log(chance / (1 - chance))
    assert figures.calibration_slope(1 / (1 + np.exp(-odds)), event, ones) == pytest.approx([0.5], abs=1e-3)


def test_the_calibration_error_is_the_mean_distance_of_the_bins() -> None:
    event = np.tile([True, False], 100)  # half of every bin
    ones = np.ones((1, 200))
    assert figures.calibration_error(np.full(200, 0.5), event, ones) == pytest.approx([0.0])
    assert figures.calibration_error(np.repeat([0.3, 0.9], 100), event, ones) == pytest.approx([(0.2 + 0.4) / 2])


def test_whole_students_are_drawn_and_the_first_line_is_everybody() -> None:
    students = pd.Series(["a", "b", "a", "c"])
    lines = np.vstack(list(figures.student_draws(students, 250, seed=1)))
    assert lines.shape == (251, 4)
    assert lines[0].tolist() == [1, 1, 1, 1]
    assert np.array_equal(lines[:, 0], lines[:, 2])
    assert (lines[:, [0, 1, 3]].sum(axis=1) == 3).all()
    assert np.array_equal(lines, np.vstack(list(figures.student_draws(students, 250, seed=1))))
