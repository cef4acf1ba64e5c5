"""The gate on twenty sample schools, by their tables: effects are accepted, chance and shuffled outcomes refused."""

from collections import Counter, defaultdict
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


@pytest.fixture(scope="module")
def verdicts() -> defaultdict[str, Counter]:
    """How often each verdict was given, by kind of school; the schools are judged one test each, then counted."""
    return defaultdict(Counter)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_school_with_its_effects_and_with_shuffled_outcomes_is_judged(tmp_path, verdicts, seed) -> None:
    rows, task = rows_of_school(tmp_path / "lake", School(STUDENTS, seed))
    judgement = judge(rows, task, POLICY)
    outcomes = np.random.default_rng(seed).permutation(rows.train["has_event"].to_numpy())
    shuffled = judge(replace(rows, train=rows.train.assign(has_event=outcomes)), task, POLICY)
    gain = judgement.figures["auc_model_minus_label"]
    print(f"seed {seed}: {judgement.verdict}, gain from {gain.low:+.3f}; shuffled {shuffled.verdict}", flush=True)
    verdicts["effects"][judgement.verdict] += 1
    verdicts["shuffled"][shuffled.verdict] += 1
    assert gain.low > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_school_of_noise_is_judged(tmp_path, verdicts, seed) -> None:
    rows, task = rows_of_school(tmp_path / "lake", School(STUDENTS, seed, Effects.noise_only()))
    verdict = judge(rows, task, POLICY).verdict
    print(f"seed {seed}: {verdict}", flush=True)
    verdicts["noise"][verdict] += 1


@pytest.mark.parametrize(("kind", "wanted"), [("effects", PASSED), ("shuffled", REFUSED), ("noise", REFUSED)])
def test_nineteen_of_twenty_verdicts_are_right(verdicts, kind, wanted) -> None:
    assert verdicts[kind].total() == len(SEEDS), "the schools are judged by the tests before this one"
    assert verdicts[kind][wanted] >= 19, verdicts[kind]


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
