"""The gate: a model is promoted only where it beats the threshold label on a later term it has not seen."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from student_track.policy import Policy, RiskPolicy
from student_track.risk import figures
from student_track.risk.audit import Audit, audit
from student_track.risk.contenders import (
    BASE_RATE,
    CLASS_RELATIVE,
    LABEL,
    RATE_TO_DATE,
    by_champion,
    plain_scores,
    unseen_chances,
)
from student_track.risk.curves import Curve, gain, reliability
from student_track.risk.drift import trained_tenths
from student_track.risk.figures import Figure
from student_track.risk.model import RiskModel
from student_track.risk.terms import Task
from student_track.risk.training import SEED, TrainingRows, count_students_with_event, fit

PASSED, REFUSED, SKIPPED = "passed", "refused", "skipped"
DRAWS = 500
LEAK_AREA, LEAK_GAP = 0.95, 0.05
"""Alarms. A school in which declines are plain to see comes near the first by itself, so it does not refuse."""

KNOWN_OUTCOME_AREA = 0.99
"""No attendance foretells like this: refused where the whole interval lies above."""

CHAMPION = "model"


@dataclass(frozen=True)
class Judgement:
    """What came of a task: verdict and reasons, and unless it was skipped the model and every figure."""

    verdict: str
    reasons: tuple[str, ...]
    model: RiskModel | None = None
    is_calibrated: bool = False
    figures: dict[str, Figure] = field(default_factory=dict)
    count_rows: int = 0
    task: Task | None = None
    audit: Audit = field(default_factory=Audit)
    curves: Curve = field(default_factory=dict)

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each standardised feature; none where the task was skipped."""
        return dict(zip(self.model.features, self.model.weights, strict=True)) if self.model else {}


def judge(rows: TrainingRows, task: Task, policy: Policy, groups: dict[str, str] | None = None) -> Judgement:
    """Return the judgement of the task; where nothing is due, or there is too little to train on, it is skipped.

    ``groups`` holds the group of each student by key, where a school supplies one: for the audit, never for the model.
    """
    rule = policy.dropout_risk
    if not task.is_due:
        return Judgement(SKIPPED, (task.because,))
    needed = rule.train_from_students_with_event
    if rows.students_with_event < needed:
        why = f"{rows.students_with_event} students dropped off in the terms to train on; {needed} are needed."
        return Judgement(SKIPPED, (why,))
    if count_students_with_event(rows.test) == 0:
        return Judgement(SKIPPED, (f"Nobody dropped off in {task.test.label}: there is nothing to judge by.",))
    model = fit(rows.train, policy, task.train)
    chances, how = unseen_chances(rows.train, rows.test, by_champion(model.penalty))
    found = measure(rows, chances, float(rule.high_share)) | _measure_training(rows, model.penalty)
    audited = _audit(rows, chances, float(rule.high_share), groups) if groups else Audit()
    trained_on = " and ".join(term.label for term in task.train)
    reasons = [f"Judged on {task.test.label}, trained on {trained_on}.", how]
    conditions = [*_conditions(found, rule), *((False, alarm) for alarm in audited.alarms)]
    reasons += [f"{'Yes' if holds else 'No'}: {sentence}" for holds, sentence in conditions]
    is_calibrated, said = _calibration(found, rule)
    verdict = PASSED if all(holds for holds, _ in conditions) else REFUSED
    said = (said, *_leak_alarms(found), *([audited.said] if audited.said else []))
    curves = reliability(rows.test, chances) | gain(rows.test, classes_of(rows.test), chances)
    curves |= trained_tenths(rows.train)
    return Judgement(verdict, (*reasons, *said), model, is_calibrated, found, len(rows.test), task, audited, curves)


def _measure_training(rows: TrainingRows, penalty: float) -> dict[str, Figure]:
    """Return the Brier skill over the training's own rows by models that never saw the student, and the leak gap.

    Held to their signs, weights rank well even when fitted to shuffled outcomes: only the training itself can show
    that there was something in it to learn. The leak gap is the AUC by models that saw other rows of the student, less
    that by models that saw none: a column that tells students apart shows in it.
    """
    train, event = rows.train, rows.train["has_event"].to_numpy()
    chances, _ = unseen_chances(train, train, by_champion(penalty))
    mixed = train.assign(student_key=pd.util.hash_array(np.arange(len(train))).astype(str))
    seen, _ = unseen_chances(mixed, mixed, by_champion(penalty))
    base = np.full(len(event), event.mean())

    def of_draw(weights: np.ndarray) -> dict[str, np.ndarray]:
        areas = [figures.area_under_curve(score, event, weights) for score in (seen, chances)]
        skill = 1 - figures.brier(chances, event, weights) / figures.brier(base, event, weights)
        return {"training_skill": skill, "leak_gap": areas[0] - areas[1]}

    return figures.over_draws(of_draw, figures.student_draws(train["student_key"], DRAWS, SEED))


def _audit(rows: TrainingRows, chances: np.ndarray, capacity: float, groups: dict[str, str]) -> Audit:
    classes = classes_of(rows.test)
    label = plain_scores(rows.test)[LABEL]
    named, named_by_label = (figures.chosen_share(score, classes, capacity) for score in (chances, label))
    return audit(rows.test, groups, named, named_by_label)


