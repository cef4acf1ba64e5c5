"""Answers of ``student-track sql``, ``ask`` and ``tables``, as a table, CSV or JSON."""

import csv
import io
import json
from typing import Any

import pandas as pd
from pyspark.errors import PySparkException
from rich.console import Console
from rich.table import Table

from student_track import queries, session, tables
from student_track.errors import InputError
from student_track.policy import load_policy
from student_track.schemas import TABLES
from student_track.settings import Settings
from student_track.spreadsheet_text import without_formula
from student_track.visible_text import visible

FORMATS = ("table", "csv", "json")
READING_STATEMENTS = ("select", "with", "show", "describe", "explain", "values")
WIDEST_TABLE = 260
"""Signs in a line: a terminal folds what is wider than itself, and nothing is cut off as long as it fits into this."""
LONGEST_CELL = 1000


def answer(config: Settings, query: str, format: str) -> str:
    """Return a query's result as text; raise InputError where it is no reading query or is not understood."""
    first_word = query.strip().lstrip("(").split(None, 1)[0].lower() if query.strip() else ""
    if first_word not in READING_STATEMENTS:
        raise InputError(f"Only reading queries are run here ({', '.join(READING_STATEMENTS)}), not {first_word!r}.")
    try:
        frame = queries.exact_values(session.spark(config).sql(query))
    except PySparkException as error:
        raise InputError(f"The query was not understood: {error.getMessage() or error}") from None
    return formatted(frame, format)


def answer_by_name(config: Settings, name: str, cohort: str | None, format: str) -> str:
    """Return the answer of a named query, of one cohort or of all, at the settings' as-of date or else the latest.

    Raises InputError where there is no such query or cohort, or there are no metrics for the date.
    """
    query = queries.named_query(name)
    policy = load_policy(config.policy_path)
    _, answer = queries.ask_on_day(session.spark(config), query.name, policy, config.as_of_date, cohort)
    return formatted(queries.exact_values(answer), format)


def list_of_questions(format: str) -> str:
    """Return every named query with the sentence that asks it, as text."""
    rows = [(name, queries.named_query(name).question) for name in queries.query_names()]
    return formatted(pd.DataFrame(rows, columns=["name", "question"]), format)


def list_of_tables(config: Settings, format: str) -> str:
    """Return the lake's tables as text: layer, name, rows, version, and what one row is."""
    spark = session.spark(config)
    rows = [
        (table.layer, name, spark.table(name).count(), tables.version(spark, name), table.grain)
        for name, table in TABLES.items()
        if tables.exists(spark, name)
    ]
    return formatted(pd.DataFrame(rows, columns=["layer", "table", "rows", "version", "one row per"]), format)


def formatted(frame: pd.DataFrame, format: str) -> str:
    """Return the frame as a table for the eye, as CSV that no spreadsheet program runs, or as JSON rows."""
    if format not in FORMATS:
        raise InputError(f"--format is one of {', '.join(FORMATS)}, not {format!r}.")
    rows = [
        [None if _is_missing(value) else value for value in row] for row in frame.itertuples(index=False, name=None)
    ]
    if format == "json":
        named = [dict(zip(frame.columns, row, strict=True)) for row in rows]
        return json.dumps(named, ensure_ascii=False, indent=1, default=str) + "\n"
    rows = [["" if value is None else value for value in row] for row in rows]
    return _csv(list(frame.columns), rows) if format == "csv" else _table(list(frame.columns), rows)


def _csv(columns: list[str], rows: list[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([without_formula(value) for value in row] for row in rows)
    return out.getvalue()


def _table(columns: list[str], rows: list[list[Any]]) -> str:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(visible(str(value), LONGEST_CELL) for value in row))
    console = Console(file=io.StringIO(), width=WIDEST_TABLE, markup=False)
    console.print(table, markup=False)
    return console.file.getvalue()


def _is_missing(value: Any) -> bool:
    return value is None or (not isinstance(value, list | dict) and bool(pd.isna(value)))
