"""The gate: a model is promoted only where it beats the threshold label on a later term it has not seen."""

from dataclasses import replace

import numpy as np
import pandas as pd

from student_track.policy import Policy, RiskPolicy
from student_track.risk import figures
from student_track.risk.contenders import LABEL, by_champion, plain_scores, unseen_chances
from student_track.risk.contest import challenge, why_not_challenged
from student_track.risk.figures import Figure
from student_track.risk.judgement import (
    DRAWS,
    JUDGED,
    PASSED,
    SKIPPED,
    Evidence,
    Judgement,
    audit_against,
    later_term_conditions,
    measure,
    pass_verdict,
)
from student_track.risk.terms import Task
from student_track.risk.training import SEED, TrainingRows, count_students_with_event, fit

LEAK_AREA, LEAK_GAP = 0.95, 0.05
"""Alarms. A school in which declines are plain to see comes near the first by itself, so it does not refuse."""


def judge(rows: TrainingRows, task: Task, policy: Policy, groups: dict[str, str] | None = None) -> Judgement:
    """Return the judgement of the task; where nothing is due, or there is too little to train on, it is skipped.

    Where there is enough for them, boosted trees are judged too and try to take the place of a model that passed.
    ``groups`` holds the group of each student by key, where a school supplies one: for the audit, never for the model.
    """
    rule, groups = policy.dropout_risk, groups or {}
    if because := _why_skipped(rows, task, rule):
        return Judgement(SKIPPED, (because,))
    model = fit(rows.train, policy, task.train)
    chances, how = unseen_chances(rows.train, rows.test, by_champion(model.penalty))
    capacity = float(rule.high_share)
    found = measure(rows, chances, capacity) | _measure_training(rows, model.penalty)
    audited = audit_against(rows.test, groups, chances, plain_scores(rows.test)[LABEL], capacity)
    learnt = found["training_skill"]
    conditions = [
        *later_term_conditions(found, rule),
        (learnt.low > 0, f"learnt something in training, the interval above 0: {figures.shown(learnt)}"),
    ]
    evidence = Evidence(model, chances, how, found, audited)
    judgement = pass_verdict(rows, task, rule, evidence, conditions, _leak_alarms(found))
    return _challenged(judgement, rows, policy, chances, groups)


def _challenged(
    judgement: Judgement, rows: TrainingRows, policy: Policy, chances: np.ndarray, groups: dict[str, str]
) -> Judgement:
    """The judgement with that of the trees, or with the reason why they were not tried."""
    if judgement.verdict == PASSED:
        because = why_not_challenged(rows, judgement.task, policy.dropout_risk)
    else:
        because = "the model whose place they would take was refused."
    if because:
        return replace(judgement, reasons=(*judgement.reasons, f"Boosted trees were not tried: {because}"))
    challenger = challenge(rows, judgement.task, policy, chances, groups)
    missed = "; ".join(condition.rstrip(".") for condition in challenger.unmet)
    outcome = f"did not take its place. Not true of them: {missed}." if missed else "take its place."
    return replace(judgement, reasons=(*judgement.reasons, f"Boosted trees {outcome}"), challenger=challenger)


def _why_skipped(rows: TrainingRows, task: Task, rule: RiskPolicy) -> str:
    needed = rule.train_from_students_with_event
    if not task.is_due:
        return task.because
    if rows.students_with_event < needed:
        return f"{rows.students_with_event} students dropped off in the terms to train on; {needed} are needed."
    if count_students_with_event(rows.test) == 0:
        return f"Nobody dropped off in {task.test.label}: there is nothing to judge by."
    return ""


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


def _leak_alarms(found: dict[str, Figure]) -> list[str]:
    """What is too good to be true: a column may know the outcome, or tell students apart."""
    area, gap = found[f"auc_{JUDGED}"], found["leak_gap"]
    alarms = []
    if area.value > LEAK_AREA:
        alarms.append(f"Alarm: AUC {area.value:.3f} is above {LEAK_AREA}. Look for a column that knows the outcome.")
    if gap.value > LEAK_GAP:
        alarms.append(
            f"Alarm: with other rows of the student in training, {gap.value:+.3f} AUC. A column tells who it is."
        )
    return alarms
