"""What a model did on a later term it has not seen: every figure, what the gate asks of them, and the verdict."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from student_track.policy import RiskPolicy
from student_track.risk import figures
from student_track.risk.audit import Audit, audit
from student_track.risk.contenders import BASE_RATE, CLASS_RELATIVE, LABEL, RATE_TO_DATE, plain_scores
from student_track.risk.curves import Curve, gain, reliability
from student_track.risk.drift import trained_tenths
from student_track.risk.figures import Figure, shown
from student_track.risk.model import RiskModel
from student_track.risk.terms import Task
from student_track.risk.training import SEED, TrainingRows
from student_track.risk.tree_model import TreeModel

PASSED, REFUSED, SKIPPED = "passed", "refused", "skipped"
DRAWS = 500
KNOWN_OUTCOME_AREA = 0.99
"""No attendance foretells like this: refused where the whole interval lies above."""

JUDGED = "model"
Conditions = list[tuple[bool, str]]
"""Whether each condition holds, and in words with its figures."""


@dataclass(frozen=True)
class Judgement:
    """What came of a task: verdict and reasons, and unless it was skipped the model and every figure.

    ``challenger`` is the judgement of the trees that tried to take the model's place; None where they were not tried.
    ``unmet`` are the conditions that do not hold.
    """

    verdict: str
    reasons: tuple[str, ...]
    model: RiskModel | TreeModel | None = None
    is_calibrated: bool = False
    figures: dict[str, Figure] = field(default_factory=dict)
    count_rows: int = 0
    task: Task | None = None
    audit: Audit = field(default_factory=Audit)
    curves: Curve = field(default_factory=dict)
    challenger: "Judgement | None" = None
    unmet: tuple[str, ...] = ()

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each standardised feature; none where the task was skipped."""
        return dict(zip(self.model.features, self.model.weights, strict=True)) if self.model else {}


@dataclass(frozen=True)
class Evidence:
    """A model, its chances of the rows to judge by and in words how they were made, its figures, and its audit."""

    model: RiskModel | TreeModel
    chances: np.ndarray
    how: str
    figures: dict[str, Figure]
    audit: Audit


def pass_verdict(
    rows: TrainingRows,
    task: Task,
    rule: RiskPolicy,
    evidence: Evidence,
    conditions: Conditions,
    alarms: tuple[str, ...] = (),
) -> Judgement:
    """Return the judgement: passed where every condition holds and the audit raised no alarm."""
    conditions = [*conditions, *((False, alarm) for alarm in evidence.audit.alarms)]
    unmet = tuple(sentence for holds, sentence in conditions if not holds)
    verdict = REFUSED if unmet else PASSED
    is_calibrated, said = _calibration(evidence.figures, rule, verdict)
    reasons = (
        f"Judged on {task.test.label}, trained on {' and '.join(term.label for term in task.train)}.",
        evidence.how,
        *(f"{'Yes' if holds else 'No'}: {sentence}" for holds, sentence in conditions),
        said,
        *alarms,
        *([evidence.audit.said] if evidence.audit.said else []),
    )
    curves = reliability(rows.test, evidence.chances) | gain(rows.test, classes_of(rows.test), evidence.chances)
    curves |= trained_tenths(rows.train)
    return Judgement(
        verdict,
        reasons,
        evidence.model,
        is_calibrated,
        evidence.figures,
        len(rows.test),
        task,
        evidence.audit,
        curves,
        unmet=unmet,
    )


def audit_against(
    rows: pd.DataFrame, groups: dict[str, str], score: np.ndarray, other: np.ndarray, capacity: float
) -> Audit:
    """Return the audit of a score beside another one at staff's capacity; empty without groups."""
    if not groups:
        return Audit()
    classes = classes_of(rows)
    return audit(rows, groups, *(figures.chosen_share(one, classes, capacity) for one in (score, other)))


def classes_of(rows: pd.DataFrame) -> pd.Series:
    """Return for each row its class at its landmark: within these the places of a list are filled."""
    return rows["cohort_id"] + "|" + rows["landmark_date"].astype(str)


