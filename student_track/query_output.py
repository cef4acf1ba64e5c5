"""Answers of ``student-track sql`` and ``student-track tables``, as a table, CSV or JSON."""

import csv
import io
import json
from typing import Any

import pandas as pd
from pyspark.errors import PySparkException
from rich.console import Console
from rich.table import Table

from student_track import session, tables
from student_track.errors import InputError
from student_track.schemas import TABLES
from student_track.settings import Settings

FORMATS = ("table", "csv", "json")
READING_STATEMENTS = ("select", "with", "show", "describe", "explain", "values")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def answer(config: Settings, query: str, format: str) -> str:
    """Return a query's result as text; raise InputError where it is no reading query or is not understood."""
    first_word = query.strip().lstrip("(").split(None, 1)[0].lower() if query.strip() else ""
    if first_word not in READING_STATEMENTS:
        raise InputError(f"Only reading queries are run here ({', '.join(READING_STATEMENTS)}), not {first_word!r}.")
    try:
        frame = session.spark(config).sql(query).toPandas()
    except PySparkException as error:
        raise InputError(f"The query was not understood: {error.getMessage() or error}") from None
    return formatted(frame, format)


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
    if format == "json":
        return (
            json.dumps(json.loads(frame.to_json(orient="records", date_format="iso")), ensure_ascii=False, indent=1)
            + "\n"
        )
    rows = [["" if _is_missing(value) else value for value in row] for row in frame.itertuples(index=False)]
    return _csv(list(frame.columns), rows) if format == "csv" else _table(list(frame.columns), rows)


def _csv(columns: list[str], rows: list[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_without_formula(value) for value in row] for row in rows)
    return out.getvalue()


def _without_formula(value: Any) -> Any:
    """A text that a spreadsheet program would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _table(columns: list[str], rows: list[list[Any]]) -> str:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(str(value) for value in row))
    console = Console(file=io.StringIO(), width=None if rows else 80, markup=False)
    console.print(table, markup=False)
    return console.file.getvalue()


def _is_missing(value: Any) -> bool:
    return value is None or (not isinstance(value, list | dict) and bool(pd.isna(value)))
