"""Change in a week, projection, position in the cohort, first units, weekdays and rungs: hand-computed."""

from datetime import date

import pytest
from pyspark.sql import SparkSession

from tests.drawn_schools import draw, school_days, together
from tests.metric_frames import measured_rows, policy_with
from tests.plain_school import Action, Enrolment, School

DAYS = school_days(40)
AS_OF = DAYS[-1]  # a Friday
Rows = dict[tuple[str, str, str], dict[str, object]]

LADDER = [
    {"name": "call", "due_from_absences": 3, "satisfied_by": ["Call "], "within_units": 2},
    {"name": "letter", "due_from_tier": "moderate_chronic", "satisfied_by": ["letter", "meeting"], "within_units": 0},
]
ONE_COHORT = {f"s{number}": "A" * number + "." * (20 - number) for number in range(10)} | {"tenth": "." * 20}
CASES = {
    "worse in the week": "." * 36 + "AAAA",  # 10 % on the last day; 0 of 35 a week before
    "same in the week": "AAAA" + "." * 36,
    "began in the week": "A" + "." * 9,
    "first units": "A.A" + "." * 17 + "AAAA",
    "mondays": "A...." * 8,  # 8 of 8 Mondays: one way of 76 904 685
    "mondays, few": ("A...." * 2) + "." * 10,  # 2 of 4: 1 of 32 by five weekdays, which chance explains
    "every day": "A" * 20,
    "three absences": "AAA" + "." * 10,
    "called in time": "AAA" + "." * 10,
    "called before": "AAA" + "." * 10,
    "not yet overdue": "AAA..",
    "lettered": "A" * 12 + "." * 8,
}


@pytest.fixture(scope="module")
def rows(spark: SparkSession) -> Rows:
    drawn = [draw(name, f"class {name}", signs, DAYS) for name, signs in CASES.items()]
    together_once = together(*(draw(name, "one", signs, DAYS) for name, signs in ONE_COHORT.items()))
    one = together_once._replace(sessions=list(dict.fromkeys(together_once.sessions)))
    left = draw("left", "one", "A" * 10 + "-" * 10, DAYS, stays=[Enrolment("left", "one", DAYS[-20], DAYS[-11])])
    projected = draw("projected", "class projected", "A" + "." * 19, DAYS, ahead=20)
    school = together(*drawn, one, School(left.enrolments, [], left.records, []), projected)
    third = DAYS[-11]  # the day of the third absence of thirteen units
    actions = [
        Action("called in time", third, "call"),
        Action("called before", DAYS[-12], "call"),
        Action("three absences", third, "letter"),
        Action("three absences", date(2027, 1, 1), "call"),  # after the as-of date
        Action("lettered", AS_OF, "meeting"),
    ]
    return measured_rows(spark, school._replace(actions=actions), AS_OF, policy_with(ladder=LADDER))


def row(rows: Rows, student: str) -> dict[str, object]:
    return rows[student, "school", ""]


def test_the_tier_is_compared_with_that_of_a_week_before(rows: Rows) -> None:
    worse = row(rows, "worse in the week")
    assert (worse["previous_week_tier"], worse["tier"], worse["tier_change_in_week"]) == (
        "satisfactory",
        "moderate_chronic",
        "worse",
    )
    assert worse["previous_tier"] == "at_risk"
    assert row(rows, "same in the week")["tier_change_in_week"] == "same"  # 11.4 % then, 10 % now
    assert row(rows, "began in the week")["tier_change_in_week"] == "first"


def test_who_needed_attention_a_week_before_is_recomputed_for_that_day(rows: Rows) -> None:
    worse, same = row(rows, "worse in the week"), row(rows, "same in the week")
    assert (worse["needs_attention_week_before"], worse["needs_attention"]) == (False, True)
    assert (same["needs_attention_week_before"], same["needs_attention"]) == (True, True)


def test_the_year_is_projected_at_the_rate_so_far(rows: Rows) -> None:
    projected = row(rows, "projected")
    assert (projected["count_projected_units"], projected["projected_missed_units"]) == (40, pytest.approx(2.0))
    unplanned = row(rows, "same in the week")
    assert (unplanned["count_projected_units"], unplanned["projected_missed_units"]) == (None, None)