def measure(rows: TrainingRows, chances: np.ndarray, capacity: float) -> dict[str, Figure]:
    """Return every figure of the model, of the label and of the plain scores, and their differences, with intervals."""
    test, event = rows.test, rows.test["has_event"].to_numpy()
    scores = plain_scores(test) | {JUDGED: chances}
    classes = classes_of(test)
    chosen = {name: figures.chosen_share(score, classes, capacity) for name, score in scores.items()}
    base = np.full(len(test), rows.train["has_event"].mean())

    def of_draw(weights: np.ndarray) -> dict[str, np.ndarray]:
        found = {f"auc_{name}": figures.area_under_curve(score, event, weights) for name, score in scores.items()}
        for name, share in chosen.items():
            found[f"precision_at_capacity_{name}"] = figures.precision(share, event, weights)
            found[f"recall_at_capacity_{name}"] = figures.recall(share, event, weights)
        for name in (LABEL, RATE_TO_DATE, CLASS_RELATIVE):
            found[f"auc_{JUDGED}_minus_{name}"] = found[f"auc_{JUDGED}"] - found[f"auc_{name}"]
        found[f"precision_at_capacity_{JUDGED}_minus_{LABEL}"] = (
            found[f"precision_at_capacity_{JUDGED}"] - found[f"precision_at_capacity_{LABEL}"]
        )
        found[f"brier_{JUDGED}"] = figures.brier(chances, event, weights)
        found[f"brier_{BASE_RATE}"] = figures.brier(base, event, weights)
        found["brier_skill"] = 1 - found[f"brier_{JUDGED}"] / found[f"brier_{BASE_RATE}"]
        found["calibration_error"] = figures.calibration_error(chances, event, weights)
        found["calibration_slope"] = figures.calibration_slope(chances, event, weights)
        found["event_share"] = (weights @ event) / weights.sum(axis=1)
        return found

    return figures.over_draws(of_draw, figures.student_draws(test["student_key"], DRAWS, SEED))


def later_term_conditions(found: dict[str, Figure], rule: RiskPolicy) -> Conditions:
    """Return the conditions of the gate on the term to judge by."""
    margin, needed = rule.most_below_a_baseline, rule.brier_skill_above
    label = found[f"auc_{JUDGED}_minus_{LABEL}"]
    conditions = [
        (label.low > 0, f"ranks above the threshold label by {shown(label)} AUC, the interval above 0"),
    ]
    for name, words in ((RATE_TO_DATE, "the rate to date"), (CLASS_RELATIVE, "the recent rate against the class")):
        difference = found[f"auc_{JUDGED}_minus_{name}"]
        conditions.append((difference.value >= -margin, f"ranks at most {margin:g} below {words}: {shown(difference)}"))
    at_capacity = found[f"precision_at_capacity_{JUDGED}_minus_{LABEL}"]
    conditions.append((at_capacity.value >= 0, f"at staff's capacity names no fewer of them: {shown(at_capacity)}"))
    skill = found["brier_skill"]
    says = f"foretells better than the base rate by more than {needed:g}, the interval above 0: {shown(skill)}"
    conditions.append((skill.value > needed and skill.low > 0, says))
    area = found[f"auc_{JUDGED}"]
    too_good = (
        f"is not too good to be true: the interval of its AUC {area.value:.3f} reaches below {KNOWN_OUTCOME_AREA}"
    )
    return [*conditions, (area.low <= KNOWN_OUTCOME_AREA, too_good)]


def _calibration(found: dict[str, Figure], rule: RiskPolicy, verdict: str) -> tuple[bool, str]:
    error, slope = found["calibration_error"], found["calibration_slope"]
    is_right = error.value <= rule.calibration_error_up_to
    is_right = is_right and rule.calibration_slope_from <= slope.value <= rule.calibration_slope_up_to
    may_be_said = is_right and verdict == PASSED
    said = "percentages may be said" if may_be_said else "bands only, no percentage"
    said = said if verdict == PASSED else "a refused model says no percentage"
    return may_be_said, f"Calibration: error {error.value:.3f}, slope {slope.value:.2f}; {said}."
