"""Notebooks in the test's own process, as the runner runs them."""

from pathlib import Path

import nbformat
import papermill
from pyspark.sql import SparkSession

from tests.lakes import ROOT


def run_in_process(stem: str, folder: Path, spark: SparkSession, **parameters: object) -> nbformat.NotebookNode:
    """Run a notebook with the session and return it executed; its copy goes to the folder."""
    return papermill.execute_notebook(
        str(ROOT / "notebooks" / f"{stem}.ipynb"),
        str(folder / f"{stem}.ipynb"),
        parameters=parameters,
        engine_name="in_process",
        progress_bar=False,
        spark=spark,
    )
