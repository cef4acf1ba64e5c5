"""``risk evaluate``: the figures of the gate, paired differences, real registers, and questions that have no answer."""

import json
from pathlib import Path

import pytest

from student_track.risk.contenders import by_champion, unseen_chances
from student_track.risk.evaluation import compare
from student_track.risk.judgement import measure
from student_track.risk.training import choose_penalty
from tests.lakes import ROOT
from tests.lakes import student_track as as_process
from tests.risk_rows import training_rows

DATA = ROOT / "tests" / "data" / "oulad_aaa"
CONTENDERS = {"champion", "challenger", "label", "rate_to_date", "class_relative", "base_rate"}
FIGURES = {"auc", "precision", "recall", "brier", "ece", "slope"}


@pytest.fixture(scope="module")
def answer() -> dict[str, dict[str, dict[str, float]]]:
    return compare(training_rows(0, effect=1.5), 0.1)


def test_every_contender_has_every_figure_with_its_interval(answer) -> None:
    assert set(answer) == CONTENDERS | {"differences"}
    for name in CONTENDERS:
        assert set(answer[name]) == FIGURES
        for figure, found in answer[name].items():
            if (name, figure) != ("base_rate", "slope"):  # one chance for everybody has no slope
                assert found["low"] <= found["value"] <= found["high"], (name, figure)
    assert answer["base_rate"]["slope"] == {"value": None, "low": None, "high": None}
    assert answer["base_rate"]["auc"] == {"value": 0.5, "low": 0.5, "high": 0.5}


def test_the_figures_of_champion_and_label_are_those_of_the_gate(answer) -> None:
    rows = training_rows(0, effect=1.5)
    chances, _ = unseen_chances(rows.train, rows.test, by_champion(choose_penalty(rows.train)))
    found = measure(rows, chances, 0.1)
    pairs = {
        "auc_model": answer["champion"]["auc"],
        "auc_label": answer["label"]["auc"],
        "auc_model_minus_label": answer["differences"]["champion_minus_label"]["auc"],
        "precision_at_capacity_model": answer["champion"]["precision"],
        "calibration_slope": answer["champion"]["slope"],
    }
    for name, plain in pairs.items():
        assert (plain["value"], plain["low"]) == pytest.approx((found[name].value, found[name].low), abs=1e-6), name


def test_differences_are_paired_and_narrower_than_their_parts(answer) -> None:
    found = answer["differences"]
    assert set(found) == {f"champion_minus_{name}" for name in CONTENDERS - {"champion"}}
    own, other = answer["champion"]["auc"], answer["challenger"]["auc"]
    difference = found["champion_minus_challenger"]["auc"]
    assert difference["value"] == pytest.approx(own["value"] - other["value"], abs=2e-6)
    assert difference["high"] - difference["low"] < own["high"] - own["low"]


@pytest.fixture(scope="module")
def real_lake(tmp_path_factory) -> Path:
    """Two years of one course, by the week."""
    folder = tmp_path_factory.mktemp("real")
    sheets = [word for name in ("weekly_long.csv", "roster.csv") for word in ("--sheet", str(DATA / name))]
    places = {"STUDENT_TRACK_LAKE": str(folder / "lake"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
    up_to_silver = [word for number in ("00", "01", "02") for word in ("--only", number)]
    done = as_process("run", *sheets, *up_to_silver, **places)
    assert done.returncode == 0, done.stderr
    return folder / "lake"


@pytest.fixture
def ask(student_track, real_lake, monkeypatch):
    """``risk evaluate`` on the real registers: exit code, answer, complaint."""
    monkeypatch.delenv("STUDENT_TRACK_LAKE")

    def run(*options: str) -> tuple[int, str, str]:
        return student_track("risk", "evaluate", "--lake", str(real_lake), "--format", "json", *options)

    return run


def files_of(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_on_a_later_year_of_real_registers_the_champion_is_above_the_label_and_no_baseline_far_above_it(
    ask, real_lake
) -> None:
    before = files_of(real_lake / "attendance")
    code, said, complaint = ask("--train", "AAA-2013J", "--test", "AAA-2014J", "--label", "new_dropoff")
    assert code == 0, complaint
    answer = json.loads(said)
    best = max(answer[name]["auc"]["value"] for name in ("rate_to_date", "class_relative", "base_rate"))
    assert answer["champion"]["auc"]["value"] >= best - 0.01
    assert answer["differences"]["champion_minus_label"]["auc"]["low"] > 0
    assert answer["champion"]["auc"]["value"] < 0.95  # a better one would be a leak, not a model
    assert (answer["about"]["is_later"], answer["about"]["horizon_units"]) == (True, [4])
    assert files_of(real_lake / "attendance") == before


@pytest.mark.soak
def test_horizon_capacity_and_label_are_those_asked_for(ask) -> None:
    asked = ("--train", "AAA-2013J", "--test", "AAA-2014J", "--label", "dropoff", "--horizon", "6", "--capacity", "0.2")
    code, said, complaint = ask(*asked)
    assert code == 0, complaint
    answer = json.loads(said)
    assert (answer["about"]["horizon_units"], answer["about"]["capacity"]) == ([6], 0.2)
    # students already absent belong to it: the event is frequent, and mostly told
    assert answer["about"]["test"]["event_share"] > 0.1
    assert answer["base_rate"]["recall"]["value"] == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--train", "AAA-2013J", "--test", "BBB"), "--test BBB: there is no such cohort or term. Cohorts: AAA-2013J,"),
        (("--train", "AAA-2013J,AAA-2014J", "--test", "AAA-2014J"), "rows are in both --train and --test"),
        (("--train", "term 1 of 2014", "--test", "term 1 of 2013"), "the past would be foretold from the future"),
        (("--train", "AAA-2013J", "--test", "AAA-2014J", "--label", "exam"), "There are: new_dropoff, dropoff"),
        (("--train", "AAA-2013J", "--test", "AAA-2014J", "--capacity", "0"), "write a share above 0"),
        (("--train", "AAA-2013J", "--test", "AAA-2014J", "--capacity", "many"), "write a share above 0"),
        (("--train", "AAA-2013J", "--test", "AAA-2014J", "--horizon", "99"), "0 rows with a known outcome"),
    ],
)
def test_a_question_without_an_answer_is_refused_with_what_to_do(ask, options, complaint) -> None:
    code, said, found = ask(*options)
    assert (code, said) == (2, "")
    assert complaint in found
