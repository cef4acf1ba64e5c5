"""Rules: what the shipped ones are, and every refusal with the line to mend."""

from datetime import UTC, datetime

import pytest

from student_track.alerting.conditions import Condition
from student_track.alerting.limits import PolicyInForce
from student_track.alerting.rules import Quiet, load_rules
from student_track.errors import InputError
from student_track.policy import Policy
from tests.alerting.conftest import ALERTS, DAY, POLICY, metrics_row, shipped_rules

RULE = """version: "1"
rules:
  - name: streak
    severity: high
    says: "absent {count_streak_units} {units} in a row"
    says_when_over: "back"
    opens_when:
      - {column: count_streak_units, at_least: 3}
"""


@pytest.fixture
def changed(tmp_path):
    def write(old, new):
        assert old in RULE
        path = tmp_path / "rules.yml"
        path.write_text(RULE.replace(old, new))
        return path

    return write


def test_the_shipped_rules_in_the_order_in_which_they_give_the_reason():
    rules = shipped_rules().rules
    assert [(rule.name, rule.severity) for rule in rules] == [
        ("tier_worsened", "high"),
        ("tier_entered", "medium"),
        ("streak", "medium"),
        ("fell", "medium"),
        ("early_warning", "low"),
        ("near_next_tier", "low"),
        ("risk_band", "low"),
    ]
    about = {rule.name for rule in rules if rule.is_about_the_tier}
    assert about == {"tier_worsened", "tier_entered", "near_next_tier"}


def test_the_risk_band_is_told_only_with_a_model_and_where_the_school_says_so():
    rules = shipped_rules()
    assert "risk_band" not in rules.in_force(has_promoted_model=True).by_name
    willing = rules.model_copy(update={"may_tell_risk_band": True})
    assert "risk_band" in willing.in_force(has_promoted_model=True).by_name
    assert "risk_band" not in willing.in_force(has_promoted_model=False).by_name


@pytest.mark.parametrize(
    ("limit", "missed", "stays"),
    [
        ("policy.moderate_chronic_from + 1 %", 9, False),  # 91 % attended
        ("policy.moderate_chronic_from + 1 %", 10, True),
        ("policy.severe_chronic_from", 20, False),  # 80 % is not below 80 %
        ("policy.severe_chronic_from - 5 %", 25, False),
        ("policy.severe_chronic_from - 5 %", 26, True),
    ],
)
def test_a_limit_follows_the_policy(spark, limit, missed, stays):
    condition = judged({"column": "attendance_rate", "below": limit})
    facts = {"count_possible_units": 100, "missed_parts": missed, "parts_per_unit": 1}
    assert of_row(spark, condition, facts) is stays


def test_a_cohort_with_rules_of_its_own_has_limits_of_its_own(spark):
    override = {"cohort": "O'Hara", "from": "2026-08-01", "moderate_chronic_from": "15 %"}
    policy = Policy.model_validate({**_as_written(POLICY), "overrides": [override]})
    condition = judged({"column": "attendance_rate", "below": "policy.moderate_chronic_from + 1 %"}, policy)
    facts = {"count_possible_units": 100, "missed_parts": 12, "parts_per_unit": 1}
    assert of_row(spark, condition, {**facts, "cohort_id": "Maple"}) is True
    assert of_row(spark, condition, {**facts, "cohort_id": "O'Hara"}) is False
    assert of_row(spark, condition, {**facts, "cohort_id": "O'Hara", "missed_parts": 15}) is True


def test_what_decides_has_a_fingerprint_and_what_is_said_has_none():
    rules = shipped_rules()
    stricter = Policy.model_validate({**_as_written(POLICY), "moderate_chronic_from": "8 %"})
    assert load_rules(ALERTS / "rules.yml", stricter, DAY).fingerprint != rules.fingerprint
    first = rules.rules[0].model_copy(update={"says": "another word"})
    assert rules.model_copy(update={"rules": (first, *rules.rules[1:])}).fingerprint == rules.fingerprint


