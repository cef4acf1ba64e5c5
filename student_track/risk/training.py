"""From labelled rows to a model: collected in one order, rounded, fitted, rounded again."""

import hashlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from sklearn.metrics import log_loss

from student_track.policy import Policy
from student_track.risk.features import DECIMALS, FEATURE_NAMES, FEATURES
from student_track.risk.labels import label_definition
from student_track.risk.logistic import SignConstrainedLogisticRegression
from student_track.risk.model import RiskModel, significant
from student_track.risk.terms import Task, Term

KEY = ["student_key", "cohort_id", "landmark_date"]
OF_ROW = ["school_year", "term", "window_end_date", "horizon_units", "tier", "has_event"]
SIGNS = tuple(feature.sign for feature in FEATURES)
PENALTY = 0.03
PENALTIES = (0.003, 0.03, 0.3, 3.0)
TUNING_TOLERANCE = 1e-5
"""Enough to tell penalties apart; the model itself is fitted to the last digit."""

TUNE_FROM_STUDENTS_WITH_EVENT = 100
FOLDS = 5
SEED = 20_260_801
Origins = dict[str, Any]


@dataclass(frozen=True)
class TrainingRows:
    """The rows of the finished terms: those to train on, and those of the last term to judge by."""

    train: pd.DataFrame
    test: pd.DataFrame

    @property
    def students_with_event(self) -> int:
        return count_students_with_event(self.train)


def collect_rows(labelled: DataFrame, task: Task) -> TrainingRows:
    """Return the labelled rows of the task's terms."""
    rows = collect(labelled)
    return TrainingRows(rows_of_terms(rows, task.train), rows_of_terms(rows, (task.test,) if task.test else ()))


def collect(labelled: DataFrame) -> pd.DataFrame:
    """Return the labelled rows, in the order of their key, features rounded."""
    rows = labelled.select(*KEY, *OF_ROW, *FEATURE_NAMES).toPandas().sort_values(KEY, ignore_index=True)
    rows[list(FEATURE_NAMES)] = rows[list(FEATURE_NAMES)].astype(float).round(DECIMALS) + 0.0  # no minus zero
    rows["has_event"] = rows["has_event"].astype(bool)
    return rows


def count_students_with_event(rows: pd.DataFrame) -> int:
    """Return how many different students have a row with the event."""
    return rows.loc[rows["has_event"], "student_key"].nunique()


def label_balance(labelled: DataFrame) -> DataFrame:
    """Return one row per term with the rows, the students, and the students with the event."""
    with_event = F.when(F.col("has_event"), F.col("student_key"))
    return labelled.groupBy("school_year", "term").agg(
        F.count("*").alias("rows"),
        F.countDistinct("student_key").alias("students"),
        F.count_if("has_event").alias("rows_with_event"),
        F.countDistinct(with_event).alias("students_with_event"),
    )


def fit(rows: pd.DataFrame, policy: Policy, trained_on: tuple[Term, ...]) -> RiskModel:
    """Return the model fitted on the rows; the same rows give the same model, to the last digit."""
    penalty = choose_penalty(rows)
    return replace(fit_weights(rows, penalty), **origin(rows, policy, trained_on, ("numpy", "scipy", "scikit-learn")))


def origin(rows: pd.DataFrame, policy: Policy, trained_on: tuple[Term, ...], libraries: tuple[str, ...]) -> Origins:
    """Return what a model of the rows came from, by the names of its fields."""
    return {
        "label_definition": label_definition(policy),
        "policy_version": policy.version,
        "trained_on": tuple(term.label for term in trained_on),
        "data_hash": _hash_of(rows),
        "seed": SEED,
        "libraries": tuple(f"{name} {version(name)}" for name in libraries),
    }


def fit_weights(rows: pd.DataFrame, penalty: float) -> RiskModel:
    """Return the bare model: means, deviations and weights, rounded to what every machine agrees on."""
    values = rows[list(FEATURE_NAMES)].to_numpy()
    means, deviations = values.mean(axis=0), values.std(axis=0)
    deviations[deviations == 0] = 1
    estimator = SignConstrainedLogisticRegression(C=penalty, signs=SIGNS)
    estimator.fit((values - means) / deviations, rows["has_event"].to_numpy())
    return RiskModel(
        kind="sign-constrained logistic",
        features=FEATURE_NAMES,
        means=_rounded(means),
        deviations=_rounded(deviations),
        weights=_rounded(estimator.coef_[0]),
        intercept=significant(estimator.intercept_[0]),
        penalty=penalty,
    )


def choose_penalty(rows: pd.DataFrame) -> float:
    """Return C: the fixed one, or where there is enough to tell, the best of a few by log-loss grouped by student."""
    if count_students_with_event(rows) < TUNE_FROM_STUDENTS_WITH_EVENT:
        return PENALTY
    values, events = rows[list(FEATURE_NAMES)].to_numpy(), rows["has_event"].to_numpy()
    values = (values - values.mean(axis=0)) / np.maximum(values.std(axis=0), 1e-9)
    folds = rows["student_key"].map(fold_of_student(rows["student_key"])).to_numpy()
    losses = {penalty: _loss_of(penalty, values, events, folds) for penalty in PENALTIES}
    return min(losses, key=lambda penalty: (losses[penalty], penalty))


def fold_of_student(*students: pd.Series) -> dict[str, int]:
    """Return a fold for each student: the keys are pseudonyms, so their order is as good as chance, and it stays."""
    names = sorted(set().union(*students))
    return {name: place % FOLDS for place, name in enumerate(names)}


def _loss_of(penalty: float, values: np.ndarray, events: np.ndarray, folds: np.ndarray) -> float:
    chances = np.empty(len(events))
    for fold in range(FOLDS):
        estimator = SignConstrainedLogisticRegression(C=penalty, signs=SIGNS, tol=TUNING_TOLERANCE)
        estimator.fit(values[folds != fold], events[folds != fold])
        chances[folds == fold] = estimator.predict_proba(values[folds == fold])[:, 1]
    return round(log_loss(events, chances), 9)


def rows_of_terms(rows: pd.DataFrame, terms: tuple[Term, ...]) -> pd.DataFrame:
    """Return the rows of the terms."""
    wanted = {(term.school_year, term.name) for term in terms}
    is_wanted = [pair in wanted for pair in zip(rows["school_year"], rows["term"], strict=True)]
    return rows[np.array(is_wanted, dtype=bool)].reset_index(drop=True)


def _rounded(values: np.ndarray) -> tuple[float, ...]:
    return tuple(significant(value) for value in values)


def _hash_of(rows: pd.DataFrame) -> str:
    text = rows[[*KEY, "has_event", *FEATURE_NAMES]].to_csv(index=False)
    return hashlib.sha256(text.encode()).hexdigest()
