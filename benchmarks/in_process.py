"""Notebooks in this process, as the runner runs them."""

from pathlib import Path

import papermill
from pyspark.sql import SparkSession

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def run_notebook(stem: str, folder: Path, spark: SparkSession, **parameters: str) -> None:
    """Run a notebook with the session; its executed copy goes to the folder."""
    papermill.execute_notebook(
        str(NOTEBOOKS / f"{stem}.ipynb"),
        str(folder / f"{stem}.ipynb"),
        parameters=parameters,
        engine_name="in_process",
        progress_bar=False,
        spark=spark,
    )
