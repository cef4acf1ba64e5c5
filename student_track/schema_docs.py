"""The tables' declarations as a page of documentation: ``python -m student_track.schema_docs > docs/tables.md``."""

from student_track.schemas import TABLES, Table

INTRODUCTION = """# Tables

Generated from `student_track/schemas/` by `make docs`; do not edit. Schema `attendance`, all tables Delta.
*personal* columns name a person; *volatile* ones (run ids, clock times) differ between equal runs.
"""


def as_markdown() -> str:
    """Return the documentation of every table: grain, key, writer, partition, columns."""
    return "\n".join([INTRODUCTION, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    partition = f", partitioned by `{table.partition}`" if table.partition else ""
    lines = [
        f"## {table.name}\n",
        f"{table.layer.capitalize()}: {table.grain}. Key: {', '.join(f'`{name}`' for name in table.key)}{partition}.",
        f"Written by {table.writer}; {table.retention}.\n",
        "| column | type | meaning |",
        "| --- | --- | --- |",
    ]
    for column in table.columns:
        marks = "".join([" *(personal)*" if column.is_personal else "", " *(volatile)*" if column.is_volatile else ""])
        lines.append(f"| `{column.name}` | {column.type} | {column.comment.replace('|', '&#124;')}{marks} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(as_markdown(), end="")
