"""Another limit: labels from the gold table's parts are those that measuring anew under such a policy gives."""

import pytest

from student_track import exploring, metrics
from student_track.errors import InputError
from student_track.policy import load_policy
from student_track.resources import resource


@pytest.fixture
def policy():
    return load_policy(resource("params/policy.yml"))


def test_who_would_change_is_whom_a_new_policy_would_change(sample_lake, lake, policy):
    """Independent: ``policy_difference`` measures everything again from the records."""
    school = exploring.read_school(lake, policy, None)
    other = policy.model_copy(update={"moderate_chronic_from": policy.moderate_chronic_from * 4 / 5})
    told = metrics.policy_difference(lake, policy, other, school.as_of_date, school.as_of_date)
    labels = {line.split(": ")[0]: line.split(": ")[1] for line in told.splitlines() if line.startswith("Student ")}
    changes = exploring.limit_changes(school, 8.0)
    assert len(changes) > 0
    enrolled = set(school.students["student"])
    found = {row.student: f"{row.tier} → {row.tier_at_limit}" for row in changes.itertuples()}
    assert found == {student: change for student, change in labels.items() if student in enrolled}


def test_where_the_policy_goes_by_cohorts_each_label_is_the_cohorts(sample_lake, lake, policy):
    by_cohort = policy.model_copy(update={"tier_scope": "cohort"})
    school = exploring.read_school(lake, by_cohort, None)
    other = by_cohort.model_copy(update={"moderate_chronic_from": policy.moderate_chronic_from * 6 / 5})
    told = metrics.policy_difference(lake, by_cohort, other, school.as_of_date, school.as_of_date)
    labels = {line for line in told.splitlines() if line.startswith("Student ")}
    changes = exploring.limit_changes(school, 12.0)
    found = {f"{row.student} ({row.measured_in}): {row.tier} → {row.tier_at_limit}" for row in changes.itertuples()}
    places = {f"{row.student} ({row.cohort})" for row in school.students.itertuples()}
    assert found == {label for label in labels if label.split(":")[0] in places}
    assert found


def test_the_policys_own_limit_changes_nothing(sample_lake, lake, policy):
    school = exploring.read_school(lake, policy, None)
    assert exploring.moved_tier(policy) == "moderate_chronic"
    assert exploring.limit_changes(school, 10.0).empty
    counts = exploring.tiers_at_limit(school, 10.0)
    assert set(counts["change"]) == {0}
    assert counts.set_index("tier").loc["Needs attention", "now"] == 72  # as the run's summary says


def test_a_cohorts_changes_are_among_the_schools(sample_lake, lake, policy):
    school = exploring.read_school(lake, policy, None)
    everywhere = exploring.limit_changes(school, 8.0)
    parts = [exploring.limit_changes(school, 8.0, cohort) for cohort in school.cohort_names]
    assert {student for part in parts for student in part["student"]} == set(everywhere["student"])
    assert all(len(part) < len(everywhere) for part in parts)


@pytest.mark.parametrize("limit", [0.0, -1.0, 100.5, 8.01, float("nan")])
def test_what_is_no_limit_is_refused(sample_lake, lake, policy, limit):
    school = exploring.read_school(lake, policy, None)
    with pytest.raises(InputError, match="limit"):
        exploring.limit_changes(school, limit)


def test_at_exactly_the_limit_the_worse_tier_holds(sample_lake, lake, policy):
    """5 of 52 missed is 9.6154 %: 9.6 % is reached, 9.7 % is not."""
    school = exploring.read_school(lake, policy, None)
    just_below, just_above = (set(exploring.limit_changes(school, limit)["student"]) for limit in (9.6, 9.7))
    of_five = school.students[(school.students["missed"] == 5) & (school.students["count_possible_units"] == 52)]
    assert set(of_five["student"]) & just_below
    assert not set(of_five["student"]) & just_above
