"""A run killed after any table write, and started again, ends in the tables of an undisturbed run.

Tables are created one like the other: of these writes the first, one in the middle and the last stand for all.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lakes import ROOT, assert_equal_and_not_empty

pytestmark = pytest.mark.soak


def run(folder: Path, kill_after: int) -> subprocess.CompletedProcess[str]:
    places = {"STUDENT_TRACK_LAKE": str(folder / "lake" / "school"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
    command = [sys.executable, "tests/kill_after_writes.py", str(kill_after), "run", "--settings", "params/sample.yml"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **places}, capture_output=True, text=True, check=False)


def test_a_run_killed_after_any_write_is_made_good_by_the_next(tmp_path):
    whole = run(tmp_path / "whole", kill_after=0)
    assert whole.returncode == 0, whole.stderr
    writes = re.search(r"writes: (.+)", whole.stderr).group(1).split()
    creations = [number for number, name in enumerate(writes, 1) if name == "_create_or_migrate"]
    others = [number for number, name in enumerate(writes, 1) if name != "_create_or_migrate"]
    assert len(others) >= 12  # one per table of bronze, silver and gold at least
    for number in (creations[0], creations[len(creations) // 2], creations[-1], *others):
        folder = tmp_path / str(number)
        assert run(folder, kill_after=number).returncode == -9
        again = run(folder, kill_after=0)
        assert again.returncode == 0, again.stderr
        assert_equal_and_not_empty(tmp_path / "whole" / "lake" / "school", folder / "lake" / "school")
