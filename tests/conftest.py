"""One engine per test run, a lake per test: no test touches a user's lake or pages."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from pyspark.sql import SparkSession

from student_track import cli, session
from student_track.settings import Settings, load_settings
from tests import lakes

ROOT = Path(__file__).parent.parent
LONGEST_FILES = (
    "test_kills.py",
    "test_spark_engine.py",
    "test_nbval.py",
    "test_pipeline.py",
    "test_real_input.py",
    "test_bad_input.py",
)
"""Begun first, so that no worker waits for another at the end."""

settings.register_profile("project", deadline=None)  # an example's time is the machine's and its load's
settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the longest files to the front; the order within a file stays."""
    place = {name: number for number, name in enumerate(LONGEST_FILES)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(autouse=True)
def own_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every lake and every report of the test into its own folder, and work from the project's root."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("STUDENT_TRACK_LAKE", str(tmp_path / "lake" / "school"))
    monkeypatch.setenv("STUDENT_TRACK_REPORTS", str(tmp_path / "reports"))
    monkeypatch.delenv("STUDENT_TRACK_KEY", raising=False)
    return tmp_path / "lake" / "school"


@pytest.fixture
def config(own_lake: Path) -> Settings:
    """The sample school's settings, on the test's own lake."""
    return load_settings("params/sample.yml")


@pytest.fixture
def lake(config: Settings) -> SparkSession:
    """A session prepared for the test's own lake, which is empty: no table is created yet."""
    return session.spark(config)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One session for tests that only need an engine."""
    former = os.environ.get("STUDENT_TRACK_LAKE")
    os.environ["STUDENT_TRACK_LAKE"] = str(tmp_path_factory.mktemp("engine") / "lake")
    yield session.spark(load_settings("params/sample.yml"))
    if former is not None:
        os.environ["STUDENT_TRACK_LAKE"] = former


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `lake` and `reports` of the sample school after one run; tests copy it and never write into it.

    All workers of a test run share it: the first makes it, the others wait.
    """
    folder = _shared_by_workers(tmp_path_factory) / "sample" / "run"
    with FileLock(folder.parent.with_suffix(".lock")):
        if not (folder / "summary.txt").exists():
            _run_the_sample_school(folder)
    return folder


def _shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _run_the_sample_school(folder: Path) -> None:
    result = lakes.student_track(
        "run",
        "--settings",
        "params/sample.yml",
        STUDENT_TRACK_LAKE=str(folder / "lake" / "school"),
        STUDENT_TRACK_REPORTS=str(folder / "reports"),
    )
    assert result.returncode == 0, result.stderr + result.stdout
    (folder / "summary.txt").write_text(result.stdout, encoding="utf-8")


@pytest.fixture
def sample_lake(sample_run: Path, own_lake: Path) -> Path:
    """The test's own copy of the sample school's lake after one run."""
    lakes.copy_lake(sample_run / "lake" / "school", own_lake)
    return own_lake


@pytest.fixture(scope="session")
def built_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built while a private settings file and a private page lie in the checkout's folders.

    All workers share it: what one plants in the checkout, another must not take away.
    """
    folder = _shared_by_workers(tmp_path_factory) / "wheel"
    with FileLock(folder.with_suffix(".lock")):
        if not list(folder.glob("*.whl")):
            _build_the_wheel(folder)
    (built,) = folder.glob("*.whl")
    return built


def _build_the_wheel(folder: Path) -> None:
    planted = [ROOT / "params" / "planted_school.yml", ROOT / "reports" / "site" / "planted" / "index.html"]
    for path in planted:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("private")
    try:
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT)]
        subprocess.run(command, check=True, capture_output=True)
    finally:
        for path in planted:
            path.unlink()
        planted[1].parent.rmdir()


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def student_track(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, run in this process: exit code, what it printed, what it complained of."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["student-track", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run
