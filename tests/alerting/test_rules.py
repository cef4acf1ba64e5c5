"""Rules: what the shipped ones are, and every refusal with the line to mend."""

from pathlib import Path

import pytest

from student_track.alerting.rules import Condition, load_rules
from student_track.errors import InputError
from tests.alerting.conftest import metrics_row

SHIPPED = Path(__file__).parent.parent.parent / "alerts" / "rules.yml"
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


def test_the_shipped_rules_are_three_and_the_most_serious_comes_first():
    rules = load_rules(SHIPPED).rules
    assert [(rule.name, rule.severity) for rule in rules] == [
        ("tier_worsened", "high"),
        ("tier_entered", "medium"),
        ("streak", "medium"),
    ]
    assert [rule.is_about_the_tier for rule in rules] == [True, True, False]


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
        ("column: count_streak_units, at_least: 3", "column: trend_change, below: 0.2", "line 8.*is for display"),
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
        load_rules(changed(old, new))


def test_two_rules_of_one_name_are_refused(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text(RULE + RULE.split("rules:\n")[1])
    with pytest.raises(InputError, match="2 rules are called `streak`"):
        load_rules(path)


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
    names = sorted({*Condition(**condition).sql.replace("(", " ").split(), *facts} & set(metrics_row("a")))
    row = metrics_row("a", **facts)
    literals = ", ".join(f"{_literal(row[name], name)} AS {name}" for name in names)
    assert spark.sql(f"SELECT {Condition(**condition).sql} AS holds FROM (SELECT {literals})").first().holds is holds


def _literal(value, name):
    if value is None:
        return "CAST(NULL AS BIGINT)"
    return f"{value}L" if isinstance(value, int) and not isinstance(value, bool) else repr(value)
