"""Who matters today: rules judged on rows, the cohort a student belongs to, and days that decide nothing."""

from datetime import date, timedelta
from fractions import Fraction

import pyarrow as pa
import pytest
from pyspark.sql import functions as F

from student_track.alerting.standings import combine, day_of, home_cohorts, judge, with_risk_band
from student_track.errors import InputError
from student_track.frames import arrow_type, frame_from_arrow, frame_from_rows
from student_track.schemas import STUDENT_METRICS
from tests.alerting.conftest import DAY, metrics_row, shipped_rules

RULES = shipped_rules().in_force(has_promoted_model=False).rules
KINDS = ("opens", "stays", "undecided")
SCHEMA = pa.schema([pa.field(column.name, arrow_type(column.type)) for column in STUDENT_METRICS.columns])


def metrics(spark, *rows):
    return frame_from_arrow(spark, pa.Table.from_pylist(list(rows), SCHEMA))


def verdicts(spark, **facts):
    """Which rules open, stay open, and cannot be decided on, for one student."""
    row = judge(metrics(spark, metrics_row("a", **facts)), RULES).first()
    return tuple(
        {rule.name for rule in RULES if row[f"{kind}_{rule.name}"]} for kind in ("opens", "stays", "undecided")
    )


TIER = {"tier_entered", "tier_worsened"}
ABOUT_TIER = {*TIER, "near_next_tier"}
NEAR = {"count_absences_to_next_tier": 1, "next_tier": "moderate_chronic"}
FELL = {"trend_change": 0.75 - 0.95}


@pytest.mark.parametrize(
    ("facts", "opens", "stays", "undecided"),
    [
        # of 100 half days: 10 missed open it; it stays open until no more than 9 are missed, which is 91 % attended
        ({"tier": "moderate_chronic", "missed_parts": 10}, {"tier_entered"}, {"tier_entered"}, set()),
        ({"tier": "at_risk", "missed_parts": 10}, set(), {"tier_entered"}, set()),
        ({"tier": "at_risk", "missed_parts": 9}, set(), set(), set()),
        ({"tier": "severe_chronic", "missed_parts": 20}, TIER, TIER, set()),
        ({"tier": "moderate_chronic", "missed_parts": 20}, {"tier_entered"}, TIER, set()),
        ({"count_streak_units": 3}, {"streak"}, {"streak"}, set()),
        ({"count_streak_units": 2}, set(), {"streak"}, set()),
        ({"tier": "withheld", "missed_parts": 20, "count_streak_units": 3}, {"streak"}, {"streak"}, ABOUT_TIER),
        ({"tier": "too_early", "count_possible_units": 0, "missed_parts": 0}, set(), set(), ABOUT_TIER),
        ({"tier": "at_risk", **NEAR}, {"near_next_tier"}, {"near_next_tier"}, set()),
        ({"tier": "at_risk", **NEAR, "count_absences_to_next_tier": 2}, set(), {"near_next_tier"}, set()),
        ({"tier": "satisfactory", **NEAR, "next_tier": "at_risk"}, set(), set(), set()),
        # 75 % after 95 % is a fall by exactly 20 points, though the decimals say -0.19999999999999996
        (FELL, {"fell"}, {"fell"}, set()),
        ({"trend_change": FELL["trend_change"] + 1 / 40}, set(), {"fell"}, set()),
        ({"trend_change": -0.075}, set(), set(), set()),
        ({"has_early_warning": True, "tier": "too_early"}, {"early_warning"}, {"early_warning"}, ABOUT_TIER),
    ],
)
def test_a_rule_at_its_limits(spark, facts, opens, stays, undecided):
    of_fifty_days = {"count_possible_units": 50, "parts_per_unit": 2}
    assert verdicts(spark, **{**of_fifty_days, **facts}) == (opens, stays, undecided)


def test_below_the_coverage_a_rule_asks_for_it_decides_nothing(spark):
    rule = next(rule for rule in RULES if rule.name == "streak").model_copy(
        update={"minimum_coverage": Fraction("0.8")}
    )

    def is_undecided(known):
        facts = {"count_streak_units": 3, "count_known_sessions": known, "count_expected_sessions": 50}
        return judge(metrics(spark, metrics_row("a", **facts)), [rule]).first().undecided_streak

    assert (is_undecided(40), is_undecided(39)) == (False, True)