@pytest.mark.parametrize(
    ("quiet", "moment", "is_quiet"),
    [
        ({"from": "18:00", "to": "07:00"}, datetime(2026, 11, 20, 17, 59), False),
        ({"from": "18:00", "to": "07:00"}, datetime(2026, 11, 20, 18, 0), True),
        ({"from": "18:00", "to": "07:00"}, datetime(2026, 11, 20, 6, 59), True),
        ({"from": "18:00", "to": "07:00"}, datetime(2026, 11, 20, 7, 0), False),
        ({"from": "12:00", "to": "13:00"}, datetime(2026, 11, 20, 12, 30), True),
        ({"from": "12:00", "to": "13:00"}, datetime(2026, 11, 20, 13, 0), False),
        ({"from": "12:00", "to": "12:00", "days": ["saturday"]}, datetime(2026, 11, 21, 9, 0), True),
        ({"from": "12:00", "to": "12:00", "days": ["saturday"]}, datetime(2026, 11, 20, 12, 0), False),
    ],
)
def test_quiet_hours(quiet, moment, is_quiet):
    assert Quiet.model_validate(quiet).covers(moment) is is_quiet


def test_quiet_hours_are_of_the_schools_own_clock():
    rules = shipped_rules().model_copy(update={"quiet": Quiet(from_hour="18:00", to_hour="07:00")})
    six_in_london = datetime(2026, 7, 1, 17, 30, tzinfo=UTC)
    assert rules.is_quiet(six_in_london, "Europe/London")
    assert not rules.is_quiet(six_in_london, "UTC")
    assert not shipped_rules().is_quiet(six_in_london, "Europe/London")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "column: count_streak_units",
            "column: count_streak_unit",
            "line 8.*no column.*Did you mean `count_streak_units`",
        ),
        ("{count_streak_units}", "{count_streaks}", "line 5.*`count_streaks` is no column"),
        ("{count_streak_units}", "{count_streak_units!r}", "line 5.*simple braces"),
        ("at_least: 3", 'at_least: "three"', "line 8.*'three' is not a number"),
        ("at_least: 3", "at_least: 2.5", "line 8.*a whole number from 0"),
        ("at_least: 3", "at_least: -1", "line 8.*a whole number from 0"),
        ("at_least: 3", "is_one_of: [a]", "line 8.*one comparison that fits it"),
        ("at_least: 3", "at_least: 3, below: 9", "line 8.*one comparison"),
        ("column: count_streak_units, at_least: 3", "column: tier, is_one_of: [severe]", "line 8.*never 'severe'"),
        ("column: count_streak_units, at_least: 3", 'column: attendance_rate, below: "110 %"', "line 8.*0 % to 100 %"),
        ("column: count_streak_units, at_least: 3", "column: missed_units, below: 0.2", "line 8.*is for display"),
        ("column: count_streak_units, at_least: 3", "column: trend_change, below: -2", "line 8.*-100 % to 100 %"),
        ("at_least: 3", "at_least: policy.attention_streaks", "line 8.*no number called `attention_streaks`"),
        ("at_least: 3", "at_least: policy.version", "line 8.*no number called `version`"),
        ("at_least: 3", "at_least: policy.severe_chronic_from", "line 8.*a whole number from 0"),
        ("at_least: 3", "at_least: policy.attention_streak_units - 9", "line 8.*a whole number from 0"),
        ("at_least: 3", "at_least: policy.attention_streak_units + x", "line 8.*'x' is not a number"),
        (
            "column: count_streak_units, at_least: 3",
            "column: attendance_rate, below: policy.moderate_chronic_from + 11 %",
            "line 8.*0 % to 100 %",
        ),
        ("at_least: 3", "at_least: 3, window_units: 3", "line 8.*is the policy's"),
        ("severity: high", "severity: high\n    tell: teacher", "line 5"),
        ("severity: high", "severity: high\n    repeat_after_school_days: 0", "line 5"),
        ("severity: high", "severity: high\n    minimum_coverage: 110 %", "line 5"),
        ("severity: high", "severity: high\n    worsens: {column: attendance_rate}", "line 5.*no count"),
        ("severity: high", "severity: high\n    worsens: {column: streaks}", "line 5.*no column"),
        ('version: "1"', 'version: "1"\nquiet: {from: "25:00", to: "07:00"}', "line 2"),
        ('version: "1"', 'version: "1"\nquiet: {from: "18:00", to: "07:00", days: [someday]}', "line 2"),
        ('version: "1"', 'version: "1"\nreactions: {snooze_days: 0}', "line 2"),
        ("column: count_streak_units, at_least: 3", "column: has_early_warning, at_least: 1", "line 8.*is: true"),
        ("column: count_streak_units, at_least: 3", "column: as_of_date, at_least: 1", "line 8.*is for display"),
        ("severity: high", "severity: worst", "line 4"),
        ("severity: high", "severity: high\n    severty: low", "line 5: unknown key"),
        ("name: streak", 'name: "a streak"', "line 3"),
        ("opens_when:\n      - {column: count_streak_units, at_least: 3}", "opens_when: []", "line 7"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_with_its_line(changed, old, new, said):
    with pytest.raises(InputError, match=said):
        load_rules(changed(old, new), POLICY, DAY)


def test_two_rules_of_one_name_are_refused(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text(RULE + RULE.split("rules:\n")[1])
    with pytest.raises(InputError, match="2 rules are called `streak`"):
        load_rules(path, POLICY, DAY)


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        ({"column": "count_streak_units", "at_least": 3}, {"count_streak_units": 3}, True),
        ({"column": "count_streak_units", "at_least": 3}, {"count_streak_units": 2}, False),
        ({"column": "count_absences_to_next_tier", "at_most": 1}, {"count_absences_to_next_tier": 1}, True),
        ({"column": "count_absences_to_next_tier", "at_most": 1}, {"count_absences_to_next_tier": None}, None),
        ({"column": "tier", "is_one_of": ["at_risk"]}, {"tier": "at_risk"}, True),
        ({"column": "has_early_warning", "is": True}, {"has_early_warning": True}, True),
        # 91 % attended, exactly: 9 of 100 days missed, in halves 18
        ({"column": "attendance_rate", "below": "91 %"}, {"count_possible_units": 100, "missed_parts": 18}, False),
        ({"column": "attendance_rate", "at_most": "91 %"}, {"count_possible_units": 100, "missed_parts": 18}, True),
        ({"column": "attendance_rate", "below": "91 %"}, {"count_possible_units": 100, "missed_parts": 19}, True),
        ({"column": "attendance_rate", "below": "91 %"}, {"count_possible_units": 0, "missed_parts": 0}, False),
    ],
)
def test_a_condition_is_exact_at_its_limit(spark, condition, facts, holds):
    assert of_row(spark, Condition(**condition), facts) is holds


def test_without_a_policy_nothing_is_relative_to_it():
    with pytest.raises(ValueError, match="relative to the policy, and none is given"):
        Condition(column="count_streak_units", at_least="policy.attention_streak_units")
    with pytest.raises(ValueError, match="needs the policy"):
        Condition(column="trend_change", at_most="-20 %")


def judged(condition, policy=POLICY):
    return Condition.model_validate(condition, context={"policy": PolicyInForce.at(policy, DAY)})


def of_row(spark, condition, facts):
    row = metrics_row("a", **facts)
    names = [name for name in row if name in condition.sql]
    literals = ", ".join(f"{_literal(row[name], name)} AS {name}" for name in names)
    return spark.sql(f"SELECT {condition.sql} AS holds FROM (SELECT {literals})").first().holds


def _as_written(policy):
    return policy.model_dump(mode="json", by_alias=True)


def _literal(value, name):
    if value is None:
        return "CAST(NULL AS BIGINT)"
    return f"{value}L" if isinstance(value, int) and not isinstance(value, bool) else repr(value)
