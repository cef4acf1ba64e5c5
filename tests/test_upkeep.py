"""Upkeep: many small files become one, rows and other tables stay as they are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from deltalake import DeltaTable

from student_track import tables, upkeep
from student_track.lake import table_folder
from student_track.schemas import TABLES
from tests.table_rows import append_rows, lake_with_every_table

COUNT = 42


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with lake_with_every_table(tmp_path_factory.mktemp("upkeep")) as spark:
        for number in range(COUNT):
            message = {"delivery_id": f"id{number}", "kind": "digest", "changed_at": datetime.now(UTC)}
            append_rows(spark, "alert_outbox", message)
            day = date(2026, 9, 1) + timedelta(days=number)
            append_rows(spark, "student_metrics", {"student_key": "k", "scope": "school", "as_of_date": day})
        append_rows(spark, "students", {"student_key": "k"})
        yield spark


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
    append_rows(made, "alert_outbox", {"delivery_id": "id99", "kind": "digest"})
    assert made.table("alert_outbox").count() == COUNT + 1
    former = DeltaTable(str(table_folder(made, "alert_outbox")), version=5)
    assert former.to_pyarrow_table().num_rows == 5
