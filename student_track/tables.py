"""Delta tables of the lake: create, migrate, append, merge, replace one as-of date, history, optimise, vacuum.

The log of a table in a folder is read by the ``deltalake`` package: a version costs a millisecond there and half a
second by a question to Spark. What changes a table's files or columns is SQL on Spark and Databricks; the embedded
engine does not know those statements, so there ``deltalake`` does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from student_track.errors import PipelineError
from student_track.frames import arrow_type
from student_track.lake import lake_of, location_clause, register_table, table_exists, table_folder
from student_track.merge_statements import difference, merge_statement
from student_track.schemas import TABLES, Column, Table
from student_track.sql_text import quoted

if TYPE_CHECKING:
    from deltalake import DeltaTable, Field

MOST_ROWS_WRITTEN_ANEW = 10_000
"""Where a part of a table has more, only its rows that differ are written."""


@dataclass(frozen=True)
class Changes:
    """Rows a merge inserted, updated and deleted."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


class SchemaMismatchError(PipelineError):
    """A frame's columns are not those its table declares."""


def create_all(spark: SparkSession) -> dict[str, str]:
    """Create every declared table that is missing, add every declared column that is; return what was done by table.

    The values are ``created``, ``added <columns>`` or ``unchanged``. Idempotent.
    """
    return {table.name: _create_or_migrate(spark, table) for table in TABLES.values()}


def append(spark: SparkSession, name: str, frame: DataFrame) -> None:
    """Add the frame's rows in one commit; raise SchemaMismatchError where its columns are not the table's."""
    _declared(name, frame).write.format("delta").mode("append").saveAsTable(name)


@dataclass(frozen=True)
class Wanted:
    """The rows a table is to hold inside ``within``, a SQL condition over its columns that holds for all of them."""

    rows: DataFrame
    within: str | None = None


def merge(spark: SparkSession, name: str, frame: DataFrame, within: str | None = None) -> Changes:
    """Make the table's rows inside ``within`` equal to the frame, in one commit, and none where nothing differs.

    ``within`` is a SQL condition over the table's columns that holds for every row of the frame; name the partition
    in it as a literal, so that no other partition is read. Volatile columns do not count as a difference.
    """
    return _merge(spark, name, _renamed(name, frame), within)


def merge_all(spark: SparkSession, wanted: dict[str, Wanted]) -> dict[str, Changes]:
    """Merge every table in turn, as ``merge`` does each, and only those that differ: one question tells which.

    On a common day most of a school's tables stand as they stood, or have only new rows. A merge costs the engine five
    times what the question does, or what adding rows or writing a few anew does. For tables that no other run writes.
    """
    renamed = {name: _renamed(name, one.rows) for name, one in wanted.items()}
    questions = (
        difference(TABLES[name], spark.table(name).where(one.within or "true"), renamed[name])
        for name, one in wanted.items()
    )
    found = {row.name: row for row in reduce(DataFrame.unionAll, questions).collect()}
    return {name: _made_equal(spark, name, one, renamed[name], found[name]) for name, one in wanted.items()}


def _made_equal(spark: SparkSession, name: str, wanted: Wanted, renamed: DataFrame, found: Row) -> Changes:
    if not found.count_different:
        return Changes()
    changes = Changes(found.count_new, found.count_different - found.count_new - found.count_gone, found.count_gone)
    if not found.count_there:
        append(spark, name, wanted.rows)
    elif found.count_there <= MOST_ROWS_WRITTEN_ANEW and not TABLES[name].volatile_names:
        replace(name, wanted.rows, wanted.within or "true")
    else:
        _merge(spark, name, renamed, wanted.within)
    return changes


def _renamed(name: str, frame: DataFrame) -> DataFrame:
    """The wanted rows with the names that ``merge_statements`` gives their columns."""
    declared = _declared(name, frame)
    return declared.select(*(F.col(column).alias(f"new_{column}") for column in TABLES[name].column_names))


def _merge(spark: SparkSession, name: str, renamed: DataFrame, within: str | None) -> Changes:
    before = version(spark, name) if _is_embedded(spark) else 0
    view = f"wanted_{name}"
    renamed.createOrReplaceTempView(view)
    try:
        counted = spark.sql(merge_statement(TABLES[name], within)).collect()
    finally:
        spark.catalog.dropTempView(view)
    if not _is_embedded(spark):
        return Changes(*(counted[0][f"num_{kind}_rows"] for kind in ("inserted", "updated", "deleted")))
    commits = version(spark, name) - before
    return Changes(**rows_changed(spark, name, commits)) if commits else Changes()


def replace_as_of(name: str, frame: DataFrame, as_of_date: date) -> None:
    """Replace the rows of one as-of date by the frame's, in one commit; other dates stay as they are."""
    replace(name, frame, f"as_of_date = DATE'{as_of_date}'")


def replace(name: str, frame: DataFrame, within: str) -> None:
    """Replace the rows inside ``within`` by the frame's, in one commit, whether they differ or not."""
    _declared(name, frame).writeTo(name).overwrite(F.expr(within))


def count_rows(spark: SparkSession, names: Sequence[str], where: str = "true") -> list[int]:
    """Return the number of rows of each table, in the order of the names: one question for all of them."""
    counts = (
        f"SELECT {place} AS place, count(*) AS count_rows FROM {name} WHERE {where}" for place, name in enumerate(names)
    )
    found = spark.sql(" UNION ALL ".join(counts)).collect()
    return [row.count_rows for row in sorted(found, key=lambda row: row.place)]


