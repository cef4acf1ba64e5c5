"""The contest: boosted trees against the logistic model on the last two terms, each by models that saw none of it."""

import numpy as np
import pandas as pd

from student_track.errors import InputError
from student_track.policy import Policy, RiskPolicy
from student_track.risk import figures
from student_track.risk.challenger import fit_tree_model
from student_track.risk.contenders import LABEL, by_challenger, by_champion, plain_scores, unseen_chances
from student_track.risk.judgement import (
    DRAWS,
    Evidence,
    Judgement,
    audit_against,
    classes_of,
    later_term_conditions,
    measure,
    pass_verdict,
)
from student_track.risk.promotion import Contest, TermResult, conditions, why_not_tried
from student_track.risk.terms import Task
from student_track.risk.training import (
    SEED,
    TrainingRows,
    choose_penalty,
    count_students_with_event,
    rows_of_terms,
)
from student_track.risk.tree_model import PLACES_OF_FAMILIES, TreeModel
from student_track.risk.tree_store import columns_of_trees, tree_model_from_row

ADDS_UP_TO, SAME_TO = 1e-9, 1e-12


def why_not_challenged(rows: TrainingRows, task: Task, rule: RiskPolicy) -> str:
    """Return why the trees are not tried; empty where they are."""
    if because := why_not_tried(rows.students_with_event, len(task.train) + 1):
        return because
    earlier, needed = _term_before(rows, task), rule.train_from_students_with_event
    if earlier.students_with_event < needed:
        count = f"{earlier.students_with_event} students dropped off before {task.train[-1].label}"
        return f"{count}; {needed} are needed to judge on that term as well."
    if count_students_with_event(earlier.test) == 0:
        return f"nobody dropped off in {task.train[-1].label}: there is nothing to judge by on that term."
    return ""


def challenge(
    rows: TrainingRows, task: Task, policy: Policy, champion: np.ndarray, groups: dict[str, str]
) -> Judgement:
    """Return the judgement of the trees; they passed where they take the place of the logistic model.

    ``champion`` holds that model's chances of the rows to judge by; for the term before it is trained once more.
    """
    rule, capacity = policy.dropout_risk, float(policy.dropout_risk.high_share)
    model = fit_tree_model(rows.train, policy, task.train)
    chances, how = unseen_chances(rows.train, rows.test, by_challenger)
    results = (
        _result_of_term_before(_term_before(rows, task), task.train[-1].label, capacity, groups),
        _result(rows.test, task.test.label, chances, champion, capacity, groups),
    )
    found = measure(rows, chances, capacity)
    audited = audit_against(rows.test, groups, chances, plain_scores(rows.test)[LABEL], capacity)
    gate = later_term_conditions(found, rule)
    contest = Contest(
        rows.students_with_event,
        len(task.train) + 1,
        results,
        passes_gate=all(holds for holds, _ in gate) and not audited.alarms,
        has_reasons=has_reasons(model, rows.test),
    )
    found |= {f"auc_trees_minus_logistic_on_{result.term}": result.gain for result in results}
    return pass_verdict(rows, task, rule, Evidence(model, chances, how, found, audited), [*gate, *conditions(contest)])


def has_reasons(model: TreeModel, rows: pd.DataFrame) -> bool:
    """Return whether the trees, stored and read again, score as before, keep their signs, and give reasons that add up.

    Tried on the first class of the rows.
    """
    stored = {"model_id": model.model_id, "model_json": model.as_json(), **columns_of_trees(model)}
    try:
        again = tree_model_from_row(stored)
    except InputError:  # this scikit-learn's trees hold a type that is not on the list
        return False
    classes = classes_of(rows)
    values = rows.loc[classes == classes.iloc[0], list(model.features)].to_numpy(dtype=float)
    told = [place for places in PLACES_OF_FAMILIES for place in places]
    middle = values.copy()
    middle[:, told] = np.median(values, axis=0)[told]
    added = again.contributions(values, middle).sum(axis=1)
    off = np.abs(added - (model.log_odds(values) - model.log_odds(middle))).max()
    moved = np.abs(again.log_odds(values) - model.log_odds(values)).max()
    return bool(again.keeps_signs and off <= ADDS_UP_TO and moved <= SAME_TO)


def _term_before(rows: TrainingRows, task: Task) -> TrainingRows:
    """The rows as they would have been a term ago: the last term trained on is the one to judge by."""
    return TrainingRows(rows_of_terms(rows.train, task.train[:-1]), rows_of_terms(rows.train, task.train[-1:]))


def _result_of_term_before(rows: TrainingRows, term: str, capacity: float, groups: dict[str, str]) -> TermResult:
    trees, _ = unseen_chances(rows.train, rows.test, by_challenger)
    logistic, _ = unseen_chances(rows.train, rows.test, by_champion(choose_penalty(rows.train)))
    return _result(rows.test, term, trees, logistic, capacity, groups)


def _result(
    rows: pd.DataFrame, term: str, trees: np.ndarray, logistic: np.ndarray, capacity: float, groups: dict[str, str]
) -> TermResult:
    event, classes = rows["has_event"].to_numpy(), classes_of(rows)
    named = [figures.chosen_share(score, classes, capacity) for score in (trees, logistic)]

    def of_draw(weights: np.ndarray) -> dict[str, np.ndarray]:
        areas = [figures.area_under_curve(score, event, weights) for score in (trees, logistic)]
        precisions = [figures.precision(chosen, event, weights) for chosen in named]
        return {"auc": areas[0] - areas[1], "precision": precisions[0] - precisions[1]}

    found = figures.over_draws(of_draw, figures.student_draws(rows["student_key"], DRAWS, SEED))
    audited = audit_against(rows, groups, trees, logistic, capacity)
    return TermResult(term, found["auc"], found["precision"].value, audited)