def test_the_position_is_the_share_of_others_with_a_lower_rate(rows: Rows) -> None:
    places = {name: rows[name, "cohort", "one"]["position_in_cohort_share"] for name in ONE_COHORT}
    assert places["s9"] == 0.0
    assert places["s1"] == pytest.approx(0.8)  # eight of ten others
    assert places["s0"] == places["tenth"] == pytest.approx(0.9)  # nine lower, one the same
    assert rows["left", "cohort", "one"]["position_in_cohort_share"] is None
    assert row(rows, "s9")["position_in_cohort_share"] is None
    assert rows["mondays", "cohort", "class mondays"]["position_in_cohort_share"] is None  # a cohort of one


def test_absences_of_the_first_twenty_units_are_counted(rows: Rows) -> None:
    assert (row(rows, "first units")["count_absences_in_first_units"], row(rows, "first units")["count_absences"]) == (
        2,
        6,
    )


def test_a_weekday_is_named_where_chance_is_no_explanation(rows: Rows) -> None:
    assert row(rows, "mondays")["absence_weekday"] == 1
    assert row(rows, "mondays, few")["absence_weekday"] is None
    assert row(rows, "every day")["absence_weekday"] is None


def test_a_rung_is_missing_until_an_action_of_its_kinds_since_it_was_due(rows: Rows) -> None:
    missing = {name: row(rows, name)["missing_rungs"] for name in CASES}
    assert missing["three absences"] == "call,letter"  # 3 of 13; the letter came before the tenth unit
    assert missing["called in time"] == "letter"
    assert missing["called before"] == "call,letter"
    assert missing["not yet overdue"] == ""
    assert missing["lettered"] == "call"
    assert row(rows, "called before")["missing_rung_due_date"] == DAYS[-11]


def test_of_who_left_no_rung_is_missing(rows: Rows) -> None:
    assert row(rows, "left")["missing_rungs"] is None


def test_without_a_tab_of_actions_nothing_is_said_of_rungs(spark: SparkSession) -> None:
    found = measured_rows(spark, draw("a", "x", "A" * 20, DAYS), AS_OF, policy_with(ladder=LADDER))
    assert found["a", "school", ""]["missing_rungs"] is None


def test_a_limit_may_belong_to_the_better_tier(spark: SparkSession) -> None:
    school = together(draw("at", "x", "AAAAA" + "." * 15, DAYS), draw("over", "y", "AAAAA" + "." * 14, DAYS))
    policy = policy_with(tier_limit_belongs_to="better", severe_chronic_from="25 %")
    found = measured_rows(spark, school, AS_OF, policy)
    at, over = found["at", "school", ""], found["over", "school", ""]
    assert (at["tier"], over["tier"]) == ("moderate_chronic", "severe_chronic")
    assert at["count_absences_to_next_tier"] == 1


def override(**rules: object) -> dict[str, object]:
    return {"cohort": "x", "from": DAYS[30], "to": AS_OF, **rules}


def test_rules_of_a_cohort_are_for_its_own_rows_while_they_are_in_force(spark: SparkSession) -> None:
    school = together(draw("a", "x", "AA" + "." * 18, DAYS), draw("b", "y", "AA" + "." * 18, DAYS))
    policy = policy_with(overrides=[override(moderate_chronic_from="15 %", tier_from_possible_units=15)])
    found = measured_rows(spark, school, AS_OF, policy)
    assert found["a", "cohort", "x"]["tier"] == "at_risk"
    assert found["a", "cohort", "x"]["tier_change"] == "same"  # the day before is judged by the same rules
    assert found["a", "school", ""]["tier"] == found["b", "cohort", "y"]["tier"] == "moderate_chronic"
    before = measured_rows(spark, school, DAYS[29], policy)
    assert (
        before["a", "cohort", "x"]["tier"] == "severe_chronic"
    )  # two of ten units, and too early by rules not yet in force


def test_the_tiers_there_were_and_the_weekdays_are_kept(rows: Rows) -> None:
    history = row(rows, "same in the week")["tier_history"]
    assert [(then["unit_number"], then["tier"], then["missed_units"]) for then in history] == [
        (1, "too_early", 1.0),
        (10, "severe_chronic", 4.0),  # 4 of 10; 4 of 20 is exactly 20 %
        (21, "moderate_chronic", 4.0),  # to the end: 4 of 40 is exactly 10 %
    ]
    weekdays = row(rows, "mondays")["units_by_weekday"]
    assert weekdays[0] == {"weekday": 1, "missed_units": 8.0, "count_possible_units": 8}
    assert [(day["weekday"], day["missed_units"]) for day in weekdays[1:]] == [(2, 0), (3, 0), (4, 0), (5, 0)]