def exists(spark: SparkSession, name: str) -> bool:
    """Return whether the lake holds the table."""
    return table_exists(spark, name)


def rows_changed(spark: SparkSession, name: str, commits: int) -> dict[str, int]:
    """Return the rows that the latest ``commits`` commits inserted, updated and deleted, as the log counts them."""
    total = {"inserted": 0, "updated": 0, "deleted": 0}
    for commit in history(spark, name, commits):
        metrics = commit.get("operationMetrics", {})
        is_merge = commit.get("operation") == "MERGE"
        inserted = metrics.get("numTargetRowsInserted" if is_merge else "numOutputRows", 0)
        total["inserted"] += int(inserted)
        total["updated"] += int(metrics.get("numTargetRowsUpdated", 0))
        total["deleted"] += int(metrics.get("numTargetRowsDeleted", 0))
    return total


def version(spark: SparkSession, name: str) -> int:
    """Return the table's current version."""
    return _delta(spark, name).version() if _has_folder(spark) else history(spark, name, 1)[0]["version"]


def history(spark: SparkSession, name: str, limit: int | None = None) -> list[dict[str, Any]]:
    """Return the table's commits, newest first: version, timestamp, operation, operationMetrics."""
    if _has_folder(spark):
        return _delta(spark, name).history(limit)
    latest = f" LIMIT {limit}" if limit is not None else ""
    return [row.asDict() for row in spark.sql(f"DESCRIBE HISTORY {name}{latest}").collect()]


def data_files(spark: SparkSession, name: str, more_than: int) -> list[str]:
    """Return the addresses of the table's present files; none where it had no more commits than ``more_than`` lately,
    which is known without reading its log, nor where it is not in a folder.
    """
    if not _has_folder(spark):
        return []
    commits = (table_folder(spark, name) / "_delta_log").glob("*.json")
    return _delta(spark, name).file_uris() if sum(1 for _ in commits) > more_than else []


def optimize(spark: SparkSession, name: str) -> None:
    """Join small files into larger ones; the rows stay as they are."""
    if _is_embedded(spark):
        _delta(spark, name).optimize.compact()
    else:
        spark.sql(f"OPTIMIZE {name}").collect()


def vacuum(spark: SparkSession, name: str, retention_days: int) -> None:
    """Remove files that no version of the last ``retention_days`` days needs."""
    hours = 24 * retention_days
    if _is_embedded(spark):
        _delta(spark, name).vacuum(retention_hours=hours, dry_run=False)
    else:
        spark.sql(f"VACUUM {name} RETAIN {hours} HOURS").collect()


def _is_embedded(spark: SparkSession) -> bool:
    return lake_of(spark).engine == "embedded"


def _has_folder(spark: SparkSession) -> bool:
    return lake_of(spark).folder is not None


def _delta(spark: SparkSession, name: str) -> "DeltaTable":
    from deltalake import DeltaTable  # is on no Databricks cluster

    return DeltaTable(str(table_folder(spark, name)))


def _create_or_migrate(spark: SparkSession, table: Table) -> str:
    if not table_exists(spark, table.name):
        spark.sql(_create_statement(table, location_clause(spark, table.name)))
        return "created"
    known = set(spark.table(table.name).columns)
    missing = [column for column in table.columns if column.name not in known]
    if not missing:
        return "unchanged"
    _add_columns(spark, table, missing)
    return "added " + ", ".join(column.name for column in missing)


def _add_columns(spark: SparkSession, table: Table, columns: list[Column]) -> None:
    if _is_embedded(spark):
        _delta(spark, table.name).alter.add_columns([_delta_field(column) for column in columns])
        spark.sql(f"DROP TABLE {table.name}")  # only forgets the former columns; the files stay
        register_table(spark, table.name)
    else:
        spark.sql(f"ALTER TABLE {table.name} ADD COLUMNS ({', '.join(map(_declaration, columns))})")


def _create_statement(table: Table, location: str) -> str:
    columns = ", ".join(map(_declaration, table.columns))
    partition = f" PARTITIONED BY ({table.partition})" if table.partition else ""
    comment = quoted(f"{table.layer}: {table.grain}; written by {table.writer}")
    return f"CREATE TABLE {table.name} ({columns}) USING delta{partition}{location} COMMENT {comment}"


def _declaration(column: Column) -> str:
    return f"`{column.name}` {column.type} COMMENT {quoted(column.comment)}"


def _delta_field(column: Column) -> "Field":
    from deltalake import Field

    return Field.from_arrow(pa.field(column.name, arrow_type(column.type), metadata={"comment": column.comment}))


def _declared(name: str, frame: DataFrame) -> DataFrame:
    declared = TABLES[name].column_names
    missing, unexpected = set(declared) - set(frame.columns), set(frame.columns) - set(declared)
    if missing or unexpected:
        raise SchemaMismatchError(
            f"{name}: missing columns {sorted(missing)}, unexpected columns {sorted(unexpected)}."
        )
    return frame.selectExpr(
        *(f"CAST(`{column.name}` AS {column.type}) AS `{column.name}`" for column in TABLES[name].columns)
    )
