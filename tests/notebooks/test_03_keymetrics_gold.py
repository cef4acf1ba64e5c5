"""03: the sample school's metrics hang together, and an as-of date is replaced alone."""

import pytest
from papermill.exceptions import PapermillExecutionError

from student_track import metrics
from tests.lakes import rows

STEM = "03_keymetrics_gold"


def school(spark, condition="true"):
    return spark.table("student_metrics").where("scope = 'school'").where(condition)


def test_everyone_who_is_enrolled_has_a_row(sample):
    open_stays = sample.sql(
        """SELECT count(DISTINCT student_key) FROM enrolments WHERE first_expected_date <= DATE'2026-11-20'
        AND coalesce(last_expected_date, DATE'2026-11-20') >= DATE'2026-11-20'"""
    ).first()[0]
    assert school(sample, "status = 'enrolled'").count() == open_stays > 350


def test_a_student_of_two_cohorts_has_a_row_for_each_and_one_for_the_school(sample):
    member = sample.table("enrolments").where("cohort_id = 'Chess club'").orderBy("student_key").first().student_key
    scopes = sample.table("student_metrics").where(f"student_key = '{member}'").collect()
    assert sorted(row.scope for row in scopes) == ["cohort", "cohort", "school"]


def test_every_tier_stands_in_the_sample(sample):
    tiers = {row.tier for row in school(sample).select("tier").distinct().collect()}
    assert tiers == {"satisfactory", "at_risk", "moderate_chronic", "severe_chronic", "too_early", "withheld"}


def test_counts_of_the_cohorts_are_those_of_their_students(sample):
    for row in sample.table("cohort_metrics").where("period_kind = 'year_to_date' AND scope = 'cohort'").collect():
        own = sample.table("student_metrics").where(f"scope = 'cohort' AND cohort_id = '{row.cohort_id}'")
        possible, absences = own.selectExpr("sum(count_possible_units)", "sum(count_absences)").first()
        assert (row.count_possible_units, row.count_absences) == (possible, absences), row.cohort_id


def test_a_leaver_is_kept_with_status_and_needs_no_attention(sample):
    left = school(sample, "status = 'left'").collect()
    assert left
    assert not any(row.needs_attention for row in left)
    assert all(row.last_expected_date is not None for row in left)


def test_running_the_date_again_gives_the_same_rows(run_notebook, sample, sample_lake):
    before = rows(sample_lake, "student_metrics"), rows(sample_lake, "cohort_metrics")
    run_notebook(STEM)
    assert (rows(sample_lake, "student_metrics"), rows(sample_lake, "cohort_metrics")) == before


def test_its_check_fires_where_a_student_stands_twice(run_notebook, sample, sample_lake, monkeypatch):
    before = rows(sample_lake, "student_metrics")
    whole = metrics.student_metrics
    monkeypatch.setattr(metrics, "student_metrics", lambda *args: whole(*args).unionByName(whole(*args)))
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook(STEM)
    assert rows(sample_lake, "student_metrics") == before


def test_a_date_before_the_first_register_is_refused(run_notebook, sample):
    with pytest.raises(PapermillExecutionError, match="No register was taken up to 2025-01-01"):
        run_notebook(STEM, as_of_date="2025-01-01")
