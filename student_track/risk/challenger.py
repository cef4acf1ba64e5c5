"""The challenger: boosted trees that keep the champion's signs, their chances calibrated."""

import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from student_track.risk.features import FEATURE_NAMES
from student_track.risk.training import FOLDS, SEED, SIGNS


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
    return CalibratedClassifierCV(trees, method="sigmoid", cv=folds).fit(values, events)
