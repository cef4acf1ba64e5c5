"""Where a lake may lie."""

import pytest

from student_track import session, tables
from student_track.frames import frame_from_rows
from student_track.settings import load_settings

NAMES = ("cohort_id", "cohort_name", "owner", "deputy", "teacher", "is_held", "held_reason")


def add_cohort(spark, name):
    row = (name, *[None] * 6)
    frame = frame_from_rows(spark, NAMES, [row]).selectExpr(*NAMES[:5], "CAST(is_held AS boolean) AS is_held", NAMES[6])
    tables.append(spark, "cohorts", frame)


@pytest.mark.parametrize("place", ["My school", "Überprüfung 100 %", "école/a#b?c"])
def test_a_lake_lies_in_the_folder_it_was_given_whatever_its_name(tmp_path, monkeypatch, place):
    lake = tmp_path / "lakes" / place
    monkeypatch.setenv("STUDENT_TRACK_LAKE", str(lake))
    spark = session.spark(load_settings("params/sample.yml"))
    tables.create_all(spark)
    add_cohort(spark, "7A")
    monkeypatch.setenv("STUDENT_TRACK_LAKE", str(tmp_path / "other"))
    session.spark(load_settings("params/sample.yml"))

    monkeypatch.setenv("STUDENT_TRACK_LAKE", str(lake))  # as the next run would: the tables are there already
    spark = session.spark(load_settings("params/sample.yml"))
    assert set(tables.create_all(spark).values()) == {"unchanged"}
    add_cohort(spark, "7B")
    assert {row.cohort_id for row in spark.table("cohorts").collect()} == {"7A", "7B"}
    assert tables.version(spark, "cohorts") == 2
    assert {path.name for path in (tmp_path / "lakes").iterdir()} == {place.split("/")[0]}
    assert len(list((lake / "attendance" / "cohorts").glob("*.parquet"))) == 2
