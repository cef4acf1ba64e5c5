"""Every notebook by plain papermill, each in a kernel of its own, gives the tables of the in-process engine."""

import subprocess
import sys

import pytest

from student_track.pipeline import NOTEBOOKS
from tests.lakes import ROOT, assert_equal_and_not_empty

pytestmark = pytest.mark.soak


def test_plain_papermill_gives_the_tables_of_the_runner(sample_run, own_lake, tmp_path):
    for stem in (*NOTEBOOKS, "explore_attendance"):
        paths = [f"notebooks/{stem}.ipynb", str(tmp_path / f"{stem}.ipynb")]
        subprocess.run([sys.executable, "-m", "papermill", "--no-progress-bar", *paths], cwd=ROOT, check=True)
    assert_equal_and_not_empty(sample_run / "lake" / "school", own_lake)
