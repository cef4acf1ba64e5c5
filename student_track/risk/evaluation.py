"""Models, label and plain scores on rows of the caller's choice: every figure with its interval, nothing written."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from pyspark.sql import SparkSession

from student_track.errors import InputError
from student_track.frames import kept
from student_track.policy import Policy
from student_track.risk import figures
from student_track.risk.contenders import (
    BASE_RATE,
    CLASS_RELATIVE,
    LABEL,
    RATE_TO_DATE,
    Learn,
    by_challenger,
    by_champion,
    by_plain_score,
    plain_scores,
    unseen_chances,
)
from student_track.risk.figures import Figure, Values
from student_track.risk.history import fix_as_of_date, list_periods, read_history
from student_track.risk.judgement import DRAWS, classes_of
from student_track.risk.labels import NEW_DROPOFF, for_label, label_definition
from student_track.risk.rows import label_history
from student_track.risk.selection import Selection, select_rows
from student_track.risk.training import SEED, TrainingRows, choose_penalty, collect, count_students_with_event

CHAMPION, CHALLENGER = "champion", "challenger"
DIGITS = 6


@dataclass(frozen=True)
class Question:
    """What is to be judged: cohorts or terms to train on and to judge by, label, units ahead, share named as at risk.

    Without horizon or capacity those of the policy.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]
    label: str = NEW_DROPOFF
    horizon_units: int | None = None
    capacity: Fraction | None = None


def evaluate(spark: SparkSession, policy: Policy, question: Question, as_of_date: Any, today: Any) -> dict[str, Any]:
    """Return the answer as plain values: contenders, ``differences`` from the champion, ``about`` what it rests on.

    Raises InputError where a cohort or term is not known, in both, or nobody in it dropped off.
    """
    day = fix_as_of_date(spark, as_of_date, today)
    policy = for_label(policy, question.label, question.horizon_units)
    keep = partial(kept, spark)
    history = read_history(spark, policy, day, list_periods(spark, policy, day), keep)
    rows = collect(label_history(history, policy, keep, spark.table("raw_attendance")))
    selection = select_rows(rows, question.train, question.test, spark.table("sessions"), day)
    _refuse_without_events(selection)
    capacity = policy.dropout_risk.high_share if question.capacity is None else question.capacity
    chosen = TrainingRows(selection.train, selection.test)
    return compare(chosen, float(capacity)) | {"about": _about(selection, policy, question.label, capacity, str(day))}


def compare(rows: TrainingRows, capacity: float) -> dict[str, Any]:
    """Return the figures of each contender on the rows to judge by, and how far the champion differs in each.

    A contender that says no chance of its own (the label, a plain score) is given the one that goes with it on the
    training rows. Differences are paired: both on the same draws of students.
    """
    learners: dict[str, Learn] = {
        CHAMPION: by_champion(choose_penalty(rows.train)),
        CHALLENGER: by_challenger,
        **{name: by_plain_score(name) for name in (LABEL, RATE_TO_DATE, CLASS_RELATIVE)},
    }
    chances = {name: unseen_chances(rows.train, rows.test, learn)[0] for name, learn in learners.items()}
    chances[BASE_RATE] = np.full(len(rows.test), rows.train["has_event"].mean())
    scores = chances | plain_scores(rows.test)
    found = figures.over_draws(
        _figures_of_draw(rows, scores, chances, capacity),
        figures.student_draws(rows.test["student_key"], DRAWS, SEED),
    )
    answer: dict[str, Any] = {"differences": {}}
    for (name, figure), value in found.items():
        own = answer["differences"] if "_minus_" in name else answer
        own.setdefault(name, {})[figure] = _as_plain(value)
    return answer


def _figures_of_draw(
    rows: TrainingRows, scores: dict[str, Values], chances: dict[str, Values], capacity: float
) -> Callable[[Values], dict[tuple[str, str], Values]]:
    event = rows.test["has_event"].to_numpy()
    classes = classes_of(rows.test)
    chosen = {name: figures.chosen_share(score, classes, capacity) for name, score in scores.items()}

    def of_draw(weights: Values) -> dict[tuple[str, str], Values]:
        found = {}
        for name, score in scores.items():
            found[name, "auc"] = figures.area_under_curve(score, event, weights)
            found[name, "precision"] = figures.precision(chosen[name], event, weights)
            found[name, "recall"] = figures.recall(chosen[name], event, weights)
            found[name, "brier"] = figures.brier(chances[name], event, weights)
            found[name, "ece"] = figures.calibration_error(chances[name], event, weights)
            found[name, "slope"] = _slope(chances[name], event, weights)
        pairs = [(CHAMPION, name) for name in scores if name != CHAMPION]
        return found | {
            (f"{one}_minus_{other}", figure): found[one, figure] - found[other, figure]
            for one, other in pairs
            for figure in ("auc", "precision", "recall", "brier", "ece")
        }

    return of_draw


def _slope(chance: Values, event: Values, weights: Values) -> Values:
    """Not defined where everybody is told the same chance."""
    if np.ptp(chance) < 1e-12:
        return np.full(len(weights), np.nan)
    return figures.calibration_slope(chance, event, weights)


def _as_plain(figure: Figure) -> dict[str, float | None]:
    """Rounded; a figure that is not defined is null."""
    return {name: None if math.isnan(number) else round(number, DIGITS) for name, number in asdict(figure).items()}


def _refuse_without_events(selection: Selection) -> None:
    for names, rows in ((selection.train_names, selection.train), (selection.test_names, selection.test)):
        share = rows["has_event"].mean() if len(rows) else 0
        if not 0 < share < 1:
            raise InputError(
                f"{', '.join(names)}: {len(rows)} rows with a known outcome, {int(rows['has_event'].sum())} of them "
                "with the event. Both outcomes are needed: name more cohorts or terms, or a shorter --horizon."
            )


def _about(selection: Selection, policy: Policy, label: str, capacity: Fraction, day: str) -> dict[str, Any]:
    parts = {"train": (selection.train_names, selection.train), "test": (selection.test_names, selection.test)}
    counts = {
        name: {
            "named": list(names),
            "rows": len(rows),
            "students": int(rows["student_key"].nunique()),
            "students_with_event": int(count_students_with_event(rows)),
            "event_share": round(float(rows["has_event"].mean()), DIGITS),
        }
        for name, (names, rows) in parts.items()
    }
    return {
        "as_of_date": day,
        "label": label,
        "label_definition": label_definition(policy, label),
        "horizon_units": sorted({int(units) for units in selection.test["horizon_units"]}),
        "capacity": float(capacity),
        "policy_version": policy.version,
        "is_later": selection.is_later,
        **counts,
    }
