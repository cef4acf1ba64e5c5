"""04: every named query is asked, and a day without metrics is refused."""

import pytest
from papermill.exceptions import PapermillExecutionError

from student_track import queries
from tests.lakes import versions

STEM = "04_query_metric_attendance"


def test_its_questions_are_the_named_queries(run_notebook, sample):
    notebook = run_notebook(STEM)
    asked = {name for name in queries.query_names() if any(f'"{name}"' in cell.source for cell in notebook.cells)}
    pages_only = {"by_week", "school_to_date", "cohort_roster", "weeks_against_last_year"}
    pages_only |= {"student_standing", "student_cohorts", "student_actions", "student_tiers", "student_weekdays"}
    sheets_owner = {"mended_by_day"}
    operators = {"deliveries_by_state", "held_back", "latest_registers", "notebooks_lately", "runs_lately"}
    risk = {"gate_figures", "gate_verdicts", "risk_levels"}  # of what later notebooks write
    assert asked == set(queries.query_names()) - pages_only - sheets_owner - operators - risk


def test_it_writes_nothing(run_notebook, sample, sample_lake):
    before = versions(sample_lake)
    run_notebook(STEM)
    assert versions(sample_lake) == before


def test_its_check_fires_where_the_metrics_are_missing(run_notebook, sample):
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook(STEM, as_of_date="2026-11-18")