def test_the_band_of_the_own_cohort_counts_and_no_band_decides_nothing(spark, day):
    rules = shipped_rules().model_copy(update={"may_tell_risk_band": True}).in_force(has_promoted_model=True)
    rule = rules.by_name["risk_band"]
    names = ["student_key", "cohort_id", "as_of_date", "ladder_level", "band"]
    bands = [
        *(("a", "7A", DAY, 2, "high"), ("a", "7B", DAY, 2, "low"), ("b", "7A", DAY, 2, "middle")),
        *(("c", "7A", DAY, 1, "high"), ("d", "7A", DAY - timedelta(days=7), 2, "high")),
    ]
    risk = frame_from_rows(spark, names, bands, {"as_of_date": pa.date32(), "ladder_level": pa.int32()})
    rows = metrics(spark, *(metrics_row(key) for key in "abcd")).withColumn("home_cohort", F.lit("7A"))
    judged = judge(with_risk_band(rows, risk, rules, day), [rule]).collect()
    assert {row.student_key: (row.opens_risk_band, row.undecided_risk_band) for row in judged} == {
        "a": (True, False),
        "b": (False, False),
        "c": (False, True),
        "d": (False, True),
    }


def test_a_student_belongs_to_the_open_enrolment_with_the_most_expected_sessions(spark):
    def row(student, cohort, sessions, status="enrolled"):
        return metrics_row(student, scope="cohort", cohort_id=cohort, count_expected_sessions=sessions, status=status)

    rows = [
        *(row("two", "Club", 20), row("two", "7A", 50)),
        *(row("moved", "7A", 40, "left"), row("moved", "7B", 12)),
        *(row("equal", "7B", 9), row("equal", "7A", 9)),
        row("gone", "7A", 40, "left"),
    ]
    held = frame_from_rows(
        spark, ["cohort_id", "is_held"], [("7A", False), ("7B", False), ("Club", True)], {"is_held": pa.bool_()}
    )
    homes = home_cohorts(metrics(spark, *rows), held).collect()
    assert {row.student_key: (row.home_cohort, row.is_in_held_cohort) for row in homes} == {
        "two": ("7A", True),
        "moved": ("7B", False),
        "equal": ("7A", False),
    }


def test_with_tiers_per_cohort_a_rule_holds_that_holds_in_any():
    def row(cohort, streak, opens, undecided=False):
        verdict = {
            f"{kind}_streak": value for kind, value in (("opens", opens), ("stays", opens), ("undecided", undecided))
        }
        others = {f"{kind}_{rule.name}": False for kind in KINDS for rule in RULES}
        facts = metrics_row("a", scope="cohort", cohort_id=cohort, count_streak_units=streak)
        return {**facts, **others, **verdict, "home_cohort": "7A", "is_in_held_cohort": False}

    (one,) = combine([row("Club", 0, opens=False, undecided=True), row("7A", 4, opens=True)], RULES)
    assert (one.opens, one.stays, one.undecided) == ({"streak"}, {"streak"}, frozenset())
    assert (one.facts["count_streak_units"], one.cohort) == (4, "7A")


def test_students_come_in_order_of_need():
    blank = {f"{kind}_{rule.name}": False for kind in KINDS for rule in RULES}
    place = {"home_cohort": "7A", "is_in_held_cohort": False}
    rows = [
        {**metrics_row("low rate", attendance_rate=0.5), **blank, **place},
        {**metrics_row("no rate", attendance_rate=None), **blank, **place},
        {**metrics_row("streak", count_streak_units=3), **blank, **place},
    ]
    assert [one.student_key for one in combine(rows, RULES)] == ["streak", "low rate", "no rate"]


@pytest.mark.parametrize(
    ("as_of_date", "days_later", "because"),
    [(None, 0, ""), (None, 4, ""), (None, 5, "stale"), (DAY - timedelta(days=1), 0, "back_fill"), (DAY, 0, "")],
)
def test_a_day_decides_unless_it_is_old_or_long_past(spark, as_of_date, days_later, because):
    rows = metrics(spark, metrics_row("a"), metrics_row("a", as_of_date=DAY - timedelta(days=1)))
    found = day_of(rows, as_of_date, "school", DAY + timedelta(days=days_later), 4)
    assert (found.undecided_because, found.decides) == (because, not because)


def test_a_day_without_metrics_is_refused(spark):
    with pytest.raises(InputError, match="no metrics for 2026-11-18"):
        day_of(metrics(spark, metrics_row("a")), date(2026, 11, 18), "school", DAY, 4)
    with pytest.raises(InputError, match="no metrics for any date"):
        day_of(metrics(spark), None, "school", DAY, 4)
