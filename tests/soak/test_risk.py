"""The score over many seeds: the gate accepts effects and refuses chance, the audit finds a bias and only a bias."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from student_track.risk import PASSED, REFUSED, judge
from tests.lakes import ROOT
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


SCORE_BY_SQL = """
import numpy as np, pyarrow as pa
from pyspark.sql import functions as F
from student_track import session
from student_track.frames import frame_from_columns
from student_track.risk.features import FEATURE_NAMES
from student_track.risk.training import fit_weights
from student_track.settings import load_settings
from tests.risk_rows import AUTUMN, rows_of_term

rows = rows_of_term(AUTUMN, seed=0, effect=1.5)
model = fit_weights(rows, penalty=0.03)
columns = {name: rows[name].tolist() for name in FEATURE_NAMES} | {"place": list(range(len(rows)))}
spark = session.spark(load_settings("params/sample.yml", engine="spark"))
frame = frame_from_columns(spark, columns, dict.fromkeys(FEATURE_NAMES, pa.float64()) | {"place": pa.int64()})
scored = frame.select("place", F.expr(model.score_expression()).alias("score")).toPandas().sort_values("place")
print(np.abs(scored["score"].to_numpy() - model.log_odds(rows[list(FEATURE_NAMES)].to_numpy())).max())
"""

SCORE_BY_TREES = """
import sys
from student_track import session
from student_track.risk.scoring import PROVEN_TREES, Scorer
from student_track.settings import load_settings
from tests.drawn_schools import school_days
from tests.metric_frames import policy_with
from tests.risk.test_reasons import LINES
from tests.risk_frames import class_of, scored_on
from tests.risk_trees import drawn_trees

spark = session.spark(load_settings("params/sample.yml", engine=sys.argv[1]))
days, scorer = school_days(20), Scorer(drawn_trees(), PROVEN_TREES, is_calibrated=True)
found = scored_on(spark, class_of(days, LINES), days[-1], scorer, policy_with())
print(sorted((name, row["score"], row["probability"], row["band"], row["reasons"]) for name, row in found.items()))
"""


@pytest.mark.timeout(300)
def test_the_sql_score_is_the_python_score_on_spark(own_lake) -> None:
    assert float(printed_by(own_lake, SCORE_BY_SQL).split()[-1]) < 1e-9


@pytest.mark.timeout(600)
def test_trees_score_and_explain_the_same_on_both_engines(own_lake) -> None:
    embedded, spark = (printed_by(own_lake, SCORE_BY_TREES, engine) for engine in ("embedded", "spark"))
    assert "absent 6 of the last 10 days" in embedded
    assert embedded == spark


def printed_by(lake: Path, program: str, *arguments: str) -> str:
    """The last line that a program printed in a process of its own, for an engine is of a process."""
    places = {"PYTHONPATH": str(ROOT), "STUDENT_TRACK_LAKE": str(lake)}
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | places, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
