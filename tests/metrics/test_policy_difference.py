"""What another policy would change: keys, labels, marks judged again."""

import pytest
from pyspark.sql import SparkSession

from student_track.metrics.policy_difference import Change, different_keys, judged_again, label_changes, labels_of
from student_track.resources import resource
from tests.drawn_schools import draw, school_days
from tests.metric_frames import policy_with, silver_of

DAYS = school_days(3)
SICK_IS_OUT = {"sick": {"marks": ["m"], "state": "absent", "counts_as_absence": False, "counts_in_rate": False}}
ABSENT = {"absent": {"marks": ["m"], "state": "absent"}}
OTHER = {"other": {"marks": ["x"], "state": "absent"}}


def test_the_keys_that_differ_are_named_and_the_version_is_none_of_them() -> None:
    new = policy_with(
        version="2", at_risk_from="6 %", overrides=[{"cohort": "x", "from": "2026-09-01", "trend_window_units": 5}]
    )
    assert different_keys(policy_with(), new) == ["at_risk_from", "overrides"]
    assert different_keys(policy_with(), policy_with(version="2")) == []


def test_labels_that_differ_or_stand_on_one_side_only_are_changes() -> None:
    old = {("a", ""): "at_risk", ("b", ""): "at_risk", ("c", ""): "too_early"}
    new = {("a", ""): "at_risk", ("b", ""): "satisfactory"}
    assert label_changes(old, new) == [
        Change("b", "", "at_risk", "satisfactory"),
        Change("c", "", "too_early", "not measured"),
    ]


def test_a_policy_by_school_and_one_by_cohort_are_compared_cohort_by_cohort() -> None:
    tiers = {("a", ""): "at_risk", ("a", "x"): "at_risk", ("a", "y"): "satisfactory"}
    assert labels_of(tiers, "school", by_cohort=True) == {("a", "x"): "at_risk", ("a", "y"): "at_risk"}
    assert labels_of(tiers, "cohort", by_cohort=True) == {("a", "x"): "at_risk", ("a", "y"): "satisfactory"}
    assert labels_of(tiers, "school", by_cohort=False) == {("a", ""): "at_risk"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (ABSENT, SICK_IS_OUT, [(0, False)] * 3),
        (OTHER, ABSENT, [(1, True)] * 3),
        (ABSENT, OTHER, []),  # the new table does not know the mark
        (OTHER, OTHER, [(0, True), (0, True), (1, True)]),  # in neither table: as the layout said
    ],
)
def test_marks_are_judged_again(spark: SparkSession, old, new, expected) -> None:
    records = silver_of(spark, draw("a", "x", ".A.", DAYS)).attendance_records  # every mark is written "m"
    again = judged_again(records, policy_with(codes=old), policy_with(codes=new))
    assert again.columns == records.columns
    assert sorted((row.missed_numerator, row.counts_in_rate) for row in again.collect()) == expected


def test_the_command_counts_first_and_names_nobody(student_track, sample_lake, tmp_path) -> None:
    stricter = tmp_path / "stricter.yml"
    text = resource("params/policy.yml").read_text(encoding="utf-8")
    stricter.write_text(text.replace('severe_chronic_from: "20 %"', 'severe_chronic_from: "15 %"'), encoding="utf-8")
    code, said, _ = student_track(
        "policy", "diff", "params/policy.yml", str(stricter), "--settings", "params/sample.yml"
    )
    lines = said.splitlines()
    assert code == 0
    assert lines[1] == "Keys that differ: severe_chronic_from."
    changed = [line for line in lines if line.startswith("Student ")]
    assert lines[3].strip() == f"{len(changed)} from Moderate chronic to Severe chronic"
    assert changed
    assert all(line.endswith(": Moderate chronic → Severe chronic") for line in changed)


def test_a_lake_without_tables_is_refused(student_track) -> None:
    code, _, complaint = student_track("policy", "diff", *["params/policy.yml"] * 2, "--settings", "params/sample.yml")
    assert code == 2
    assert "there are no tables in this folder" in complaint
