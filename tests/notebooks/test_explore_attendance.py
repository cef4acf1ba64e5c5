"""The explorer runs top to bottom, follows its parameters, and writes nothing."""

from tests.lakes import versions

STEM = "explore_attendance"


def outputs_of(notebook, cell_id):
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return cell.outputs[-1].data["text/plain"]


def test_a_lower_limit_puts_more_students_on_the_list(run_notebook, sample):
    counts = [
        int(outputs_of(run_notebook(STEM, limit_percent=limit), "limit").split()[-1]) for limit in (20.0, 10.0, 5.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_the_cohort_is_a_parameter(run_notebook, sample):
    assert outputs_of(run_notebook(STEM, cohort="Fir"), "cohort") != outputs_of(run_notebook(STEM), "cohort")


def test_it_writes_nothing(run_notebook, sample, sample_lake):
    before = versions(sample_lake)
    run_notebook(STEM)
    assert versions(sample_lake) == before
