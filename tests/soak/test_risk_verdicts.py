"""The gate on twenty sample schools, by their tables: effects are accepted, chance and shuffled outcomes refused."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from deltalake import DeltaTable

from student_track.policy import TIERS
from student_track.risk import PASSED, REFUSED, judge
from student_track.sample import Effects, School
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_tables
from tests import lakes
from tests.metric_frames import policy_with
from tests.risk_lakes import rows_of_school

pytestmark = [pytest.mark.soak, pytest.mark.timeout(2400)]
SEEDS = range(20)
STUDENTS = 1000
"""Enough of them drop off in a term to tell whether anything is to be learnt: about a hundred."""

POLICY = policy_with()


def test_a_school_with_its_effects_is_accepted_and_the_same_with_shuffled_outcomes_refused(tmp_path) -> None:
    verdicts, shuffled_verdicts, lowest = Counter(), Counter(), []
    for seed in SEEDS:
        rows, task = rows_of_school(tmp_path / str(seed), School(STUDENTS, seed))
        judgement = judge(rows, task, POLICY)
        outcomes = np.random.default_rng(seed).permutation(rows.train["has_event"].to_numpy())
        shuffled = judge(replace(rows, train=rows.train.assign(has_event=outcomes)), task, POLICY)
        lowest.append(judgement.figures["auc_model_minus_label"].low)
        print(f"seed {seed}: {judgement.verdict}, gain from {lowest[-1]:+.3f}; shuffled {shuffled.verdict}", flush=True)
        verdicts[judgement.verdict] += 1
        shuffled_verdicts[shuffled.verdict] += 1
    assert verdicts[PASSED] >= 19, verdicts
    assert shuffled_verdicts[REFUSED] >= 19, shuffled_verdicts
    assert min(lowest) > 0


def test_a_school_of_noise_is_refused(tmp_path) -> None:
    verdicts = Counter()
    for seed in SEEDS:
        rows, task = rows_of_school(tmp_path / str(seed), School(STUDENTS, seed, Effects.noise_only()))
        verdict = judge(rows, task, POLICY).verdict
        print(f"seed {seed}: {verdict}", flush=True)
        verdicts[verdict] += 1
    assert verdicts[REFUSED] >= 19, verdicts


def test_a_refusal_is_said_on_every_surface_and_the_label_still_works(tmp_path) -> None:
    lake, reports = tmp_path / "noise" / "school", tmp_path / "reports"
    write_tables(lake, school_of_tables(School(500, 0, Effects.noise_only())))
    only = [word for name in ("00", "03", "05", "06", "attendance_dashboard") for word in ("--only", name)]
    places = {"STUDENT_TRACK_LAKE": str(lake), "STUDENT_TRACK_REPORTS": str(reports)}
    done = lakes.student_track("run", "--settings", "params/sample.yml", *only, **places)
    assert done.returncode == 0, done.stderr
    assert "an order by published weights, for no model has proved itself here yet" in " ".join(done.stdout.split())
    assert "The gate refused" in (reports / "site" / "school" / "index.html").read_text(encoding="utf-8")
    scores, metrics, models = (
        DeltaTable(str(lake / "attendance" / name)).to_pandas()
        for name in ("dropout_risk", "student_metrics", "risk_models")
    )
    assert list(models["verdict"]) == [REFUSED]
    assert any(reason.startswith("No: ") for reason in models["verdict_reasons"][0])
    assert scores["probability"].isna().all()
    assert set(scores["ladder_level"]) == {0, 1}
    assert set(TIERS) & set(metrics["tier"])
    assert metrics["needs_attention"].any()
