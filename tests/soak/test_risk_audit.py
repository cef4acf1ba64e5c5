"""The audit on sample schools of 5,000, by their tables: a planted bias is found, and without one hardly ever any."""

import numpy as np
import pytest

from student_track.lake_key import SAMPLE_KEY
from student_track.privacy import student_key
from student_track.risk import REFUSED, figures, judge
from student_track.risk.audit import Audit, audit
from student_track.risk.contenders import LABEL, by_champion, plain_scores, unseen_chances
from student_track.risk.judgement import classes_of
from student_track.risk.training import TrainingRows, choose_penalty
from student_track.sample import Effects, School
from student_track.sample.school import SUPPORT_PLAN_SHARE, pupils
from tests.metric_frames import policy_with
from tests.risk_lakes import rows_of_school

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]
STUDENTS = 5000
"""A hundred rows with the event then fall to the quarter with a support plan: so many a group needs to be judged."""

BIASED = Effects(subgroup_bias=True)
POLICY = policy_with()
CAPACITY = float(POLICY.dropout_risk.high_share)
SCHOOLS, DRAWS_OF_PLANS = 4, 5


@pytest.mark.parametrize("seed", range(2))
def test_a_planted_bias_is_found_and_refuses_the_model(tmp_path, seed) -> None:
    school = School(STUDENTS, seed, BIASED)
    rows, task = rows_of_school(tmp_path / "lake", school)
    judgement = judge(rows, task, POLICY, plans_of(school))
    print(judgement.audit.said)
    assert any(alarm.startswith("plan is named without need +") for alarm in judgement.audit.alarms)
    assert judgement.verdict == REFUSED


def test_without_a_bias_at_most_one_of_twenty_raises_an_alarm(tmp_path) -> None:
    """Plans mean nothing where the bias is off: who has one is drawn anew a few times for each school."""
    audits = []
    for seed in range(SCHOOLS):
        rows, _ = rows_of_school(tmp_path / str(seed), School(STUDENTS, seed))
        students = sorted(set(rows.test["student_key"]))
        audits += audits_of(rows, [drawn_plans(students, [seed, draw]) for draw in range(DRAWS_OF_PLANS)])
    assert all(found.figures for found in audits)  # each was judged
    alarms = [alarm for found in audits for alarm in found.alarms[:1]]
    print(f"{len(alarms)} of {len(audits)}: {alarms}")
    assert len(alarms) <= 1, alarms


def plans_of(school: School) -> dict[str, str]:
    return {
        student_key(SAMPLE_KEY, pupil.number): "plan" if pupil.has_support_plan else "none" for pupil in pupils(school)
    }


def drawn_plans(students: list[str], seed: list[int]) -> dict[str, str]:
    has_plan = np.random.default_rng(seed).random(len(students)) < SUPPORT_PLAN_SHARE
    return dict(zip(students, np.where(has_plan, "plan", "none").tolist(), strict=True))


def audits_of(rows: TrainingRows, groups: list[dict[str, str]]) -> list[Audit]:
    """The audit of each grouping, as the gate makes it."""
    chances, _ = unseen_chances(rows.train, rows.test, by_champion(choose_penalty(rows.train)))
    classes = classes_of(rows.test)
    named, named_by_label = (
        figures.chosen_share(score, classes, CAPACITY) for score in (chances, plain_scores(rows.test)[LABEL])
    )
    return [audit(rows.test, one, named, named_by_label) for one in groups]
