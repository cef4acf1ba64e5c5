"""Tables of a test: a lake that has every one, and rows of them by the names of their columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from student_track import session, tables
from student_track.frames import arrow_type, frame_from_arrow
from student_track.schemas import TABLES
from student_track.settings import load_settings


@contextmanager
def lake_with_every_table(folder: Path) -> Iterator[SparkSession]:
    """Give a session on a lake of its own in the folder, for the tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDENT_TRACK_LAKE", str(folder / "school"))
        spark = session.spark(load_settings("params/sample.yml"))
        tables.create_all(spark)
        yield spark


def append_rows(spark: SparkSession, name: str, *rows: dict[str, object]) -> None:
    """Append rows to a table in one commit; a column that a row does not name is null."""
    columns = [(column.name, arrow_type(column.type)) for column in TABLES[name].columns]
    whole = [{column: row.get(column) for column, _ in columns} for row in rows]
    tables.append(spark, name, frame_from_arrow(spark, pa.Table.from_pylist(whole, pa.schema(columns))))
