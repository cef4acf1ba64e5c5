"""Trees against the logistic model on two terms in a row: where they win, where they must not, and with whom."""

from dataclasses import replace

import pytest

from student_track.risk import PASSED, REFUSED, Judgement, judge
from student_track.risk.contest import why_not_challenged
from student_track.risk.tree_model import KIND
from tests.metric_frames import policy_with
from tests.risk_rows import THREE_TERMS, rows_of_three_terms, rows_with_a_corner

POLICY = policy_with()
RULE = POLICY.dropout_risk


@pytest.fixture(scope="module")
def won() -> Judgement:
    rows = rows_with_a_corner(seed=0, students=600, weeks=4)
    groups = {student: "north" if int(student[1:]) % 4 < 2 else "south" for student in rows.test["student_key"]}
    return judge(rows, THREE_TERMS, POLICY, groups)


def test_where_no_sum_of_features_can_say_it_trees_take_the_place(won) -> None:
    assert (won.verdict, won.challenger.verdict) == (PASSED, PASSED)
    assert won.reasons[-1] == "Boosted trees take its place."
    said = [reason for reason in won.challenger.reasons if "ranks above the logistic model" in reason]
    assert [reason[:14] for reason in said] == ["Yes: on Spring", "Yes: on Summer"]
    assert not any(reason.startswith("No: ") for reason in won.challenger.reasons)
    compared = "treats no group worse: Fairness: no gap beyond the limits among north, south"
    assert [compared in reason for reason in won.challenger.reasons].count(True) == 2


def test_their_judgement_has_all_that_the_models_has(won) -> None:
    own = won.challenger
    assert own.model.kind == KIND
    assert own.model.trained_on == ("Autumn", "Spring")
    assert set(won.figures) - set(own.figures) == {"training_skill", "leak_gap"}
    gains = [own.figures[f"auc_trees_minus_logistic_on_{term}"] for term in ("Spring", "Summer")]
    assert all(gain.value >= 0.01 and gain.low > 0 for gain in gains)
    assert own.figures["auc_model"].value - won.figures["auc_model"].value == pytest.approx(gains[1].value)
    assert set(own.curves) == set(won.curves)


def test_too_few_before_the_term_before_are_said() -> None:
    rows = rows_with_a_corner(seed=0, students=600, weeks=4)
    assert why_not_challenged(rows, THREE_TERMS, RULE) == ""
    of_autumn = rows.train["term"] == "Autumn"
    none_in_autumn = replace(rows, train=rows.train.assign(has_event=rows.train["has_event"] & ~of_autumn))
    assert "students dropped off" in why_not_challenged(none_in_autumn, THREE_TERMS, RULE)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(3))
def test_where_a_sum_says_it_all_the_logistic_model_stays(seed) -> None:
    judgement = judge(rows_of_three_terms(seed, effect=1.5, students=800), THREE_TERMS, POLICY)
    assert (judgement.verdict, judgement.challenger.verdict) == (PASSED, REFUSED)
    assert judgement.reasons[-1].startswith("Boosted trees did not take its place. Not true of them: on Spring ranks")
    assert "may be said" not in " ".join(judgement.challenger.reasons)
