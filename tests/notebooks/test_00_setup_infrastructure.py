"""00: every declared table is there, empty, and setting up again changes nothing."""

import pytest
from papermill.exceptions import PapermillExecutionError

from student_track import lake, session, tables
from student_track.schemas import TABLES


def test_every_table_is_there_and_empty(run_notebook, config):
    run_notebook("00_setup_infrastructure")
    spark = session.spark(config)
    assert {name: spark.table(name).count() for name in TABLES} == dict.fromkeys(TABLES, 0)


def test_setting_up_again_keeps_the_rows(run_notebook, sample):
    before = {name: tables.version(sample, name) for name in TABLES}
    run_notebook("00_setup_infrastructure")
    assert {name: tables.version(sample, name) for name in TABLES} == before


def test_its_check_fires_where_a_table_lacks_a_column(run_notebook, sample, monkeypatch):
    run_notebook("00_setup_infrastructure")
    monkeypatch.setattr(tables, "create_all", lambda spark: {})
    sample.sql("DROP TABLE students")
    sample.sql(f"CREATE TABLE students USING delta LOCATION '{lake.table_folder(sample, 'cohorts')}'")
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook("00_setup_infrastructure")
