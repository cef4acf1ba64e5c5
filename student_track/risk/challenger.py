"""The challenger: boosted trees that keep the champion's signs, their chances calibrated."""

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from student_track.risk.features import FEATURE_NAMES
from student_track.risk.training import FOLDS, SEED, SIGNS

ONE_THREAD = 1
"""On busy cores the threads of so small a model wait for each other: a second becomes a minute."""


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
        return CalibratedClassifierCV(trees, method="sigmoid", cv=folds).fit(values, events)


def challenger_chances(trees: CalibratedClassifierCV, rows: pd.DataFrame) -> np.ndarray:
    """Return the chance of the event of each row."""
    with threadpool_limits(ONE_THREAD, user_api="openmp"):
        return trees.predict_proba(rows[list(FEATURE_NAMES)].to_numpy())[:, 1]
