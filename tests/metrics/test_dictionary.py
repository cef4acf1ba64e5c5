"""The metric dictionary is generated: no metric without its words, and no number but the policy's."""

from fractions import Fraction
from pathlib import Path

import pytest

from student_track.metrics.definitions import OF_COHORTS, OF_STUDENTS
from student_track.metrics.dictionary import as_markdown, words_of, written
from student_track.policy import Policy
from student_track.schemas import COHORT_METRICS, STUDENT_METRICS
from tests.metric_frames import policy_with

PAGE = Path(__file__).parent.parent.parent / "docs" / "metric_dictionary.md"
OF_THE_ROW = {
    *("student_key", "scope", "cohort_id", "as_of_date", "school_year", "policy_version", "parts_per_unit"),
    *("status", "first_expected_date", "last_expected_date", "period_kind", "period_value"),
    *("period_start_date", "period_end_date"),
}
"""Columns that say which row it is, and are no metric."""


def lines(policy: Policy) -> set[str]:
    return set(as_markdown(policy).splitlines())


def test_the_page_is_what_the_policy_and_the_definitions_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown(policy_with())


@pytest.mark.parametrize(("table", "definitions"), [(STUDENT_METRICS, OF_STUDENTS), (COHORT_METRICS, OF_COHORTS)])
def test_every_metric_has_a_definition_and_every_definition_a_metric(table, definitions) -> None:
    assert set(table.column_names) - OF_THE_ROW == set(definitions)


def test_the_boundary_cases_stand_in_the_table_of_tiers() -> None:
    said = lines(policy_with())
    assert "| Satisfactory | `satisfactory` | from 0 % and < 5 % |" in said
    assert "| At risk | `at_risk` | ≥ 5 % and < 10 % |" in said  # 95.00 % is at risk
    assert "| Moderate chronic | `moderate_chronic` | ≥ 10 % and < 20 % |" in said  # 90.00 % is moderate chronic
    assert "| Severe chronic | `severe_chronic` | ≥ 20 % |" in said  # 80.00 % is severe chronic


def test_changing_a_limit_changes_the_lines_that_say_it_and_no_other() -> None:
    before, after = lines(policy_with()), lines(policy_with(severe_chronic_from="1/3"))
    assert after - before == {
        "| Moderate chronic | `moderate_chronic` | ≥ 10 % and < 1/3 |",
        "| Severe chronic | `severe_chronic` | ≥ 1/3 |",
    }


def test_a_limit_of_the_better_tier_is_written_on_its_side() -> None:
    said = lines(policy_with(tier_limit_belongs_to="better"))
    assert "| At risk | `at_risk` | > 5 % and ≤ 10 % |" in said


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"unit": "session"}, "unit"),
        ({"period": "cohort_life"}, "period"),
        ({"blank_mark": "absent"}, "blank"),
        ({"tier_from_possible_units": 7}, "tier_from"),
        ({"withheld_window_units": 33}, "withheld_window"),
        ({"early_warning_absences": 4}, "early_absences"),
        ({"trend_window_units": 9}, "trend"),
        ({"suppress_groups_below": 5}, "least"),
        ({"weekday_pattern_up_to_chance": "2 %"}, "chance"),
    ],
)
def test_what_the_policy_says_is_said(changes, word) -> None:
    policy = policy_with(**changes)
    assert words_of(policy)[word] != words_of(policy_with())[word]
    assert as_markdown(policy) != as_markdown(policy_with())


def test_shares_are_written_exactly() -> None:
    assert [written(Fraction(*share)) for share in ((1, 20), (1, 40), (1, 3), (1, 1))] == [
        "5 %",
        "2.5 %",
        "1/3",
        "100 %",
    ]
