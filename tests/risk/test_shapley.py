"""Shapley values of families: what is known of them by hand, and that they add up."""

import numpy as np

from student_track.risk.shapley import family_values

FAMILIES = ((0, 1), (2,), (3,))
RNG = np.random.default_rng(0)
VALUES, REFERENCES = RNG.normal(size=(50, 5)), RNG.normal(size=(50, 5))
REFERENCES[:, 4] = VALUES[:, 4]  # in no family


def test_of_a_sum_they_are_the_differences() -> None:
    weights = np.array([2.0, -1.0, 3.0, 0.0, 5.0])
    found = family_values(lambda values: values @ weights, VALUES, REFERENCES, FAMILIES)
    parts = (VALUES - REFERENCES) * weights
    assert np.allclose(found, np.column_stack([parts[:, :2].sum(axis=1), parts[:, 2], parts[:, 3]]))


def test_what_takes_two_families_is_shared_by_them_alone() -> None:
    ones, zeros = np.ones((1, 5)), np.zeros((1, 5))
    found = family_values(lambda values: values[:, 0] * values[:, 2], ones, zeros, FAMILIES)
    assert np.allclose(found, [[0.5, 0.5, 0.0]])


def test_they_add_up_whatever_the_score_is() -> None:
    def score(values: np.ndarray) -> np.ndarray:
        return np.sin(values[:, 0] * values[:, 2]) + np.maximum(values[:, 1], values[:, 3]) * values[:, 4]

    found = family_values(score, VALUES, REFERENCES, FAMILIES)
    assert np.abs(found.sum(axis=1) - (score(VALUES) - score(REFERENCES))).max() < 1e-12
