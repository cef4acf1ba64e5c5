"""The gate: what must pass, what must be refused, and that nobody is scored by a model that saw them."""

from dataclasses import replace

import numpy as np
import pytest

from student_track.risk import PASSED, REFUSED, SKIPPED, judge
from student_track.risk.contenders import by_champion, plain_scores, unseen_chances
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.terms import Task
from student_track.risk.training import PENALTY, TrainingRows
from tests.metric_frames import policy_with
from tests.risk_rows import TASK, training_rows

POLICY = policy_with()


@pytest.mark.parametrize("seed", range(2))
def test_a_true_effect_passes(seed) -> None:
    judgement = judge(training_rows(seed, effect=1.5), TASK, POLICY)
    assert judgement.verdict == PASSED, judgement.reasons
    assert [reason[:5] for reason in judgement.reasons[2:]] == ["Yes: "] * 7 + ["Calib", "Boost"]
    assert judgement.reasons[-1].startswith("Boosted trees were not tried: 2 terms have finished; 3 are needed")
    assert judgement.figures["auc_model_minus_label"].low > 0


@pytest.mark.parametrize("seed", range(3))
def test_nothing_but_chance_is_refused(seed) -> None:
    judgement = judge(training_rows(seed, effect=0.0), TASK, POLICY)
    assert judgement.verdict == REFUSED
    assert any(reason.startswith("No: ") for reason in judgement.reasons)
    assert not judgement.is_calibrated
    assert "a refused model says no percentage" in " ".join(judgement.reasons)
    assert "may be said" not in " ".join(judgement.reasons)
    assert judgement.reasons[-1].startswith("Boosted trees were not tried: the model whose place")


@pytest.mark.parametrize("seed", (1, 2))
def test_shuffled_labels_are_refused_though_the_signs_alone_rank_well(seed) -> None:
    rows = training_rows(seed, effect=1.5)
    shuffled = np.random.default_rng(seed).permutation(rows.train["has_event"].to_numpy())
    judgement = judge(replace(rows, train=rows.train.assign(has_event=shuffled)), TASK, POLICY)
    assert judgement.verdict == REFUSED
    assert judgement.figures["training_skill"].low <= 0


def test_a_label_as_good_as_the_model_refuses_it() -> None:
    rows = training_rows(0, effect=1.5)
    order = rows.test["rate_5"].rank(pct=True, ascending=False)
    tier = np.select(
        [order > 0.95, order > 0.9, order > 0.8], ["severe_chronic", "moderate_chronic", "at_risk"], "satisfactory"
    )
    judgement = judge(replace(rows, test=rows.test.assign(tier=tier, rate_all=rows.test["rate_5"])), TASK, POLICY)
    better = judgement.figures["auc_model_minus_label"]
    assert (judgement.verdict == PASSED) == (better.low > 0)
    assert better.value < 0.15


def test_a_plain_rate_that_ranks_better_refuses_it() -> None:
    rows = training_rows(0, effect=1.5)
    told = rows.test.assign(class_z=np.where(rows.test["has_event"], -9.0, rows.test["class_z"]))
    judgement = judge(TrainingRows(rows.train.assign(class_z=0.0), told), TASK, POLICY)
    assert judgement.verdict == REFUSED
    assert judgement.figures["auc_model_minus_class_relative"].value < -0.01


def test_a_students_own_outcomes_never_reach_the_students_score() -> None:
    rows = training_rows(1, effect=1.5)
    own = rows.train["student_key"] == "s007"
    turned = rows.train.assign(has_event=rows.train["has_event"] ^ own)
    before, how = unseen_chances(rows.train, rows.test, by_champion(PENALTY))
    after, _ = unseen_chances(turned, rows.test, by_champion(PENALTY))
    is_own = (rows.test["student_key"] == "s007").to_numpy()
    assert np.array_equal(before[is_own], after[is_own])
    assert not np.array_equal(before, after)
    assert "never saw the student" in how


