"""What compares a table with the rows wanted of it, and merges them.

The wanted rows' columns are called ``new_<column>``, so that bare names mean the table's own; in SQL they are a view
``wanted_<table>``.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from student_track.schemas import Table


def merge_statement(table: Table, within: str | None) -> str:
    """Return the statement that makes the table's rows inside ``within`` equal to the wanted ones."""
    scope = f" AND ({within})" if within else ""
    assignments = ", ".join(f"`{name}` = `new_{name}`" for name in table.column_names)
    names = ", ".join(f"`{name}`" for name in table.column_names)
    values = ", ".join(f"`new_{name}`" for name in table.column_names)
    return (
        f"MERGE INTO {table.name} USING wanted_{table.name} ON {_same_key(table)}{scope} "
        f"WHEN MATCHED AND NOT ({_equal_values(table)}) THEN UPDATE SET {assignments} "
        f"WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values}) "
        f"WHEN NOT MATCHED BY SOURCE{scope} THEN DELETE"
    )


def difference(table: Table, there: DataFrame, wanted: DataFrame) -> DataFrame:
    """Return how many rows stand in a part of the table, and how many of them a merge would change.

    ``wanted`` has the columns ``new_<column>``. One row: name, count_there, count_new, count_gone, count_different (new
    and gone among them).
    """
    key = table.key[0]
    return there.join(wanted, F.expr(_same_key(table)), "full_outer").selectExpr(
        f"'{table.name}' AS name",
        f"count(`{key}`) AS count_there",
        f"count_if(`{key}` IS NULL) AS count_new",
        f"count_if(`new_{key}` IS NULL) AS count_gone",
        f"count_if(`{key}` IS NULL OR `new_{key}` IS NULL OR NOT ({_equal_values(table)})) AS count_different",
    )


def _same_key(table: Table) -> str:
    return " AND ".join(f"`{name}` = `new_{name}`" for name in _match_columns(table))


def _equal_values(table: Table) -> str:
    compared = [name for name in table.column_names if name not in (*table.key, *table.volatile_names)]
    return " AND ".join(f"`{name}` <=> `new_{name}`" for name in compared) or "true"


def _match_columns(table: Table) -> tuple[str, ...]:
    """The key, and the partition with it: a row that changes its partition is deleted there and inserted here."""
    return table.key if table.partition in (None, *table.key) else (*table.key, table.partition)
