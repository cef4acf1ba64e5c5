"""nbval re-runs every notebook, in pipeline order on an empty lake, and compares it with what is committed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from student_track.pipeline import NOTEBOOKS
from tests.lakes import assert_equal_and_not_empty

ROOT = Path(__file__).parent.parent.parent
ALL = [*NOTEBOOKS, "explore_attendance"]


def nbval(paths: list[Path], own_lake: Path) -> subprocess.CompletedProcess[str]:
    options = ["--nbval", "-q", "--nbval-cell-timeout=120", "--nbval-kernel-name=python3"]
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={ROOT}", *options, *map(str, paths)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_every_notebook_still_gives_its_committed_outputs_and_the_tables_of_the_runner(own_lake, request):
    result = nbval([ROOT / "notebooks" / f"{stem}.ipynb" for stem in ALL], own_lake)
    assert result.returncode == 0, result.stdout[-5000:]
    assert "passed" in result.stdout
    assert "skipped" not in result.stdout
    sample_run = request.getfixturevalue("sample_run")  # asked for now: until here nobody need wait for it
    assert_equal_and_not_empty(sample_run / "lake" / "school", own_lake)


@pytest.fixture
def changed_notebook(tmp_path: Path) -> Path:
    """A copy of the first notebook in which one committed output says something else."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "params", folder / "params")
    path = folder / "notebooks" / "00_setup_infrastructure.ipynb"
    path.parent.mkdir()
    notebook = nbformat.read(ROOT / "notebooks" / path.name, 4)
    cell = next(cell for cell in notebook.cells if "Sample School" in str(cell.get("outputs", "")))
    for kind, text in cell.outputs[0].data.items():
        cell.outputs[0].data[kind] = text.replace("Sample School", "Another School")
    nbformat.write(notebook, path)
    return path


@pytest.mark.soak
def test_nbval_refuses_a_changed_output(changed_notebook, own_lake):
    result = nbval([changed_notebook], own_lake)
    assert result.returncode == 1, result.stdout[-3000:]
    assert "Another School" in result.stdout
