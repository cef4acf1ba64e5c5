"""Who scores, and in which band a score lies."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from student_track.frames import frame_from_arrow, frame_from_rows
from student_track.risk import choose_scorer, with_band
from student_track.risk.landmarks import dates_to_compare
from student_track.risk.model import PUBLISHED_PRIOR, RiskModel
from student_track.risk.records import MODEL_TYPES
from student_track.risk.tree_model import KIND, TreeModel
from student_track.risk.tree_store import columns_of_trees
from tests.metric_frames import policy_with
from tests.risk_trees import drawn_trees

DAY = date(2026, 11, 20)
NOW, WEEK_AGO, TWO_WEEKS_AGO = dates_to_compare(DAY)
RULE = policy_with().dropout_risk


def ranked(student: int, day: date, score: float | None) -> tuple[object, ...]:
    return (f"s{student:02}", "c", day, score)


def bands(spark, rows: list[tuple[object, ...]]) -> dict[str, str | None]:
    types = {"landmark_date": pa.date32(), "score": pa.float64()}
    frame = frame_from_rows(spark, ("student_key", "cohort_id", "landmark_date", "score"), rows, types)
    return {row["student_key"]: row["band"] for row in with_band(frame, DAY, RULE).toArrow().to_pylist()}


def places(order: list[int], day: date) -> list[tuple[object, ...]]:
    """A class of twenty in the order of their scores: top two are high, top three leave no band, top five middle."""
    rest = [student for student in range(20) if student not in order]
    return [ranked(student, day, 100.0 - place) for place, student in enumerate([*order, *rest])]


def test_shares_are_filled_from_the_top(spark) -> None:
    found = bands(spark, places([7, 3, 9, 1, 5], NOW))
    assert {name for name, band in found.items() if band == "high"} == {"s07", "s03"}
    assert {name for name, band in found.items() if band == "middle"} == {"s09", "s01", "s05"}


@pytest.mark.parametrize(
    ("two_weeks_ago", "week_ago", "now", "expected"),
    [
        (9, 9, 1, "high"),  # enters at the top tenth
        (9, 9, 2, "middle"),  # near it is not enough to enter
        (9, 1, 2, "high"),  # was in, and is still near
        (9, 1, 9, "high"),  # below once
        (1, 9, 9, "low"),  # below twice running
        (1, 9, 2, "high"),  # below once, and near again
        (1, 2, 9, "high"),
    ],
)
def test_who_was_high_leaves_when_below_twice_running(spark, two_weeks_ago, week_ago, now, expected) -> None:
    days = {TWO_WEEKS_AGO: two_weeks_ago, WEEK_AGO: week_ago, NOW: now}
    rows = []
    for day, place in days.items():
        order = list(range(1, 20))
        order.insert(place, 0)
        rows += places(order, day)
    assert bands(spark, rows)["s00"] == expected


def test_a_tie_that_does_not_fit_stays_out_and_who_has_no_score_has_no_band(spark) -> None:
    rows = [ranked(student, NOW, 1.0 if student < 3 else 0.0) for student in range(20)] + [ranked(20, NOW, None)]
    found = bands(spark, rows)
    assert [found["s00"], found["s03"], found["s20"]] == ["middle", "low", None]


def test_the_smallest_class_still_has_one_place(spark) -> None:
    assert (
        list(bands(spark, [ranked(student, NOW, float(student)) for student in range(8)]).values()).count("high") == 1
    )


def models(spark, *rows: tuple[object, ...]):
    names = ("model_json", "label_definition", "judged_to_date", "verdict", "is_calibrated", "model_id")
    stored = [{"kind": "k"} | dict(zip(names, row, strict=True)) for row in rows]
    return frame_from_arrow(spark, pa.Table.from_pylist(stored, schema=MODEL_TYPES))


def test_the_latest_model_that_passed_by_the_date_scores_and_else_the_prior(spark) -> None:
    def model(intercept: float) -> RiskModel:
        return RiskModel("k", ("rate_all",), (0.0,), (1.0,), (-1.0,), intercept)

    stored = models(
        spark,
        (model(1).as_json(), "label", date(2026, 3, 27), "passed", False, "one"),
        (model(2).as_json(), "label", date(2026, 7, 17), "passed", True, "two"),
        (model(3).as_json(), "label", date(2026, 12, 18), "passed", True, "three"),
        (model(4).as_json(), "label", date(2026, 7, 17), "refused", True, "four"),
        (model(5).as_json(), "another", date(2026, 7, 18), "passed", True, "five"),
    )
    now = choose_scorer(stored, "label", DAY)
    assert (now.level, now.model.intercept, now.is_calibrated) == (2, 2, True)
    assert choose_scorer(stored, "label", date(2026, 7, 16)).model.intercept == 1
    before = choose_scorer(stored, "label", date(2026, 3, 26))
    assert (before.level, before.model, before.is_calibrated) == (1, PUBLISHED_PRIOR, False)


def rows_of_a_term(trees: TreeModel, verdict: str) -> list[dict[str, object]]:
    """A logistic model and trees judged on the same term; the first passed."""
    logistic = RiskModel("k", ("rate_all",), (0.0,), (1.0,), (-1.0,), 2)
    judged = {"label_definition": "label", "judged_to_date": date(2026, 7, 17), "is_calibrated": True}
    return [
        judged | {"model_id": "a", "kind": "k", "model_json": logistic.as_json(), "verdict": "passed"},
        judged
        | {"model_id": trees.model_id, "kind": trees.kind, "model_json": trees.as_json(), "verdict": verdict}
        | columns_of_trees(trees),
    ]


@pytest.mark.parametrize(("verdict", "level", "kind"), [("passed", 3, KIND), ("refused", 2, "k")])
def test_trees_that_passed_score_before_the_logistic_model_of_their_term(spark, verdict, level, kind) -> None:
    rows = pa.Table.from_pylist(rows_of_a_term(drawn_trees(), verdict), schema=MODEL_TYPES)
    scorer = choose_scorer(frame_from_arrow(spark, rows), "label", DAY)
    assert (scorer.level, scorer.model.kind, scorer.is_calibrated, scorer.stands_in) == (level, kind, True, "")


def test_for_trees_of_another_scikit_learn_the_logistic_model_stands_in_and_says_so(spark) -> None:
    old = replace(drawn_trees(), libraries=("scikit-learn 1.0.2",))
    rows = pa.Table.from_pylist(rows_of_a_term(old, "passed"), schema=MODEL_TYPES)
    scorer = choose_scorer(frame_from_arrow(spark, rows), "label", DAY)
    assert (scorer.level, scorer.model.kind) == (2, "k")
    assert scorer.stands_in.startswith(f"The trees {old.model_id} were made by another version")
