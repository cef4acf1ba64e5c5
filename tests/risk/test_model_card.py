"""The model card: the committed one is that of the sample school; its numbers are those stored."""

import pytest

from student_track import session
from student_track.errors import InputError
from student_track.risk.model_card import as_markdown, read_card
from tests.lakes import ROOT
from tests.risk_trees import drawn_trees


def test_the_committed_card_is_that_of_the_sample_school(sample_lake, config) -> None:
    committed = (ROOT / "docs" / "model_card.md").read_text(encoding="utf-8")
    assert read_card(session.spark(config)) == committed, "run `make docs` after `make run`"


def test_it_holds_verdict_use_and_both_curves(sample_lake, config) -> None:
    spark = session.spark(config)
    card = read_card(spark)
    (model,) = spark.table("risk_models").collect()
    assert f"## Verdict: {model.verdict}" in card
    assert all(f"* {reason}\n" in card for reason in model.verdict_reasons)
    assert "Not for grading, discipline, admission" in card
    assert card.count("| tenth ") == 10
    assert card.count("| top ") == 7


def test_a_card_of_trees_names_their_features_instead_of_weights() -> None:
    trees = drawn_trees()
    about = dict.fromkeys(
        ("label_definition", "trained_to_date", "judged_term", "judged_to_date", "policy_version"), ""
    )
    about |= {"verdict": "passed", "verdict_reasons": ["why"], "is_promoted": True}
    card = as_markdown(about | {"model_id": trees.model_id, "kind": trees.kind, "model_json": trees.as_json()}, [])
    assert f"| model | monotone boosted trees, `{trees.model_id}` |" in card
    assert "| level | 3: own trees, proven on two terms |" in card
    assert "| `log_streak` | streak | raises |" in card
    assert "weight" not in card.split("## Features of the trees")[1]


def test_a_lake_without_a_model_has_no_card(sample_lake, config) -> None:
    spark = session.spark(config)
    spark.sql("DELETE FROM risk_models WHERE model_id IS NOT NULL").collect()
    with pytest.raises(InputError, match="No model was judged"):
        read_card(spark)
