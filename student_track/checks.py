"""Checks of a notebook's results; each name is the sentence it holds the frame to.

A check that fails raises CheckFailedError with the table, the number of rows and an example by its key, never by a
name or a student id.
"""

from collections.abc import Collection
from typing import Any

from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from student_track.errors import CheckFailedError
from student_track.schemas import TABLES


def should_have_every_declared_column(spark: SparkSession) -> None:
    """Every declared table is known to the engine with all its columns."""
    for table in TABLES.values():
        missing = set(table.column_names) - set(spark.table(table.name).columns)
        if missing:
            raise CheckFailedError(f"{table.name}: lacks the columns {sorted(missing)}. Run 00_setup_infrastructure.")


def should_have_rows(frame: DataFrame, table: str) -> None:
    """The frame holds at least one row."""
    if frame.isEmpty():
        raise CheckFailedError(f"{table}: there is no row. Did the notebook before it find anything in the sheet?")


def should_be_unique_by(frame: DataFrame, table: str, *columns: str) -> None:
    """No two rows agree in all of the columns."""
    repeated = frame.groupBy(*columns).agg(F.count("*").alias("count_rows")).where("count_rows > 1")
    _refuse(repeated, table, columns, f"stand more than once by {', '.join(columns)}")


def should_have_no_nulls_in(frame: DataFrame, table: str, *columns: str) -> None:
    """None of the columns is null in any row."""
    lacking = frame.where(_any_of([F.col(column).isNull() for column in columns]))
    _refuse(lacking, table, _key_of(table, frame), f"lack one of {', '.join(columns)}")


def should_only_contain(frame: DataFrame, table: str, column: str, values: Collection[Any]) -> None:
    """Every value of the column is one of the given ones; null is not."""
    is_allowed = F.coalesce(F.col(column).isin(list(values)), F.lit(False))
    shown = (*_key_of(table, frame), column)
    _refuse(frame.where(~is_allowed), table, shown, f"have another {column} than {', '.join(map(str, values))}")


def should_refer_to(frame: DataFrame, table: str, column: str, other: DataFrame, other_table: str) -> None:
    """Every value of the column stands in the column of the same name of the other frame; null refers to nothing."""
    lost = frame.where(F.col(column).isNotNull()).join(other.select(column).distinct(), on=column, how="left_anti")
    _refuse(lost, table, (*_key_of(table, frame), column), f"have a {column} that {other_table} does not know")


def should_hold(frame: DataFrame, table: str, rule: str) -> None:
    """A SQL condition over the columns is true in every row."""
    broken = frame.where(~F.coalesce(F.expr(rule), F.lit(False)))
    _refuse(broken, table, _key_of(table, frame), f"break the rule {rule}")


def _refuse(failing: DataFrame, table: str, shown: Collection[str], what: str) -> None:
    """Raise where a row failed; one question to the engine on the good path."""
    public = [name for name in dict.fromkeys(shown) if not _is_personal(table, name)]
    first: list[Row] = failing.select(*public).limit(1).collect() if public else failing.limit(1).collect()
    if first:
        example = ", ".join(f"{name} {first[0][name]}" for name in public)
        for_example = f" (for example {example})" if public else ""
        raise CheckFailedError(f"{table}: {failing.count()} rows {what}{for_example}. Nothing of it was written.")


def _key_of(table: str, frame: DataFrame) -> tuple[str, ...]:
    """The table's key, as far as the frame has it."""
    known = set(frame.columns)
    return tuple(name for name in TABLES[table].key if name in known) if table in TABLES else ()


def _is_personal(table: str, column: str) -> bool:
    return any(
        declared.is_personal
        for declared_in in TABLES.values()
        for declared in declared_in.columns
        if declared.name == column and (declared_in.name == table or table not in TABLES)
    )


def _any_of(conditions: list[Column]) -> Column:
    result = conditions[0]
    for condition in conditions[1:]:
        result = result | condition
    return result
