"""Checks of a notebook's results; each name is the sentence it holds the frame to.

``check_all`` asks the engine all of a notebook's checks in one question. A check that fails raises CheckFailedError
with the table, the number of rows and an example by its key, never by a name or a student id.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.errors import CheckFailedError
from student_track.schemas import TABLES

COUNT = "<count>"
"""Stands in a check's sentence for the number of rows that fail it."""


@dataclass(frozen=True)
class Check:
    """What a table should hold to: ``failing`` has one row for each row that does not, ``shown`` names its key."""

    table: str
    failing: DataFrame
    what: str
    shown: tuple[str, ...] = ()

    @property
    def public(self) -> tuple[str, ...]:
        """The columns of ``shown`` that may stand in a message."""
        return tuple(name for name in dict.fromkeys(self.shown) if not _is_personal(self.table, name))


def check_all(*checks: Check) -> None:
    """Ask all checks in one question, and raise CheckFailedError for the first of them that some row fails."""
    failing = [_numbered(number, check) for number, check in enumerate(checks)]
    together = reduce(DataFrame.unionAll, failing)
    counted = together.groupBy("number").agg(F.count("*").alias("count_rows"), F.min("example").alias("example"))
    failed = min(counted.collect(), key=lambda row: row.number, default=None)
    if failed:
        check = checks[failed.number]
        example = f" (for example {failed.example})" if failed.example else ""
        said = check.what.replace(COUNT, str(failed.count_rows))
        raise CheckFailedError(f"{check.table}: {said}{example}. Nothing of it was written.")


def _numbered(number: int, check: Check) -> DataFrame:
    """The failing rows as the check's number and an example in words."""
    none = F.lit("none")
    words = [F.concat(F.lit(f"{name} "), F.coalesce(F.col(name).cast("string"), none)) for name in check.public]
    example = F.concat_ws(", ", *words) if words else F.lit("")
    return check.failing.select(F.lit(number).alias("number"), example.alias("example"))


def refuse_missing_columns(spark: SparkSession) -> None:
    """Every declared table is known to the engine with all its columns."""
    for table in TABLES.values():
        missing = set(table.column_names) - set(spark.table(table.name).columns)
        if missing:
            raise CheckFailedError(f"{table.name}: lacks the columns {sorted(missing)}. Run 00_setup_infrastructure.")


def should_have_rows(frame: DataFrame, table: str) -> Check:
    """The frame holds at least one row."""
    none = frame.agg(F.count("*").alias("count_rows")).where("count_rows = 0")
    return Check(table, none, "there is no row: did the notebook before it find anything in the sheet?")


def should_be_unique_by(frame: DataFrame, table: str, *columns: str) -> Check:
    """No two rows agree in all of the columns."""
    repeated = frame.groupBy(*columns).agg(F.count("*").alias("count_rows")).where("count_rows > 1")
    return Check(table, repeated, f"{COUNT} keys stand more than once by {', '.join(columns)}", columns)


def should_have_no_nulls_in(frame: DataFrame, table: str, *columns: str) -> Check:
    """None of the columns is null in any row."""
    lacking = frame.where(reduce(Column.__or__, [F.col(column).isNull() for column in columns]))
    return Check(table, lacking, f"{COUNT} rows lack one of {', '.join(columns)}", _key_of(table, frame))


def should_only_contain(frame: DataFrame, table: str, column: str, values: Collection[Any]) -> Check:
    """Every value of the column is one of the given ones; null is not."""
    is_allowed = F.coalesce(F.col(column).isin(list(values)), F.lit(False))
    what = f"{COUNT} rows have another {column} than {', '.join(map(str, values))}"
    return Check(table, frame.where(~is_allowed), what, (*_key_of(table, frame), column))


def should_refer_to(frame: DataFrame, table: str, column: str, other: DataFrame, other_table: str) -> Check:
    """Every value of the column stands in the column of the same name of the other frame; null refers to nothing."""
    lost = frame.where(F.col(column).isNotNull()).join(other.select(column).distinct(), on=column, how="left_anti")
    what = f"{COUNT} rows have a {column} that {other_table} does not know"
    return Check(table, lost, what, (*_key_of(table, frame), column))


def should_hold(frame: DataFrame, table: str, rule: str) -> Check:
    """A SQL condition over the columns is true in every row."""
    broken = frame.where(~F.coalesce(F.expr(rule), F.lit(False)))
    return Check(table, broken, f"{COUNT} rows break the rule {rule}", _key_of(table, frame))


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
