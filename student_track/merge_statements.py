"""SQL that compares a table with the rows wanted of it, and merges them.

The wanted rows are a view ``wanted_<table>`` whose columns are called ``new_<column>``, so that bare names mean the
table's own.
"""

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


def difference(table: Table, within: str | None) -> str:
    """Return the question how many rows stand in the table's part, and how many of them a merge would change.

    One row: name, count_there, count_new, count_gone, count_different (new and gone among them).
    """
    key = table.key[0]
    return (
        f"SELECT '{table.name}' AS name, count(`{key}`) AS count_there, "
        f"count_if(`{key}` IS NULL) AS count_new, count_if(`new_{key}` IS NULL) AS count_gone, "
        f"count_if(`{key}` IS NULL OR `new_{key}` IS NULL OR NOT ({_equal_values(table)})) AS count_different "
        f"FROM (SELECT * FROM {table.name} WHERE {within or 'true'}) FULL OUTER JOIN wanted_{table.name} "
        f"ON {_same_key(table)}"
    )


def _same_key(table: Table) -> str:
    return " AND ".join(f"`{name}` = `new_{name}`" for name in _match_columns(table))


def _equal_values(table: Table) -> str:
    compared = [name for name in table.column_names if name not in (*table.key, *table.volatile_names)]
    return " AND ".join(f"`{name}` <=> `new_{name}`" for name in compared) or "true"


def _match_columns(table: Table) -> tuple[str, ...]:
    """The key, and the partition with it: a row that changes its partition is deleted there and inserted here."""
    return table.key if table.partition in (None, *table.key) else (*table.key, table.partition)
