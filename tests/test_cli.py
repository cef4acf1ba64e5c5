"""The commands beside ``run``: sql, tables, sample, init, lab."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel

from student_track.jupyter_lab import write_startup
from student_track.query_output import formatted
from student_track.schemas import TABLES


def test_sql_answers_as_json(sample_lake, student_track):
    query = "SELECT scope, count(*) AS count_rows FROM student_metrics GROUP BY scope ORDER BY scope"
    code, said, _ = student_track("sql", query, "--format", "json", "--lake", str(sample_lake))
    assert code == 0
    rows = json.loads(said)
    assert [row["scope"] for row in rows] == ["cohort", "school"]
    assert all(row["count_rows"] > 300 for row in rows)


def test_sql_answers_as_csv_with_an_empty_cell_for_null(sample_lake, student_track):
    _, said, _ = student_track("sql", "SELECT 1 AS a, CAST(NULL AS STRING) AS b", "--format", "csv")
    assert list(csv.reader(io.StringIO(said))) == [["a", "b"], ["1", ""]]


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1"])
def test_csv_holds_no_formula(formula):
    written = formatted(pd.DataFrame({"a": [formula]}), "csv")
    assert list(csv.reader(io.StringIO(written))) == [["a"], [f"'{formula}"]]


def test_csv_keeps_numbers_below_zero():
    assert formatted(pd.DataFrame({"a": [-1.5]}), "csv") == "a\n-1.5\n"


@pytest.mark.parametrize("query", ["DELETE FROM students", "DROP TABLE students", "", "INSERT INTO students SELECT 1"])
def test_sql_only_reads(sample_lake, student_track, query):
    code, _, complaint = student_track("sql", query, "--lake", str(sample_lake))
    assert code == 2
    assert "Only reading queries" in complaint


def test_a_query_that_is_not_understood_says_so(sample_lake, student_track):
    code, _, complaint = student_track("sql", "SELECT nothing FROM nowhere", "--lake", str(sample_lake))
    assert code == 2
    assert "The query was not understood" in complaint


def test_an_unknown_format_is_refused(sample_lake, student_track):
    code, _, complaint = student_track("sql", "SELECT 1 AS a", "--format", "xml")
    assert (code, "table, csv, json" in complaint) == (2, True)


def test_a_folder_without_tables_is_said(student_track, tmp_path, monkeypatch):
    monkeypatch.delenv("STUDENT_TRACK_LAKE")
    code, _, complaint = student_track("tables", "--lake", str(tmp_path / "empty"))
    assert code == 2
    assert "there are no tables in this folder" in complaint


@pytest.mark.parametrize(
    "command",
    [
        ("why", "1", "2026-11-20"),
        ("policy", "diff", "params/policy.yml", "params/policy.yml"),
        ("alerts", "preview"),
        ("risk", "evaluate", "--train", "A", "--test", "B"),
        ("ask", "call_list"),
    ],
)
def test_settings_with_a_lake_that_is_named_too_are_about_that_lake(student_track, tmp_path, monkeypatch, command):
    monkeypatch.delenv("STUDENT_TRACK_LAKE")
    named = ("--settings", "params/sample.yml", "--lake", str(tmp_path / "empty"))
    code, _, complaint = student_track(*command, *named)
    assert (code, f"{tmp_path / 'empty'}: there are no tables" in " ".join(complaint.split())) == (2, True)


def test_tables_lists_every_table_with_its_rows(sample_lake, student_track):
    code, said, _ = student_track("tables", "--format", "json", "--lake", str(sample_lake))
    assert code == 0
    listed = {row["table"]: row for row in json.loads(said)}
    assert set(listed) == set(TABLES)
    assert listed["attendance_records"]["rows"] > 10_000
    assert listed["students"]["one row per"] == "one row per student"


def test_sample_writes_the_workbook_anywhere(student_track, tmp_path):
    path = tmp_path / "sheet.xlsx"
    code, said, _ = student_track("sample", str(path))
    assert code == 0
    assert str(path) in said
    assert "Roster" in openpyxl.load_workbook(path, read_only=True).sheetnames


def test_init_copies_what_a_school_may_edit_and_overwrites_nothing(student_track, tmp_path):
    folder = tmp_path / "hill-school"
    code, _, _ = student_track("init", str(folder))
    assert code == 0
    assert (folder / "params" / "base.yml").is_file()
    assert (folder / "notebooks" / "00_setup_infrastructure.ipynb").is_file()
    code, _, complaint = student_track("init", str(folder))
    assert (code, "not empty" in complaint) == (2, True)


def test_init_copies_no_private_file(student_track, tmp_path, monkeypatch):
    planted = Path("params") / "private_school.yml"
    try:
        planted.write_text("school_name: Private\n")
        student_track("init", str(tmp_path / "copy"))
    finally:
        planted.unlink()
    assert not (tmp_path / "copy" / "params" / "private_school.yml").exists()


def test_a_kernel_of_lab_finds_the_session_ready(sample_lake, config, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(write_startup(config, "params/sample.yml")))
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        reply = client.execute_interactive("print(spark.table('students').count())", timeout=60, output_hook=print)
        assert reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_help_does_not_load_the_engine():
    probe = "import sys, student_track.cli; sys.exit('pyspark' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
