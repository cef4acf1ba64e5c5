"""The estimator: scikit-learn's own checks, the signs, and scikit-learn's own answer where no sign binds."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import check_estimator

from student_track.risk.logistic import SignConstrainedLogisticRegression


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Three features, the first for the event, the second against it, the third a copy of the first with noise."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=(400, 3))
    values[:, 2] = values[:, 0] + rng.normal(scale=0.1, size=400)
    return values, rng.random(400) < 1 / (1 + np.exp(1 - 2 * values[:, 0] + values[:, 1]))


def test_it_passes_the_checks_of_scikit_learn() -> None:
    check_estimator(SignConstrainedLogisticRegression())


@pytest.mark.parametrize("penalty", [0.03, 3.0])
def test_without_signs_it_is_the_logistic_regression_of_scikit_learn(drawn, penalty) -> None:
    ours = SignConstrainedLogisticRegression(C=penalty).fit(*drawn)
    theirs = LogisticRegression(C=penalty, tol=1e-10, max_iter=10_000).fit(*drawn)
    assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-5)
    assert ours.intercept_ == pytest.approx(theirs.intercept_, abs=1e-5)


@pytest.mark.parametrize("signs", [(1, -1, 1), (-1, 1, 0), (0, 0, -1)])
def test_no_weight_has_the_other_sign(drawn, signs) -> None:
    weights = SignConstrainedLogisticRegression(C=3.0, signs=signs).fit(*drawn).coef_[0]
    assert all(weight * sign >= 0 for weight, sign in zip(weights, signs, strict=True))
    assert np.any(weights != 0)


def test_a_sign_against_the_data_gives_no_weight(drawn) -> None:
    assert SignConstrainedLogisticRegression(C=3.0, signs=(0, 1, 0)).fit(*drawn).coef_[0, 1] == 0


def test_the_same_rows_give_the_same_weights_to_the_last_digit(drawn) -> None:
    once, again = (SignConstrainedLogisticRegression(signs=(1, -1, 1)).fit(*drawn) for _ in range(2))
    assert np.array_equal(once.coef_, again.coef_)


def test_as_many_signs_as_features_are_asked_for(drawn) -> None:
    with pytest.raises(ValueError, match="2 values for 3 features"):
        SignConstrainedLogisticRegression(signs=(1, 1)).fit(*drawn)
