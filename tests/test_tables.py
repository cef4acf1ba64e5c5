"""Tables of the lake: created from the declarations, merged by content, replaced by as-of date."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from student_track import schemas, session, tables
from student_track.tables import Changes, SchemaMismatchError


@pytest.fixture
def made(lake):
    tables.create_all(lake)
    return lake


def students(spark, *rows):
    names = schemas.STUDENTS.column_names
    return spark.createDataFrame(pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)}))


def record(spark, *rows):
    """Attendance records with only the columns that matter here: key, session, state, school year."""
    types = {"string": pa.string(), "int": pa.int32(), "date": pa.date32(), "boolean": pa.bool_()}
    columns = {column.name: pa.nulls(len(rows), types[column.type]) for column in schemas.ATTENDANCE_RECORDS.columns}
    for index, name in enumerate(("student_key", "session_id", "state", "school_year")):
        columns[name] = pa.array([row[index] for row in rows], columns[name].type)
    return spark.createDataFrame(pa.table(columns))


def content(spark, name, *columns):
    return sorted(tuple(row) for row in spark.table(name).select(*columns).collect())


def test_every_declared_table_is_created_with_types_and_comments(made):
    for table in schemas.TABLES.values():
        described = made.sql(f"DESCRIBE TABLE {table.name}").collect()
        shown = [(row.col_name, row.data_type, row.comment) for row in described[: len(table.columns)]]
        assert shown == [(column.name, column.type, column.comment) for column in table.columns]


def test_creating_again_changes_nothing(made):
    assert set(tables.create_all(made).values()) == {"unchanged"}


def test_an_older_table_gets_the_column_it_lacks_and_keeps_its_rows(lake, monkeypatch):
    older = replace(schemas.STUDENTS, columns=schemas.STUDENTS.columns[:-1])
    monkeypatch.setitem(schemas.TABLES, "students", older)
    tables.create_all(lake)
    tables.append(lake, "students", students(lake, ("k1", "1", "Ann", True)).drop("is_on_roster"))
    monkeypatch.setitem(schemas.TABLES, "students", schemas.STUDENTS)
    assert tables.create_all(lake)["students"] == "added is_on_roster"
    assert content(lake, "students", "student_key", "is_on_roster") == [("k1", None)]
    tables.append(lake, "students", students(lake, ("k2", "2", "Ben", True)))
    assert lake.table("students").count() == 2


@pytest.mark.parametrize("name", ["tier_history", "count_absences", "tier_since_date"])
def test_a_column_that_is_added_is_of_the_declared_type(lake, monkeypatch, name):
    table = schemas.STUDENT_METRICS
    older = replace(table, columns=tuple(column for column in table.columns if column.name != name))
    monkeypatch.setitem(schemas.TABLES, table.name, older)
    tables.create_all(lake)
    monkeypatch.setitem(schemas.TABLES, table.name, table)
    assert tables.create_all(lake)[table.name] == f"added {name}"
    column = next(column for column in table.columns if column.name == name)
    assert lake.table(table.name).schema[name].dataType.simpleString() == column.type
    assert tables.create_all(lake)[table.name] == "unchanged"


def test_a_merge_inserts_updates_and_deletes_in_one_commit(made):
    tables.merge(made, "students", students(made, ("k1", "1", "Ann", True), ("k2", "2", "Ben", True)))
    before = tables.version(made, "students")
    changes = tables.merge(made, "students", students(made, ("k1", "1", "Anna", True), ("k3", "3", "Cem", True)))
    assert changes == Changes(inserted=1, updated=1, deleted=1)
    assert tables.version(made, "students") == before + 1
    assert content(made, "students", "student_key", "student_name") == [("k1", "Anna"), ("k3", "Cem")]


def test_a_merge_of_the_same_rows_makes_no_commit(made):
    rows = students(made, ("k1", "1", "Ann", True), ("k2", "2", None, True))
    tables.merge(made, "students", rows)
    before = tables.version(made, "students")
    assert not tables.merge(made, "students", rows)
    assert tables.version(made, "students") == before


def test_a_merge_touches_nothing_outside_its_scope(made):
    tables.merge(made, "attendance_records", record(made, ("k1", "s1", "absent", 2025), ("k1", "s2", "absent", 2026)))
    changes = tables.merge(
        made, "attendance_records", record(made, ("k1", "s3", "present", 2026)), within="school_year = 2026"
    )
    assert changes == Changes(inserted=1, updated=0, deleted=1)
    assert content(made, "attendance_records", "session_id", "school_year") == [("s1", 2025), ("s3", 2026)]


def test_a_row_that_changes_its_partition_stands_once(made):
    tables.merge(made, "attendance_records", record(made, ("k1", "s1", "absent", 2025)))
    scope = "school_year IN (2025, 2026)"
    tables.merge(made, "attendance_records", record(made, ("k1", "s1", "absent", 2026)), within=scope)
    assert content(made, "attendance_records", "session_id", "school_year") == [("s1", 2026)]


def episodes(spark, run_id, *numbers):
    """Episodes of one student and rule, with only their key and the run."""
    names, rows = schemas.ALERT_EPISODES.column_names, len(numbers)
    types = {"episode": pa.int32()} | {name: pa.date32() for name in names if name.endswith("_date")}
    values = {name: pa.nulls(rows, types.get(name, pa.string())) for name in names}
    values |= {"student_key": ["k1"] * rows, "rule": ["streak"] * rows, "run_id": [run_id] * rows}
    return spark.createDataFrame(pa.table({**values, "episode": pa.array(numbers, pa.int32())}))


def test_a_volatile_column_alone_is_no_difference(made):
    assert tables.merge(made, "alert_episodes", episodes(made, "r1", 1)) == Changes(inserted=1)
    assert tables.merge(made, "alert_episodes", episodes(made, "r2", 1)) == Changes()


def last_operation(spark, name):
    return tables.history(spark, name, 1)[0]["operation"]


def test_tables_that_stand_as_wanted_get_no_commit_when_all_are_merged(made):
    rows = {"students": tables.Wanted(students(made, ("k1", "1", "Ann", True), ("k2", "2", None, True)))}
    assert tables.merge_all(made, rows) == {"students": Changes(inserted=2)}
    before = tables.version(made, "students")
    assert tables.merge_all(made, rows) == {"students": Changes()}
    assert tables.version(made, "students") == before


@pytest.mark.parametrize("most_rows", [0, 10_000], ids=["its rows that differ", "all its rows"])
def test_a_part_that_differs_is_written_in_one_commit_and_the_others_stay(made, monkeypatch, most_rows):
    monkeypatch.setattr(tables, "MOST_ROWS_WRITTEN_ANEW", most_rows)
    first = (("k1", "s1", "absent", 2025), ("k1", "s2", "absent", 2026), ("k1", "s3", "present", 2026))
    tables.merge_all(made, {"attendance_records": tables.Wanted(record(made, *first))})
    before = tables.version(made, "attendance_records")
    wanted = record(made, ("k1", "s2", "present", 2026), ("k1", "s4", "absent", 2026), ("k1", "s5", "absent", 2026))
    found = tables.merge_all(made, {"attendance_records": tables.Wanted(wanted, "school_year = 2026")})
    assert found == {"attendance_records": Changes(inserted=2, updated=1, deleted=1)}
    assert tables.version(made, "attendance_records") == before + 1
    assert last_operation(made, "attendance_records") == ("WRITE" if most_rows else "MERGE")
    assert content(made, "attendance_records", "session_id", "state") == [
        ("s1", "absent"),
        ("s2", "present"),
        ("s4", "absent"),
        ("s5", "absent"),
    ]


def test_a_part_that_is_to_be_empty_is_emptied(made):
    rows = (("k1", "s1", "absent", 2025), ("k1", "s2", "absent", 2026))
    tables.merge(made, "attendance_records", record(made, *rows))
    nothing = tables.Wanted(made.table("attendance_records").where("false"), "school_year = 2026")
    assert tables.merge_all(made, {"attendance_records": nothing}) == {"attendance_records": Changes(deleted=1)}
    assert content(made, "attendance_records", "session_id") == [("s1",)]


def test_rows_that_stand_keep_their_volatile_columns_when_all_are_merged(made):
    """Such a table is never written anew: which run wrote a row would be lost."""
    tables.merge_all(made, {"alert_episodes": tables.Wanted(episodes(made, "r1", 1))})
    found = tables.merge_all(made, {"alert_episodes": tables.Wanted(episodes(made, "r2", 1, 2))})
    assert found == {"alert_episodes": Changes(inserted=1)}
    assert content(made, "alert_episodes", "episode", "run_id") == [(1, "r1"), (2, "r2")]


def test_replacing_an_as_of_date_leaves_the_other_dates(made):
    def metrics(day, tier):
        frame = made.sql("SELECT 'k1' AS student_key, 'school' AS scope, '' AS cohort_id")
        declared = [column for column in schemas.STUDENT_METRICS.columns if column.name not in frame.columns]
        values = {"as_of_date": f"DATE'{day}'", "tier": f"'{tier}'"}
        expressions = [f"CAST({values.get(c.name, 'NULL')} AS {c.type}) AS {c.name}" for c in declared]
        return frame.selectExpr("*", *expressions)

    tables.replace_as_of("student_metrics", metrics("2026-11-19", "at_risk"), date(2026, 11, 19))
    tables.replace_as_of("student_metrics", metrics("2026-11-20", "at_risk"), date(2026, 11, 20))
    tables.replace_as_of("student_metrics", metrics("2026-11-20", "severe_chronic"), date(2026, 11, 20))
    assert content(made, "student_metrics", "as_of_date", "tier") == [
        (date(2026, 11, 19), "at_risk"),
        (date(2026, 11, 20), "severe_chronic"),
    ]


def test_a_frame_with_other_columns_is_refused_by_name(made):
    with pytest.raises(SchemaMismatchError, match=r"students: missing columns \['is_on_roster'\]"):
        tables.append(made, "students", students(made, ("k1", "1", "Ann", True)).drop("is_on_roster"))


def test_history_optimise_and_vacuum(made):
    for key in ("k1", "k2", "k3"):
        tables.append(made, "students", students(made, (key, "1", "Ann", True)))
    assert [commit["version"] for commit in tables.history(made, "students")] == [3, 2, 1, 0]
    rows = made.table("students").toPandas().sort_values("student_key").to_dict("records")
    tables.optimize(made, "students")
    tables.vacuum(made, "students", retention_days=7)
    assert tables.history(made, "students")[0]["operationMetrics"]["numFilesRemoved"] == 3
    assert made.table("students").toPandas().sort_values("student_key").to_dict("records") == rows
    assert made.table("students").count() == 3


def test_a_second_session_on_the_lake_knows_its_tables(made, config, monkeypatch):
    tables.append(made, "students", students(made, ("k1", "1", "Ann", True)))
    with session.handed_over(made.newSession() if hasattr(made, "newSession") else made):
        assert session.spark(config).table("students").count() == 1


def test_a_lake_is_readable_by_its_owner_alone(made, config):
    assert config.lake_folder.stat().st_mode & 0o077 == 0
