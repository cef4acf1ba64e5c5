"""A logistic regression whose weights keep the sign a teacher would expect."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

Values = NDArray[np.float64]
ONE_THREAD = 1
"""A step of so small a problem takes microseconds; a linear algebra library's threads wait longer for each other."""


class SignConstrainedLogisticRegression(ClassifierMixin, BaseEstimator):
    """L2 logistic regression of two classes; ``signs`` holds -1, 1 or 0 (either) for each feature, None frees all.

    Minimises ``C`` times the summed log-loss plus half the squared weights, as scikit-learn's own does, by L-BFGS-B
    with a bound at zero for each signed weight. The intercept is neither bounded nor penalised. Features are taken as
    they are: standardise them first.
    """

    def __init__(self, C: float = 0.03, signs: Sequence[int] | None = None, max_iter: int = 1000, tol: float = 1e-9):
        self.C = C
        self.signs = signs
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: ArrayLike, y: ArrayLike) -> "SignConstrainedLogisticRegression":
        """Fit weights and intercept; raises ValueError unless there are exactly two classes."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) > 2:
            raise ValueError("Only binary classification is supported. The type of the target is multiclass.")
        if len(self.classes_) < 2:
            raise ValueError("Classifier can't train when only one class is present.")
        target = (y == self.classes_[1]).astype(np.float64)
        with threadpool_limits(ONE_THREAD, user_api="blas"):
            found = minimize(
                _loss_and_slope,
                np.zeros(X.shape[1] + 1),
                args=(X, target, self.C),
                jac=True,
                method="L-BFGS-B",
                bounds=[*_bounds(self.signs, X.shape[1]), (None, None)],
                options={"maxiter": self.max_iter, "ftol": 0.0, "gtol": self.tol * max(1.0, self.C * len(target))},
            )
        self.coef_, self.intercept_ = found.x[None, :-1], found.x[-1:]
        self.n_iter_ = np.array([found.nit])
        return self

    def decision_function(self, X: ArrayLike) -> Values:
        """Return the log odds of the second class for each row."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return X @ self.coef_[0] + self.intercept_[0]

    def predict_proba(self, X: ArrayLike) -> Values:
        """Return the probabilities of both classes for each row."""
        chance = expit(self.decision_function(X))
        return np.column_stack([1 - chance, chance])

    def predict(self, X: ArrayLike) -> NDArray[np.generic]:
        """Return the likelier class for each row."""
        check_is_fitted(self)
        return self.classes_[(self.decision_function(X) > 0).astype(int)]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def _bounds(signs: Sequence[int] | None, count: int) -> list[tuple[float | None, float | None]]:
    allowed = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    if signs is None:
        return [allowed[0]] * count
    if len(signs) != count:
        raise ValueError(f"signs holds {len(signs)} values for {count} features")
    return [allowed[sign] for sign in signs]


def _loss_and_slope(parameters: Values, X: Values, target: Values, C: float) -> tuple[float, Values]:
    weights, intercept = parameters[:-1], parameters[-1]
    log_odds = X @ weights + intercept
    loss = C * np.sum(np.logaddexp(0, log_odds) - target * log_odds) + weights @ weights / 2
    excess = C * (expit(log_odds) - target)
    return loss, np.append(X.T @ excess + weights, excess.sum())