def test_with_other_students_in_the_last_term_the_model_itself_is_judged() -> None:
    rows = training_rows(1, effect=1.5)
    others = rows.test.assign(student_key="t" + rows.test["student_key"].str[1:])
    assert (
        unseen_chances(rows.train, others, by_champion(PENALTY))[1]
        == "No student of the term judged on was seen in training."
    )


def test_too_few_students_with_the_event_are_said_and_nothing_is_judged() -> None:
    rows = training_rows(0, effect=1.5)
    with_event = rows.train.loc[rows.train["has_event"], "student_key"].drop_duplicates()
    few = rows.train.assign(has_event=rows.train["has_event"] & rows.train["student_key"].isin(with_event[:29]))
    judgement = judge(replace(rows, train=few), TASK, POLICY)
    assert (judgement.verdict, judgement.model) == (SKIPPED, None)
    assert judgement.reasons == ("29 students dropped off in the terms to train on; 30 are needed.",)


def test_a_task_that_is_not_due_is_skipped_with_its_reason() -> None:
    judgement = judge(training_rows(0, effect=1.5), Task((), None, "Nothing new."), POLICY)
    assert (judgement.verdict, judgement.reasons, judgement.weights) == (SKIPPED, ("Nothing new.",), {})


def test_where_the_label_is_silent_it_flags_nobody() -> None:
    rows = training_rows(0, effect=0.0).test.head(3).assign(tier=["too_early", "withheld", "severe_chronic"])
    assert plain_scores(rows)["label"].tolist() == [0, 0, 3]


def test_the_same_rows_give_the_same_model_and_other_rows_another() -> None:
    once, again, other = (judge(training_rows(seed, 1.5), TASK, POLICY).model.model_id for seed in (0, 0, 1))
    assert once == again != other


def test_a_status_filled_in_at_exit_is_refused_as_too_good_to_be_true() -> None:
    rows = training_rows(0, effect=1.5)
    leaked = [part.assign(late_share=part["has_event"] * 1.0) for part in (rows.train, rows.test)]
    judgement = judge(TrainingRows(*leaked), TASK, POLICY)
    assert judgement.verdict == REFUSED
    assert any(reason.startswith("No: is not too good to be true") for reason in judgement.reasons)
    assert any(reason.startswith("Alarm: AUC") for reason in judgement.reasons)


def test_a_column_that_tells_students_apart_raises_the_alarm() -> None:
    rows = training_rows(0, effect=0.0)
    who = np.random.default_rng(0).permutation(200)[rows.train["student_key"].str[1:].astype(int)]
    dropped = rows.train.assign(has_event=who < 60)
    shown = dropped.assign(**{name: np.sin(who * (place + 1.0)) for place, name in enumerate(FEATURE_NAMES)})
    assert judge(replace(rows, train=dropped), TASK, POLICY).figures["leak_gap"].value < 0.05
    assert judge(replace(rows, train=shown), TASK, POLICY).figures["leak_gap"].value > 0.05


def test_a_group_that_is_missed_more_refuses_the_model_and_no_feature_knows_the_group() -> None:
    rows = training_rows(0, effect=2.5)
    late = rows.test["student_key"].str[1:].astype(int) % 2 == 0
    hidden = [name for name in FEATURE_NAMES if name.startswith(("rate", "ewma"))]
    test = rows.test.assign(**{name: rows.test[name].where(~late | ~rows.test["has_event"], 1.0) for name in hidden})
    groups = {student: "even" if int(student[1:]) % 2 == 0 else "odd" for student in set(test["student_key"])}
    judgement = judge(replace(rows, test=test), TASK, POLICY, groups)
    assert judgement.verdict == REFUSED
    assert any(reason.startswith("No: even is missed +") for reason in judgement.reasons)
    assert judgement.model == judge(rows, TASK, POLICY).model
