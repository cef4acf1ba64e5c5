"""What is kept of a judgement: the model before stays promoted until a better one has passed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from student_track.frames import frame_from_arrow
from student_track.risk import PASSED, REFUSED, SKIPPED, Judgement, risk_model_metrics, risk_models, rows_of_models
from student_track.risk.figures import Figure
from student_track.risk.model import PUBLISHED_PRIOR
from student_track.risk.records import MODEL_TYPES
from student_track.risk.tree_store import tree_model_from_row
from tests.risk_rows import TASK
from tests.risk_trees import drawn_trees

NOW = datetime(2026, 4, 1, tzinfo=UTC)
MODEL = replace(PUBLISHED_PRIOR, kind="own", label_definition="label", policy_version="2026.1")
FORMER = {
    "model_id": "former",
    "verdict": PASSED,
    "is_promoted": True,
    "is_calibrated": True,
    "judged_to_date": date(2025, 7, 17),
    "verdict_reasons": ["why"],
}


def after(spark, judgement: Judgement) -> dict[str, dict[str, object]]:
    former = frame_from_arrow(spark, pa.Table.from_pylist([FORMER], schema=MODEL_TYPES))
    rows = risk_models(spark, former, judgement, NOW).toArrow().to_pylist()
    return {row["model_id"]: row for row in rows}


@pytest.mark.parametrize(
    ("verdict", "promoted"), [(PASSED, {MODEL.model_id}), (REFUSED, {"former"}), (SKIPPED, {"former"})]
)
def test_only_a_model_that_passed_takes_the_place_of_the_one_before(spark, verdict, promoted) -> None:
    model = None if verdict == SKIPPED else MODEL
    rows = after(spark, Judgement(verdict, ("why",), model, task=TASK))
    assert {name for name, row in rows.items() if row["is_promoted"]} == promoted
    assert set(rows) == ({"former"} if verdict == SKIPPED else {"former", MODEL.model_id})


@pytest.mark.parametrize(("trees", "promoted"), [(PASSED, {drawn_trees().model_id}), (REFUSED, {MODEL.model_id})])
def test_trees_that_passed_are_promoted_and_otherwise_only_kept(spark, trees, promoted) -> None:
    challenger = Judgement(trees, ("why trees",), drawn_trees(), task=TASK)
    rows = after(spark, Judgement(PASSED, ("why",), MODEL, task=TASK, challenger=challenger))
    assert {name for name, row in rows.items() if row["is_promoted"]} == promoted
    assert set(rows) == {"former", MODEL.model_id, drawn_trees().model_id}
    kept = rows[drawn_trees().model_id]
    assert (kept["verdict"], kept["verdict_reasons"], kept["judged_term"]) == (trees, ["why trees"], "Spring")
    assert tree_model_from_row(kept) == drawn_trees()
    assert rows[MODEL.model_id]["trees"] is None


def test_the_row_says_what_it_was_trained_and_judged_on(spark) -> None:
    row = after(spark, Judgement(REFUSED, ("one", "two"), MODEL, task=TASK))[MODEL.model_id]
    assert (row["trained_to_date"], row["judged_to_date"]) == (date(2025, 12, 18), date(2026, 3, 27))
    assert (row["judged_term"], row["verdict_reasons"]) == ("Spring", ["one", "two"])


def test_figures_are_rounded_and_an_undefined_bound_is_null(spark) -> None:
    figures = {"auc_model": Figure(1 / 3, float("nan"), 1.0)}
    (row,) = risk_model_metrics(spark, Judgement(PASSED, (), MODEL, figures=figures, count_rows=7, task=TASK)).collect()
    assert (row.test, row.metric, row.value, row.lower, row.upper) == ("Spring", "auc_model", 0.333333333, None, 1.0)
    assert row.count_rows == 7


def test_the_figures_of_trees_stand_under_their_own_id(spark) -> None:
    figures = {"auc_model": Figure(0.8, 0.7, 0.9)}
    trees = Judgement(REFUSED, (), drawn_trees(), figures=figures, count_rows=7, task=TASK)
    judgement = Judgement(PASSED, (), MODEL, figures=figures, count_rows=7, task=TASK, challenger=trees)
    rows = risk_model_metrics(spark, judgement)
    assert {row.model_id for row in rows.collect()} == {MODEL.model_id, drawn_trees().model_id}
    assert rows.where(rows_of_models(judgement)).count() == 2


def test_of_a_skipped_task_there_are_no_figures(spark) -> None:
    assert risk_model_metrics(spark, Judgement(SKIPPED, ("why",))).count() == 0
