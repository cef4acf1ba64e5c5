"""What every notebook must be, checked without a kernel: anatomy, parameters, tags, no trace of a run."""

import ast
import re
from pathlib import Path

import nbformat
import papermill
import pytest

from student_track.pipeline import NOTEBOOKS as RUN_ORDER

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
OUTSIDE_THE_RUN = {"explore_attendance"}
TAGS = {"parameters", "checks", "remove-cell", "remove-input", "nbval-ignore-output"}
FORBIDDEN_TEXT = (
    "%run",
    "%cd",
    "!pip",
    "sparkContext",
    ".rdd",
    "spark.stop",
    "SparkSession",
    "datetime.now",
    "today()",
)
LONGEST_CELL = 25

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return cell.metadata.get("tags", [])


def test_the_folder_holds_the_notebooks_of_the_run_and_the_explorer():
    assert {path.stem for path in NOTEBOOKS} == {*RUN_ORDER, *OUTSIDE_THE_RUN}


@each_notebook
def test_has_a_test_of_its_own(path):
    assert (ROOT / "tests" / "notebooks" / f"test_{path.stem}.py").is_file()


@each_notebook
def test_carries_no_trace_of_a_real_run(path):
    notebook = nbformat.read(path, 4)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}, cell.id
        assert set(tags(cell)) <= TAGS, cell.id
    assert not re.search(r"/(home|root|tmp|work|Users)/", path.read_text(encoding="utf-8"))


@each_notebook
def test_opens_with_a_title_and_its_contract(path):
    first = nbformat.read(path, 4).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert all(f"**{word}**" in first.source for word in ("Reads", "Writes", "Run after"))


@each_notebook
def test_its_parameters_are_typed_and_explained(path):
    parameters = papermill.inspect_notebook(str(path))
    assert list(parameters)[:2] == ["settings", "as_of_date"]
    for name, parameter in parameters.items():
        assert parameter["inferred_type_name"] in ("str", "int", "float", "bool"), name
        assert parameter["help"], name


@each_notebook
def test_imports_stand_in_the_cell_after_the_parameters(path):
    cells = code_cells(nbformat.read(path, 4))
    assert tags(cells[0]) == ["parameters"]
    assert "session.spark(config)" in cells[1].source
    for cell in [cells[0], *cells[2:]]:
        imports = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert imports == [], cell.id


@each_notebook
def test_holds_no_definitions_and_no_long_cells(path):
    for cell in code_cells(nbformat.read(path, 4)):
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in nodes), cell.id
        assert len(cell.source.splitlines()) <= LONGEST_CELL, cell.id
        assert not any(text in cell.source for text in FORBIDDEN_TEXT), cell.id


@each_notebook
def test_is_committed_with_its_outputs(path):
    cells = code_cells(nbformat.read(path, 4))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert any(cell.outputs for cell in cells)
    assert not any(output.output_type == "error" for cell in cells for output in cell.outputs)
    assert not any(output.get("name") == "stderr" for cell in cells for output in cell.outputs)


@pytest.mark.parametrize("stem", [stem for stem in RUN_ORDER if not stem.startswith("04")])
def test_checks_come_before_the_write_and_the_last_cell_says_what_was_written(stem):
    notebook = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", 4)
    headings = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line for line in headings if line.startswith("## ")]
    assert headings[-1] == "## What was written"
    assert "## Write" in headings
    assert "## Checks" in headings
    if stem != "00_setup_infrastructure":  # there is nothing to check before the tables are there
        assert headings.index("## Checks") < headings.index("## Write")
    assert any("checks" in tags(cell) for cell in notebook.cells)


@each_notebook
def test_every_check_of_a_frame_is_asked(path):
    """A check alone is only a sentence; ``check_all`` asks it."""
    for cell in code_cells(nbformat.read(path, 4)):
        statements = [node.value for node in ast.parse(cell.source).body if isinstance(node, ast.Expr)]
        alone = [ast.unparse(call.func) for call in statements if isinstance(call, ast.Call)]
        assert not any(name.startswith("should_") for name in alone), cell.id
