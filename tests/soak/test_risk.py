"""The score over many seeds: the gate accepts effects and refuses chance, the audit finds a bias and only a bias."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from student_track.risk import PASSED, REFUSED, judge
from tests.metric_frames import policy_with
from tests.risk.test_audit import audited
from tests.risk_rows import TASK, training_rows

pytestmark = pytest.mark.soak
SEEDS = range(20)
POLICY = policy_with()


@pytest.mark.timeout(1200)
def test_effects_are_accepted_on_nineteen_of_twenty_seeds() -> None:
    verdicts = Counter(judge(training_rows(seed, effect=1.5), TASK, POLICY).verdict for seed in SEEDS)
    assert verdicts[PASSED] >= 19, verdicts


@pytest.mark.timeout(1200)
def test_chance_is_refused_on_nineteen_of_twenty_seeds() -> None:
    verdicts = Counter(judge(training_rows(seed, effect=0.0), TASK, POLICY).verdict for seed in SEEDS)
    assert verdicts[REFUSED] >= 19, verdicts


@pytest.mark.timeout(1200)
def test_shuffled_labels_are_refused_on_nineteen_of_twenty_seeds() -> None:
    verdicts = Counter()
    for seed in SEEDS:
        rows = training_rows(seed, effect=1.5)
        shuffled = np.random.default_rng(seed).permutation(rows.train["has_event"].to_numpy())
        verdicts[judge(replace(rows, train=rows.train.assign(has_event=shuffled)), TASK, POLICY).verdict] += 1
    assert verdicts[REFUSED] >= 19, verdicts


def test_a_planted_bias_is_found_and_without_it_at_most_one_of_twenty_seeds_raises_an_alarm() -> None:
    assert sum(bool(audited(seed).alarms) for seed in SEEDS) <= 1
    assert sum(bool(audited(seed, missed_more=0.35).alarms) for seed in SEEDS) >= 19
    assert sum(bool(audited(seed, named_more=0.15).alarms) for seed in SEEDS) >= 19
