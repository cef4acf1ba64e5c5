"""05: on the sample school the model earns its place; on noise it is refused; nothing new, nothing written."""

import json
from pathlib import Path

import pytest
from papermill.exceptions import PapermillExecutionError

from student_track import risk
from student_track.sample import Effects, School, write_sample_workbook
from tests.lakes import rows, versions

STEM = "05_train_dropout_risk"


def said(notebook) -> str:
    return str([cell.get("outputs") for cell in notebook.cells])


def test_the_model_of_the_sample_school_passed_and_scores(sample):
    (model,) = sample.table("risk_models").collect()
    assert (model.verdict, model.is_promoted, model.judged_term) == ("passed", True, "Summer 2026")
    rows = sample.table("risk_model_metrics").where("test = 'Summer 2026'").collect()
    figures = {row.metric: row for row in rows}
    assert figures["auc_model_minus_label"].lower > 0
    assert figures["brier_skill"].lower > 0
    assert figures["auc_model"].value < 0.97  # a better one would be a leak, not a model


def test_it_holds_no_student_and_every_weight_has_its_sign(sample):
    (model,) = sample.table("risk_models").collect()
    text = model.model_json + str(model.verdict_reasons)
    students = sample.table("students").select("student_key", "student_id", "student_name").collect()
    assert students
    assert not any(value in text for row in students for value in row)
    weights = dict(zip(*(json.loads(model.model_json)[part] for part in ("features", "weights")), strict=True))
    assert all(weight <= 0 for name, weight in weights.items() if "rate" in name or "ewma" in name)


def test_where_no_term_has_finished_since_it_says_so_and_writes_nothing(run_notebook, sample, sample_lake):
    before = versions(sample_lake)
    assert "No term has finished since the latest model was judged" in said(run_notebook(STEM))
    assert versions(sample_lake) == before


def test_with_one_finished_term_it_says_so_and_writes_nothing(run_notebook, sample, sample_lake):
    before = versions(sample_lake)
    assert "Two finished terms are needed" in said(run_notebook(STEM, as_of_date="2026-02-02"))
    assert versions(sample_lake) == before


def test_scores_whose_weeks_have_passed_meet_their_outcomes_and_once_is_enough(run_notebook, sample, sample_lake):
    run_notebook("06_score_dropout_risk_gold", as_of_date="2026-10-02")
    run_notebook(STEM)
    rows = sample.table("risk_model_metrics").where("test = 'scores of 2026-10-02'").collect()
    found = {row.metric: row for row in rows}
    scored = sample.table("dropout_risk").where("as_of_date = DATE'2026-10-02' AND score IS NOT NULL").count()
    assert 0 < found["observed_events"].count_rows <= scored
    assert found["observed_events"].value > 0
    assert found["expected_events"].value > 0
    assert 0 <= found["false_negative_rate"].value <= 1
    before = versions(sample_lake)
    run_notebook(STEM)
    assert versions(sample_lake) == before


def test_trained_again_from_nothing_it_is_the_same_model(run_notebook, sample, sample_lake):
    before = rows(sample_lake, "risk_models"), rows(sample_lake, "risk_model_metrics")
    for name in ("risk_models", "risk_model_metrics"):
        sample.sql(f"DELETE FROM {name} WHERE model_id IS NOT NULL").collect()
    assert not rows(sample_lake, "risk_models")
    run_notebook(STEM)
    assert (rows(sample_lake, "risk_models"), rows(sample_lake, "risk_model_metrics")) == before


def test_its_check_fires_where_a_model_stands_twice(run_notebook, sample, sample_lake, monkeypatch):
    before = versions(sample_lake)
    whole = risk.risk_models
    monkeypatch.setattr(risk, "risk_models", lambda *args: whole(*args).unionByName(whole(*args)))
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook(STEM)
    assert versions(sample_lake) == before


@pytest.fixture
def noise_settings(tmp_path: Path) -> str:
    """The sample school without any effect, as a school's own sheet."""
    write_sample_workbook(tmp_path / "noise.xlsx", School(effects=Effects.noise_only()))
    path = tmp_path / "noise.yml"
    path.write_text(f'sheet: "{tmp_path / "noise.xlsx"}"\ntoday: "2026-11-20"\n', encoding="utf-8")
    return str(path)


@pytest.mark.soak
def test_on_noise_the_model_is_refused_and_the_prior_scores_without_a_percentage(run_notebook, noise_settings, lake):
    earlier = ("00_setup_infrastructure", "01_ingest_attendance_bronze", "02_clean_attendance_silver")
    for stem in (*earlier, STEM, "06_score_dropout_risk_gold"):
        run_notebook(stem, settings=noise_settings)
    (model,) = lake.table("risk_models").collect()
    assert (model.verdict, model.is_promoted) == ("refused", False)
    assert any(reason.startswith("No: ") for reason in model.verdict_reasons)
    levels = {row[0] for row in lake.table("dropout_risk").select("ladder_level").distinct().collect()}
    assert levels == {0, 1}
    assert lake.table("dropout_risk").where("probability IS NOT NULL").count() == 0
    assert lake.table("dropout_risk").where("band = 'high' AND score IS NOT NULL").count() > 0
