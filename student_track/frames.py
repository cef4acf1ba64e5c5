"""Frames from values, and values kept."""

import uuid
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from pyspark.sql import DataFrame, SparkSession

from student_track.lake import staging_folder

SQL_TYPES = {
    pa.string(): "string",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}
ARROW_TYPES = {name: arrow for arrow, name in SQL_TYPES.items()} | {"timestamp": pa.timestamp("us", tz="UTC")}


LARGEST_IN_A_PLAN = 500_000
"""Bytes; what is larger is staged as a file, for a plan with its rows inside goes to the engine with every question."""


def arrow_type(declared: str) -> pa.DataType:
    """Return Arrow's type for the SQL type that a column of a table is declared with; KeyError for one we never use."""
    if declared.startswith("array<"):
        return pa.list_(arrow_type(declared.removeprefix("array<")[:-1]))
    if declared.startswith("struct<"):
        fields = (field.split(":") for field in declared.removeprefix("struct<")[:-1].split(","))
        return pa.struct([(name, arrow_type(kind)) for name, kind in fields])
    return ARROW_TYPES[declared]


def frame_from_arrow(spark: SparkSession, table: pa.Table) -> DataFrame:
    """Return an Arrow table as a frame: also an empty one, which PySpark alone refuses, and a large one."""
    folder = staging_folder(spark) if table.nbytes > LARGEST_IN_A_PLAN else None
    if folder:  # a workspace has none: its client sends large frames ahead of the plan by itself
        path = folder / f"{uuid.uuid4().hex}.parquet"
        pyarrow.parquet.write_table(table, path, compression="lz4")
        return spark.read.parquet(str(path))
    if table.num_rows:
        return spark.createDataFrame(table)
    columns = ", ".join(f"`{field.name}` {_sql_type(field.type)}" for field in table.schema)
    return spark.createDataFrame([], columns)


def _sql_type(type: pa.DataType) -> str:
    if pa.types.is_list(type):
        return f"array<{_sql_type(type.value_type)}>"
    if pa.types.is_struct(type):
        return f"struct<{','.join(f'{field.name}:{_sql_type(field.type)}' for field in type)}>"
    return "timestamp" if pa.types.is_timestamp(type) else SQL_TYPES[type]


def frame_from_columns(
    spark: SparkSession, columns: dict[str, list[object]], types: dict[str, pa.DataType] | None = None
) -> DataFrame:
    """Return columns of values as a frame; a column is text where no type is named."""
    known = types or {}
    arrays = {name: pa.array(values, known.get(name, pa.string())) for name, values in columns.items()}
    return frame_from_arrow(spark, pa.table(arrays))


def frame_from_rows(
    spark: SparkSession,
    names: Iterable[str],
    rows: Iterable[tuple[object, ...]],
    types: dict[str, pa.DataType] | None = None,
) -> DataFrame:
    """Return rows of values as a frame with the named columns."""
    names, rows = list(names), list(rows)
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return frame_from_columns(spark, {name: list(values) for name, values in zip(names, columns, strict=True)}, types)


def staged(spark: SparkSession, frame: DataFrame) -> DataFrame:
    """Return the frame computed once, by way of a file that the engine writes: for frames too large for this process.

    In a workspace, which has no place for it, it is the frame as it is.
    """
    folder = staging_folder(spark)
    if folder is None:
        return frame
    path = str(folder / f"{uuid.uuid4().hex}.parquet")
    frame.write.parquet(path)
    return spark.read.parquet(path)


def kept(spark: SparkSession, frame: DataFrame) -> DataFrame:
    """Return the frame computed once: what follows reads its rows and not its plan. For frames that fit in memory.

    Comments of a table's columns are left behind: Sail refuses a union of columns with and without them.
    """
    return frame_from_arrow(spark, _collected(frame))


def with_computed(frame: DataFrame, make: Callable[[pd.DataFrame], dict[str, np.ndarray]]) -> DataFrame:
    """Return the frame computed once, with the columns of numbers that ``make`` adds from its rows. As for ``kept``."""
    table = _collected(frame)
    for name, values in make(table.to_pandas()).items():
        table = table.append_column(name, pa.array(values, pa.float64()))
    return frame_from_arrow(frame.sparkSession, table)


def _collected(frame: DataFrame) -> pa.Table:
    table = frame.toArrow()
    return table.cast(pa.schema([pa.field(field.name, field.type) for field in table.schema]))
