"""Reasons: the student's own numbers, the weightiest first, at most three, and nothing that lowers the score."""

import math

import pytest

from student_track.risk.model import PUBLISHED_PRIOR
from student_track.risk.scoring import LABEL_ONLY, PRIOR, PROVEN_TREES, SCORE_ONLY, Scorer
from tests.drawn_schools import school_days
from tests.metric_frames import policy_with
from tests.risk_frames import class_of, scored_on
from tests.risk_trees import drawn_trees

DAYS = school_days(20)


LINES = {
    **dict.fromkeys(("f1", "f2", "f3", "f4", "f5", "f6", "f7"), "." * 20),
    "absent now": "." * 14 + "A" * 6,
    "absent before": "." * 10 + "AAAA" + "." * 6,
    "gone": "..." + "A" * 17,
}


@pytest.fixture(scope="module")
def rows(spark) -> dict[str, dict[str, object]]:
    """A class of ten by the published prior: by student."""
    scorer = Scorer(PUBLISHED_PRIOR, PRIOR, is_calibrated=False)
    return scored_on(spark, class_of(DAYS, LINES), DAYS[-1], scorer, policy_with())


def test_they_hold_the_students_own_numbers_the_weightiest_first(rows) -> None:
    # two of the nine scored students missed 6 and 4 of the last ten days: 10 / 9 = 1.1
    assert rows["absent now"]["reasons"] == [
        "absent on the last 6 days",
        "absent 6 of the last 10 days; class average 1.1",
        "none of the 9 in the cohort attended less of the last 10 days",
    ]


def test_a_former_streak_is_told_as_one(rows) -> None:
    assert "was absent 4 days in a row before" in rows["absent before"]["reasons"]


def test_nothing_is_told_of_who_is_like_the_class_or_is_not_scored(rows) -> None:
    assert rows["f1"]["reasons"] == rows["gone"]["reasons"] == []
    assert rows["gone"]["abstained_because"] == "already absent for 17 days in a row"


def test_trees_tell_the_same_students_own_numbers_and_may_say_a_percentage(spark) -> None:
    scorer = Scorer(drawn_trees(), PROVEN_TREES, is_calibrated=True)
    found = scored_on(spark, class_of(DAYS, LINES), DAYS[-1], scorer, policy_with())
    told = found["absent now"]["reasons"]
    assert 1 <= len(told) <= 3
    assert "absent 6 of the last 10 days; class average 1.1" in told
    assert found["f1"]["reasons"] == found["gone"]["reasons"] == []
    assert found["absent now"]["score"] > found["absent before"]["score"] >= found["f1"]["score"]
    assert found["absent now"]["probability"] == pytest.approx(1 / (1 + math.exp(-found["absent now"]["score"])))
    assert {row["ladder_level"] for row in found.values()} == {0, 3}
    assert found["gone"]["score"] is None


def test_the_prior_says_an_order_and_no_percentage(rows) -> None:
    assert {row["probability"] for row in rows.values()} == {None}
    assert {name: row["ladder_level"] for name, row in rows.items() if row["ladder_level"] != 1} == {"gone": 0}
    assert rows["absent now"]["rank_in_cohort"] == 1
    assert rows["absent now"]["score"] > rows["absent before"]["score"] > rows["f1"]["score"]


def test_score_and_label_are_told_apart(rows) -> None:
    # 6 of 20 days missed is severe chronic, and so is 4 of 20
    assert [rows[name]["tier"] for name in ("absent now", "f1")] == ["severe_chronic", "satisfactory"]
    assert [rows[name]["disagreement"] for name in ("absent now", "f1")] == [None, None]
    # of nine the top tenth is one; who had that place a week ago is below it only once so far
    assert [rows[name]["band"] for name in ("absent now", "absent before", "f1")] == ["high", "high", "low"]


def test_a_cohort_with_rules_of_its_own_disagrees_by_those(spark) -> None:
    lines = {**dict.fromkeys((f"f{number}" for number in range(8)), "." * 20), "absent now": "." * 14 + "A" * 6}
    school = class_of(DAYS, lines)
    own = {"cohort": school.enrolments[0].cohort, "from": DAYS[0], "attention_tiers": ["satisfactory"]}
    scorer = Scorer(PUBLISHED_PRIOR, PRIOR, is_calibrated=False)
    found = scored_on(spark, school, DAYS[-1], scorer, policy_with(overrides=[own]))
    assert [(found[name]["band"], found[name]["disagreement"]) for name in ("absent now", "f1")] == [
        ("high", SCORE_ONLY),
        ("low", LABEL_ONLY),
    ]