def classes_of(rows: pd.DataFrame) -> pd.Series:
    """Return for each row its class at its landmark: within these the places of a list are filled."""
    return rows["cohort_id"] + "|" + rows["landmark_date"].astype(str)


def measure(rows: TrainingRows, chances: np.ndarray, capacity: float) -> dict[str, Figure]:
    """Return every figure of the model, of the label and of the plain scores, and their differences, with intervals."""
    test, event = rows.test, rows.test["has_event"].to_numpy()
    scores = plain_scores(test) | {CHAMPION: chances}
    classes = classes_of(test)
    chosen = {name: figures.chosen_share(score, classes, capacity) for name, score in scores.items()}
    base = np.full(len(test), rows.train["has_event"].mean())

    def of_draw(weights: np.ndarray) -> dict[str, np.ndarray]:
        found = {f"auc_{name}": figures.area_under_curve(score, event, weights) for name, score in scores.items()}
        for name, share in chosen.items():
            found[f"precision_at_capacity_{name}"] = figures.precision(share, event, weights)
            found[f"recall_at_capacity_{name}"] = figures.recall(share, event, weights)
        for name in (LABEL, RATE_TO_DATE, CLASS_RELATIVE):
            found[f"auc_{CHAMPION}_minus_{name}"] = found[f"auc_{CHAMPION}"] - found[f"auc_{name}"]
        found[f"precision_at_capacity_{CHAMPION}_minus_{LABEL}"] = (
            found[f"precision_at_capacity_{CHAMPION}"] - found[f"precision_at_capacity_{LABEL}"]
        )
        found[f"brier_{CHAMPION}"] = figures.brier(chances, event, weights)
        found[f"brier_{BASE_RATE}"] = figures.brier(base, event, weights)
        found["brier_skill"] = 1 - found[f"brier_{CHAMPION}"] / found[f"brier_{BASE_RATE}"]
        found["calibration_error"] = figures.calibration_error(chances, event, weights)
        found["calibration_slope"] = figures.calibration_slope(chances, event, weights)
        found["event_share"] = (weights @ event) / weights.sum(axis=1)
        return found

    return figures.over_draws(of_draw, figures.student_draws(test["student_key"], DRAWS, SEED))


def _conditions(found: dict[str, Figure], rule: RiskPolicy) -> list[tuple[bool, str]]:
    """Each condition of the gate: whether it holds, and in words with its figures."""
    margin, needed = rule.most_below_a_baseline, rule.brier_skill_above
    label = found[f"auc_{CHAMPION}_minus_{LABEL}"]
    conditions = [
        (label.low > 0, f"ranks above the threshold label by {_shown(label)} AUC, the interval above 0"),
    ]
    for name, words in ((RATE_TO_DATE, "the rate to date"), (CLASS_RELATIVE, "the recent rate against the class")):
        difference = found[f"auc_{CHAMPION}_minus_{name}"]
        conditions.append(
            (difference.value >= -margin, f"ranks at most {margin:g} below {words}: {_shown(difference)}")
        )
    at_capacity = found[f"precision_at_capacity_{CHAMPION}_minus_{LABEL}"]
    conditions.append((at_capacity.value >= 0, f"at staff's capacity names no fewer of them: {_shown(at_capacity)}"))
    skill = found["brier_skill"]
    says = f"foretells better than the base rate by more than {needed:g}, the interval above 0: {_shown(skill)}"
    conditions.append((skill.value > needed and skill.low > 0, says))
    learnt = found["training_skill"]
    area = found[f"auc_{CHAMPION}"]
    too_good = (
        f"is not too good to be true: the interval of its AUC {area.value:.3f} reaches below {KNOWN_OUTCOME_AREA}"
    )
    conditions.append((area.low <= KNOWN_OUTCOME_AREA, too_good))
    return [*conditions, (learnt.low > 0, f"learnt something in training, the interval above 0: {_shown(learnt)}")]


def _leak_alarms(found: dict[str, Figure]) -> list[str]:
    """What is too good to be true: a column may know the outcome, or tell students apart."""
    area, gap = found[f"auc_{CHAMPION}"], found["leak_gap"]
    alarms = []
    if area.value > LEAK_AREA:
        alarms.append(f"Alarm: AUC {area.value:.3f} is above {LEAK_AREA}. Look for a column that knows the outcome.")
    if gap.value > LEAK_GAP:
        alarms.append(
            f"Alarm: with other rows of the student in training, {gap.value:+.3f} AUC. A column tells who it is."
        )
    return alarms


def _calibration(found: dict[str, Figure], rule: RiskPolicy) -> tuple[bool, str]:
    error, slope = found["calibration_error"], found["calibration_slope"]
    is_right = error.value <= rule.calibration_error_up_to
    is_right = is_right and rule.calibration_slope_from <= slope.value <= rule.calibration_slope_up_to
    verdict = "percentages may be said" if is_right else "bands only, no percentage"
    return is_right, f"Calibration: error {error.value:.3f}, slope {slope.value:.2f}; {verdict}."


def _shown(figure: Figure) -> str:
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]"
