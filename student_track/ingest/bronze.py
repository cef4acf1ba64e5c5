"""Cells read against cells known: only what changed becomes a new version."""

from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from student_track.cell_versions import PLACE, latest_versions
from student_track.collector import collector_paused
from student_track.schemas import RAW_ATTENDANCE
from student_track.sheets import STORED_CELL, Grid, addresses, stored_cells

VALUE = ("value_text", "value_kind", "value_typed")
FINGERPRINT = "fingerprint"


def known_fingerprints(bronze: DataFrame) -> dict[str, str]:
    """Return the fingerprint of the content that bronze holds, by source."""
    latest = F.max_by("value_text", "version").alias("fingerprint")
    rows = bronze.where((F.col("row") == 0) & (F.col("column") == 0)).groupBy("source_id").agg(latest).collect()
    return {row.source_id: row.fingerprint for row in rows}


@collector_paused()
def cells_as_arrow(grids: Iterable[Grid], fingerprints: dict[str, str]) -> pa.Table:
    """Return one row per cell that is not empty; in row 0 what is known of each tab and each source's fingerprint."""
    sources = [_of_tab(name, "", _stored_fingerprint(content)) for name, content in fingerprints.items()]
    tabs = [_of_tab(grid.source_id, grid.tab, stored_cells(grid)) for grid in grids]
    return pa.concat_tables([_of_tab("", "", STORED_CELL.empty_table()), *sources, *tabs])


def _stored_fingerprint(content: str) -> pa.Table:
    return pa.table([[0], [0], [content], [FINGERPRINT], [""]], schema=STORED_CELL)


def _of_tab(source_id: str, tab: str, stored: pa.Table) -> pa.Table:
    """The stored cells with their place: source, tab and address; none for what stands in row 0."""
    row, column = stored["row"].combine_chunks(), stored["column"].combine_chunks()
    return pa.table(
        {
            "source_id": pa.repeat(source_id, len(row)),
            "tab": pa.repeat(tab, len(row)),
            "row": row,
            "column": column,
            "cell": pc.if_else(pc.greater(row, 0), addresses(row, column), ""),
            **{name: stored[name] for name in VALUE},
        }
    )


def latest_cells(bronze: DataFrame, source_ids: Iterable[str]) -> DataFrame:
    """Return the latest version of every cell of the sources, removed ones included."""
    return latest_versions(bronze.where(F.col("source_id").isin(list(source_ids))))


def changed_cells(read: DataFrame, latest: DataFrame, read_at: datetime, run_id: str) -> DataFrame:
    """Return a new version for every cell that is new, differs, or is gone; columns as ``raw_attendance``."""
    known = latest.select(
        *PLACE,
        F.col("cell").alias("known_cell"),
        *(F.col(name).alias(f"known_{name}") for name in VALUE),
        F.col("is_removed").alias("was_removed"),
        F.col("version").alias("known_version"),
    )
    both = read.withColumn("is_read", F.lit(True)).join(known, list(PLACE), "full_outer")
    is_gone = F.col("is_read").isNull()
    is_known = F.col("known_version").isNotNull() & ~F.col("was_removed")
    is_equal = F.lit(True)
    for name in VALUE:
        is_equal = is_equal & F.col(name).eqNullSafe(F.col(f"known_{name}"))
    changed = both.where((is_gone & is_known) | (~is_gone & ~(F.coalesce(is_known, F.lit(False)) & is_equal)))
    return changed.select(
        *PLACE,
        F.coalesce("cell", "known_cell").alias("cell"),
        *(F.when(~is_gone, F.col(name)).otherwise(F.col(f"known_{name}")).alias(name) for name in VALUE),
        is_gone.alias("is_removed"),
        (F.coalesce("known_version", F.lit(0)) + 1).alias("version"),
        F.lit(read_at).alias("read_at"),
        F.lit(run_id).alias("run_id"),
    ).select(*RAW_ATTENDANCE.column_names)
