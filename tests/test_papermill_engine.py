"""The in-process engine: outputs as a kernel gives them, errors as papermill raises them, a shell of its own."""

import gc

import nbformat
import papermill
import pytest
from IPython.core.interactiveshell import InteractiveShell
from papermill.exceptions import PapermillExecutionError

from student_track import session


@pytest.fixture
def run(tmp_path, lake):
    def execute(*sources: str, **parameters: object) -> nbformat.NotebookNode:
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        cells[0].metadata.tags = ["parameters"]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "in.ipynb")
        paths = str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb")
        return papermill.execute_notebook(
            *paths, parameters=parameters, engine_name="in_process", progress_bar=False, spark=lake
        )

    return execute


def outputs(notebook, index=-1):
    return [
        (output.output_type, output.get("text") or output.get("data", {}).get("text/plain"))
        for output in notebook.cells[index].outputs
    ]


def test_parameters_are_injected_and_the_last_value_is_shown(run):
    notebook = run("number: int = 1  # a number", "print('hello')\nnumber * 2", number=21)
    assert outputs(notebook) == [("stream", "hello\n"), ("execute_result", "42")]


def test_a_displayed_object_is_kept_beside_the_value(run):
    notebook = run("n: int = 1  # n", "from IPython.display import display\ndisplay('shown')\n'value'")
    assert outputs(notebook) == [("display_data", "'shown'"), ("execute_result", "'value'")]


def test_an_error_stops_the_notebook_and_keeps_its_outputs(run, tmp_path):
    with pytest.raises(PapermillExecutionError) as raised:
        run("n: int = 1  # n", "print('before')\n1 / 0", "print('never')")
    assert (raised.value.ename, raised.value.evalue) == ("ZeroDivisionError", "division by zero")
    kept = nbformat.read(tmp_path / "out.ipynb", 4)
    texts = [output.get("text", "") for cell in kept.cells for output in cell.get("outputs", [])]
    assert "before\n" in texts
    assert "never\n" not in texts


def test_a_cell_that_does_not_parse_is_an_error(run):
    with pytest.raises(PapermillExecutionError) as raised:
        run("n: int = 1  # n", "this is no python (")
    assert raised.value.ename == "SyntaxError"


def test_an_interrupt_is_not_swallowed(run):
    with pytest.raises(KeyboardInterrupt):
        run("n: int = 1  # n", "raise KeyboardInterrupt")


def test_each_notebook_has_a_namespace_of_its_own(run):
    run("n: int = 1  # n", "left_behind = 1")
    with pytest.raises(PapermillExecutionError, match="left_behind"):
        run("n: int = 1  # n", "left_behind")


def test_a_shell_that_was_there_before_comes_back(run):
    former = InteractiveShell.instance()
    try:
        run("n: int = 1  # n", "get_ipython() is not None")
        assert InteractiveShell.instance() is former
    finally:
        InteractiveShell.clear_instance()


def test_the_session_is_handed_over_and_none_is_built(run, lake, monkeypatch):
    monkeypatch.setattr(session, "_own_session", lambda config: pytest.fail("a session was built"))
    source = "from student_track import session\nfrom student_track.settings import load_settings"
    notebook = run("n: int = 1  # n", f"{source}\nsession.spark(load_settings('params/sample.yml')).session_id")
    assert outputs(notebook) == [("execute_result", repr(lake.session_id))]


def test_the_values_of_a_notebook_are_let_go_at_its_end(run):
    run("n: int = 1  # n", "class OfNotebook:\n    pass", "value = OfNotebook()")
    gc.collect()
    assert [thing for thing in gc.get_objects() if type(thing).__name__ == "OfNotebook"] == []
