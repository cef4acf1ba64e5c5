"""What is compared: the models, the threshold label and the plain scores, each learnt from rows it is not judged on."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from student_track.policy import TIERS
from student_track.risk.challenger import challenger_chances, fit_challenger
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.logistic import SignConstrainedLogisticRegression
from student_track.risk.training import FOLDS, fit_weights, fold_of_student

LABEL, RATE_TO_DATE, CLASS_RELATIVE, BASE_RATE = "label", "rate_to_date", "class_relative", "base_rate"
UNPENALISED = 1e6

Chances = Callable[[pd.DataFrame], np.ndarray]
Learn = Callable[[pd.DataFrame], Chances]
"""Takes rows to learn from, returns what gives rows their chance of the event."""


def plain_scores(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the scores that need no training: the tier, the rate to date, the recent rate against the class."""
    order = {name: place for place, name in enumerate(TIERS)}
    return {
        LABEL: rows["tier"].map(order).fillna(0).to_numpy(dtype=float),  # too early, withheld: the label says nothing
        RATE_TO_DATE: -rows["rate_all"].to_numpy(),
        CLASS_RELATIVE: -rows["class_z"].to_numpy(),
    }


def by_champion(penalty: float) -> Learn:
    """Learn the sign-constrained logistic with a penalty."""

    def learn(train: pd.DataFrame) -> Chances:
        model = fit_weights(train, penalty)
        return lambda rows: 1 / (1 + np.exp(-model.log_odds(rows[list(FEATURE_NAMES)].to_numpy())))

    return learn


def by_challenger(train: pd.DataFrame) -> Chances:
    """Learn the boosted trees."""
    trees = fit_challenger(train)
    return lambda rows: challenger_chances(trees, rows)


def by_plain_score(name: str) -> Learn:
    """Learn what chance goes with a plain score: a logistic of that score alone, never falling with it."""

    def learn(train: pd.DataFrame) -> Chances:
        score = plain_scores(train)[name]
        middle, deviation = score.mean(), score.std() or 1.0
        line = SignConstrainedLogisticRegression(C=UNPENALISED, signs=(1,))
        line.fit(((score - middle) / deviation)[:, None], train["has_event"].to_numpy())
        return lambda rows: line.predict_proba(((plain_scores(rows)[name] - middle) / deviation)[:, None])[:, 1]

    return learn


def unseen_chances(train: pd.DataFrame, test: pd.DataFrame, learn: Learn) -> tuple[np.ndarray, str]:
    """Return the chance of each row to judge by, from a model that never saw its student, and in words how.

    Where students are in both, in folds over the students of both. Leaving the judged students out of the training
    altogether would keep of the earlier terms those who have left since, that is, select on the outcome.
    """
    if not train["student_key"].isin(test["student_key"]).any():
        return learn(train)(test), "No student of the term judged on was seen in training."
    fold_of = fold_of_student(train["student_key"], test["student_key"])
    train_fold, test_fold = train["student_key"].map(fold_of), test["student_key"].map(fold_of)
    chances = np.empty(len(test))
    for fold in range(FOLDS):
        if (own := (test_fold == fold).to_numpy()).any():
            chances[own] = learn(train[train_fold != fold])(test[own])
    return chances, f"Students are in both, so each was scored by a model that never saw the student ({FOLDS} folds)."
