"""The challenger: boosted trees that keep the champion's signs, their chances calibrated."""

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from student_track.policy import Policy
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.terms import Term
from student_track.risk.training import FOLDS, SEED, SIGNS, origin
from student_track.risk.tree_model import ONE_THREAD, TreeModel


def fit_challenger(rows: pd.DataFrame) -> CalibratedClassifierCV:
    """Return monotone boosted trees, calibrated by a sigmoid over folds of whole students.

    No early stopping: it would set rows aside at random, and with them rows of students it trains on.
    """
    trees = HistGradientBoostingClassifier(
        monotonic_cst=list(SIGNS),
        learning_rate=0.05,
        max_iter=80,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=1,
        early_stopping=False,
        random_state=SEED,
    )
    values, events = rows[list(FEATURE_NAMES)].to_numpy(), rows["has_event"].to_numpy()
    folds = list(GroupKFold(FOLDS).split(values, events, rows["student_key"]))
    with threadpool_limits(ONE_THREAD, user_api="openmp"):
        calibrated = CalibratedClassifierCV(trees, method="sigmoid", cv=folds).fit(values, events)
    return calibrated.set_params(cv=None)  # which rows were in which fold is no part of the model, and is not kept


def fit_tree_model(rows: pd.DataFrame, policy: Policy, trained_on: tuple[Term, ...]) -> TreeModel:
    """Return the model fitted on the rows, with what it came from."""
    libraries = ("numpy", "scikit-learn", "skops")
    return TreeModel(fit_challenger(rows), **origin(rows, policy, trained_on, libraries))


def challenger_chances(trees: CalibratedClassifierCV, rows: pd.DataFrame) -> np.ndarray:
    """Return the chance of the event of each row."""
    with threadpool_limits(ONE_THREAD, user_api="openmp"):
        return trees.predict_proba(rows[list(FEATURE_NAMES)].to_numpy())[:, 1]
