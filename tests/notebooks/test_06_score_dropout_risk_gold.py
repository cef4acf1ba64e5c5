"""06: every enrolled student has a score beside the label, or a reason for having none."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from papermill.exceptions import PapermillExecutionError

from student_track import risk, tables
from student_track.risk import Judgement
from student_track.risk.terms import Task, Term
from tests.lakes import rows
from tests.risk_trees import drawn_trees

STEM = "06_score_dropout_risk_gold"
BEFORE_THE_MODEL_WAS_JUDGED = "2026-07-10"


def test_everyone_enrolled_has_a_row_with_the_label_of_the_metrics(sample):
    scored = {(row.student_key, row.cohort_id): row.tier for row in sample.table("dropout_risk").collect()}
    measured = sample.table("student_metrics").where("scope = 'cohort' AND status = 'enrolled'").collect()
    assert scored == {(row.student_key, row.cohort_id): row.tier for row in measured}
    assert len(scored) > 350


def test_the_own_model_scores_and_bands_keep_to_capacity(sample):
    counts = {row["band"]: row["count"] for row in sample.table("dropout_risk").groupBy("band").count().collect()}
    scored = sum(count for band, count in counts.items() if band)
    assert 0.05 * scored < counts["high"] < 0.16 * scored  # a tenth, and those who have not been better twice running
    levels = {
        row[0] for row in sample.table("dropout_risk").where("score IS NOT NULL").select("ladder_level").collect()
    }
    assert levels == {2}


def test_whoever_ranks_first_has_reasons_and_who_has_no_score_says_why(sample):
    first = sample.table("dropout_risk").where("rank_in_cohort = 1").collect()
    assert first
    assert all(1 <= len(row.reasons) <= 3 for row in first)
    silent = sample.table("dropout_risk").where("score IS NULL").collect()
    assert silent
    assert all(row.abstained_because and not row.reasons and row.ladder_level == 0 for row in silent)


def test_score_and_label_are_not_the_same_order(sample):
    found = {row.disagreement for row in sample.table("dropout_risk").select("disagreement").distinct().collect()}
    assert found == {None, "score_only", "label_only"}


def test_running_the_date_again_gives_the_same_rows(run_notebook, sample, sample_lake):
    before = rows(sample_lake, "dropout_risk")
    run_notebook(STEM)
    assert rows(sample_lake, "dropout_risk") == before


def test_a_date_before_the_model_was_judged_is_scored_without_it_and_alone(run_notebook, sample, sample_lake):
    before = rows(sample_lake, "dropout_risk")
    run_notebook(STEM, as_of_date=BEFORE_THE_MODEL_WAS_JUDGED)
    assert before <= rows(sample_lake, "dropout_risk")
    then = sample.table("dropout_risk").where(f"as_of_date = DATE'{BEFORE_THE_MODEL_WAS_JUDGED}'")
    assert {row[0] for row in then.select("ladder_level").distinct().collect()} == {0, 1}
    assert then.where("probability IS NOT NULL").count() == 0


def test_trees_that_took_the_place_score_and_give_reasons(run_notebook, sample):
    (model,) = sample.table("risk_models").collect()
    trees = replace(drawn_trees(), label_definition=model.label_definition)
    summer = Term(2025, model.judged_term, date(2026, 4, 13), model.judged_to_date)
    judgement = Judgement("passed", ("why",), trees, is_calibrated=True, task=Task((summer,), summer, ""))
    models = risk.risk_models(sample, sample.table("risk_models"), judgement, datetime.now(UTC))
    tables.merge(sample, "risk_models", models)
    run_notebook(STEM)
    scored = sample.table("dropout_risk").where("score IS NOT NULL").collect()
    assert {(row.ladder_level, row.model_id) for row in scored} == {(3, trees.model_id)}
    assert all(0 < row.probability < 1 for row in scored)
    first = [row for row in scored if row.rank_in_cohort == 1]
    assert first
    assert all(1 <= len(row.reasons) <= 3 for row in first)


def test_its_check_fires_where_a_student_stands_twice(run_notebook, sample, sample_lake, monkeypatch):
    before = rows(sample_lake, "dropout_risk")
    whole = risk.dropout_risk
    monkeypatch.setattr(risk, "dropout_risk", lambda *args: whole(*args).unionByName(whole(*args)))
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook(STEM)
    assert rows(sample_lake, "dropout_risk") == before


def test_a_date_before_the_first_register_is_refused(run_notebook, sample):
    with pytest.raises(PapermillExecutionError, match="No register was taken up to 2025-01-01"):
        run_notebook(STEM, as_of_date="2025-01-01")
