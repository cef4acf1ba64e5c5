"""One notebook at a time, by the in-process engine, on the test's own lake."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from pyspark.sql import SparkSession

from student_track import session
from student_track.settings import Settings
from tests.notebook_runs import run_in_process

Runner = Callable[..., nbformat.NotebookNode]


@pytest.fixture
def run_notebook(config: Settings, tmp_path: Path) -> Runner:
    """Return a function that runs a notebook of the sample school on the test's lake and returns it executed."""

    def run(stem: str, **parameters: object) -> nbformat.NotebookNode:
        return run_in_process(stem, tmp_path, session.spark(config), **parameters)

    return run


@pytest.fixture
def sample(sample_lake: Path, config: Settings) -> SparkSession:
    """A session on the test's own copy of the sample school's lake."""
    return session.spark(config)
