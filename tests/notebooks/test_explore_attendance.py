"""The explorer runs top to bottom, follows its parameters, and writes nothing."""

import pytest
from papermill.exceptions import PapermillExecutionError

from tests.lakes import versions

STEM = "explore_attendance"


def text_of(notebook, cell_id):
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return cell.outputs[-1].data["text/plain"]


def attention_at_limit(notebook):
    """The last row of the tiers: how many would need attention."""
    return int(text_of(notebook, "limit").splitlines()[-1].split()[-2])


def test_a_lower_limit_puts_more_students_on_the_list(run_notebook, sample):
    counts = [attention_at_limit(run_notebook(STEM, limit_percent=limit)) for limit in (20.0, 10.0, 5.0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_cohort_and_period_are_parameters(run_notebook, sample):
    usual, other = run_notebook(STEM), run_notebook(STEM, cohort="Fir", period="October 2026")
    for cell_id in ("cohort", "compare", "student", "marks", "weeks"):
        assert text_of(other, cell_id) != text_of(usual, cell_id), cell_id


def test_a_wrong_parameter_is_told_with_what_there_is(run_notebook, sample):
    with pytest.raises(PapermillExecutionError, match=r"There is no cohort 'Oka'\. There are: Ash, Beech"):
        run_notebook(STEM, cohort="Oka")


def test_no_name_is_shown_unless_asked_for(run_notebook, sample):
    names = {row.student_name for row in sample.table("students").collect()}
    usual, named = str(run_notebook(STEM)), str(run_notebook(STEM, with_names=True))
    assert not any(name in usual for name in names)
    assert any(name in named for name in names)


def test_it_writes_nothing(run_notebook, sample, sample_lake, tmp_path):
    before = versions(sample_lake)
    run_notebook(STEM)
    assert versions(sample_lake) == before
    assert not (tmp_path / "reports").exists()
