"""Upkeep: many small files become one, rows and other tables stay as they are."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from student_track import session, tables, upkeep
from student_track.frames import ARROW_TYPES, frame_from_arrow
from student_track.lake import table_folder
from student_track.schemas import TABLES
from student_track.settings import load_settings

COUNT = 42


@pytest.fixture(scope="module")
def made(tmp_path_factory):

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDENT_TRACK_LAKE", str(tmp_path_factory.mktemp("upkeep") / "school"))
        spark = session.spark(load_settings("params/sample.yml"))
        tables.create_all(spark)
        for number in range(COUNT):
            append(spark, "alert_outbox", delivery_id=f"id{number}", kind="digest", changed_at=datetime.now(UTC))
            day = date(2026, 9, 1) + timedelta(days=number)
            append(spark, "student_metrics", student_key="k", scope="school", as_of_date=day)
        append(spark, "students", student_key="k")
        yield spark


def append(spark, name, **values):
    columns = [(column.name, ARROW_TYPES[column.type]) for column in TABLES[name].columns]
    row = {column: values.get(column) for column, _ in columns}
    tables.append(spark, name, frame_from_arrow(spark, pa.Table.from_pylist([row], pa.schema(columns))))


def content(spark):
    return sorted(spark.table("alert_outbox").toArrow().to_pylist(), key=lambda row: row["delivery_id"])


def test_many_small_files_are_joined_once_and_the_rows_stay(made):
    before = content(made)
    versions = {name: tables.version(made, name) for name in TABLES}
    assert upkeep.tidy(made, 30) == {"alert_outbox": COUNT}
    assert content(made) == before
    assert len(tables.data_files(made, "alert_outbox", more_than=0)) == 1
    changed = {name for name in TABLES if tables.version(made, name) != versions[name]}
    assert changed == {"alert_outbox"}  # a partition for each day is no small file
    version = tables.version(made, "alert_outbox")
    assert (upkeep.tidy(made, 30), tables.version(made, "alert_outbox")) == ({}, version)


def test_what_is_joined_can_be_written_to_and_its_former_versions_read(made):
    append(made, "alert_outbox", delivery_id="id99", kind="digest")
    assert made.table("alert_outbox").count() == COUNT + 1
    former = DeltaTable(str(table_folder(made, "alert_outbox")), version=5)
    assert former.to_pyarrow_table().num_rows == 5
