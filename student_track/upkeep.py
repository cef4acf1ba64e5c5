"""Upkeep of the lake: what leaves many small files behind is joined before every question has to open them all."""

from pyspark.sql import SparkSession

from student_track import tables
from student_track.schemas import TABLES

MANY_FILES, MANY_FILES_IN_A_PARTITION = 40, 4
"""A table with more files than these is read more slowly than it needs to be."""


def tidy(spark: SparkSession, retention_days: int) -> dict[str, int]:
    """Join the small files of every table that has many; return by table how many there were before.

    What writes a message at a time, or a line per notebook, leaves a file each time. Then files that no version of the
    last ``retention_days`` days needs are removed. A table that is written to meanwhile stays as it is until the next
    time. Only of lakes in a folder: Databricks tidies its own tables.
    """
    counts = {table.name: _count_of_small_files(spark, table.name) for table in TABLES.values()}
    return {name: count for name, count in counts.items() if count and _is_joined(spark, name, retention_days)}


def _count_of_small_files(spark: SparkSession, name: str) -> int:
    """Files of a table that has too many for its partitions; 0 for another."""
    files = tables.data_files(spark, name, more_than=MANY_FILES)
    partitions = {file.rpartition("/")[0] for file in files}
    return len(files) if len(files) > max(MANY_FILES, MANY_FILES_IN_A_PARTITION * len(partitions)) else 0


def _is_joined(spark: SparkSession, name: str, retention_days: int) -> bool:
    from deltalake.exceptions import CommitFailedError  # is on no Databricks cluster

    try:
        tables.optimize(spark, name)
    except CommitFailedError:
        return False
    tables.vacuum(spark, name, retention_days)
    return True
