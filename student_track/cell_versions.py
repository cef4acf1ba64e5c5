"""Versions of the cells in bronze."""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

PLACE = ("source_id", "tab", "row", "column")
"""Where a cell stands."""


def latest_versions(bronze: DataFrame) -> DataFrame:
    """Return the latest version of every cell of ``raw_attendance``, or of the part given, removed cells included.

    Almost every cell has one version only, so the few newer ones are looked up: nothing is sorted.
    """
    newer = bronze.where("version > 1").select(
        *(F.col(name).alias(f"newer_{name}") for name in PLACE), F.col("version").alias("newer_version")
    )
    same_place = (F.col(f"newer_{name}") == F.col(name) for name in PLACE)
    is_superseded = reduce(lambda one, other: one & other, same_place, F.col("newer_version") > F.col("version"))
    return bronze.join(newer, is_superseded, "left_anti")
