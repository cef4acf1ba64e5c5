"""The dashboard builds the site, and refuses to write a school page that names a student."""

import pytest
from papermill.exceptions import PapermillExecutionError

from student_track import reporting
from student_track.page_names import student_file

STEM = "attendance_dashboard"


def test_there_is_a_page_for_the_school_the_sheets_owner_the_operators_each_cohort_and_each_student(
    run_notebook, sample, config
):
    run_notebook(STEM)
    cohorts = [row.cohort_id for row in sample.table("cohorts").collect()]
    students = [row.student_key for row in sample.table("student_metrics").select("student_key").distinct().collect()]
    expected = {
        reporting.INDEX,
        reporting.FIX_IT,
        reporting.OPERATIONS,
        *(reporting.cohort_file(cohort) for cohort in cohorts),
        *(student_file(student) for student in students),
    }
    assert {path.name for path in config.site_folder.iterdir()} == expected


def test_its_check_fires_where_the_school_page_names_a_student(run_notebook, sample, config, monkeypatch):
    name = sample.table("students").orderBy("student_key").first().student_name
    whole = reporting.school_page
    monkeypatch.setattr(reporting, "school_page", lambda *args: whole(*args).replace("<h1>", f"<h1>{name} "))
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook(STEM)
    assert not config.site_folder.exists()


def test_a_day_without_metrics_is_refused(run_notebook, sample):
    with pytest.raises(PapermillExecutionError, match="no metrics for 2026-11-18"):
        run_notebook(STEM, as_of_date="2026-11-18")
