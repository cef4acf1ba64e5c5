"""One engine per test run, a lake per test: no test touches a user's lake or pages."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from student_track import session
from student_track.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent


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
