"""The boundary cases in the answers: whoever stands on a limit is listed, whoever stands just beside it is not."""

import pytest

from student_track import queries
from tests.drawn_schools import FINE_CODES, draw, school_days, together
from tests.metric_frames import measured_rows, policy_with
from tests.plain_school import Enrolment
from tests.queries.conftest import VALUES

DAYS = school_days(110)
AS_OF = DAYS[-1]
CASES = {
    "ninety": "A" + "." * 9,
    "ninety_five": "A" + "." * 19,
    "eighty": "AA" + "." * 8,
    "just_above_ninety": "AAf" + "." * 22,  # 2.499 of 25
    "thirds_to_ninety": "ttt" + "." * 7,
    "early_and_warned": "AAAAA....",  # 9 possible units, 5 missed
    "tardy": "T" + "." * 9,
    "half_day": "." * 9 + "H",
    "unmapped": "Q" + "." * 19,
    "not_taken": "N" + "." * 19,
    "withheld": "A" + "." * 17 + "???",
    "one_more_reaches_it": "A" + "." * 18,  # 2 of 20 would be 10 %, the limit itself
}
WEEK_12 = [Enrolment("left", "class left", DAYS[0], DAYS[59])]
WEEK_20 = [Enrolment("joined", "class joined", DAYS[100])]


@pytest.fixture(scope="module")
def gold(spark):
    drawn = [draw(name, f"class {name}", signs, DAYS) for name, signs in CASES.items()]
    long = "A" * 100 + "." * 10
    drawn.append(draw("left", "class left", long, DAYS, stays=WEEK_12))
    drawn.append(draw("joined", "class joined", long, DAYS, stays=WEEK_20))
    return list(measured_rows(spark, together(*drawn), AS_OF, policy_with(codes=FINE_CODES)).values())


@pytest.fixture
def answer(spark, view, gold):
    view("student_metrics", *gold)
    return lambda name: queries.ask(spark, name, **VALUES | {"as_of_date": AS_OF}).toArrow().to_pylist()


def test_the_limit_itself_belongs_to_the_worse_tier_and_asks_for_a_call(answer):
    rows = {row["student_key"]: row for row in answer("call_list")}
    assert {name: row["tier"] for name, row in rows.items()} == {
        "ninety": "moderate_chronic",
        "thirds_to_ninety": "moderate_chronic",
        "eighty": "severe_chronic",
        "early_and_warned": "too_early",
    }
    assert rows["eighty"]["because"] == "tier,early_warning"
    assert rows["early_and_warned"]["because"] == "early_warning"
    assert rows["eighty"]["attendance_percent"] == 80.0


def test_who_is_rounded_to_ninety_is_not_called(answer):
    assert "just_above_ninety" not in {row["student_key"] for row in answer("call_list")}
    assert "just_above_ninety" in {row["student_key"] for row in answer("one_absence_from_next_tier")}


def test_one_absence_from_the_next_tier_holds_at_the_limit(answer):
    listed = {row["student_key"]: row["next_tier"] for row in answer("one_absence_from_next_tier")}
    assert listed["one_more_reaches_it"] == "moderate_chronic"
    assert "ninety_five" not in listed  # 2 of 21 would be below it


def test_a_tardy_is_present_and_listed_by_itself(answer):
    assert [(row["student_key"], row["tier"]) for row in answer("tardies")] == [("tardy", "satisfactory")]


def test_nobody_is_listed_without_a_tier_for_what_is_not_known(answer):
    worse = {row["student_key"] for name in ("got_worse", "newly_at_risk") for row in answer(name)}
    assert not worse & {"withheld", "unmapped", "not_taken", "left"}


def test_who_left_is_on_no_list_and_who_joined_late_is_not_called(answer):
    for name in ("call_list", "newly_at_risk", "got_worse", "recovered", "one_absence_from_next_tier", "tardies"):
        assert "left" not in {row["student_key"] for row in answer(name)}
    assert "joined" not in {row["student_key"] for row in answer("call_list")}
