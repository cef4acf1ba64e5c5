"""The command ``export``: the rows of the named queries, names or labels, errors for people."""

import csv
import json
import stat
from pathlib import Path

import openpyxl
import pytest

from student_track.privacy import student_label


@pytest.fixture
def export(sample_lake, student_track):
    """Export from the sample school's lake."""
    return lambda *arguments: student_track("export", *arguments, "--lake", str(sample_lake))


def rows_of(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_call_list_is_the_querys_in_its_order_with_labels(export, student_track, sample_lake, tmp_path):
    code, said, complaint = export("call-list", "--out", str(tmp_path / "list.csv"))
    assert code == 0, complaint
    asked = json.loads(student_track("ask", "call_list", "--format", "json", "--lake", str(sample_lake))[1])
    rows = rows_of(tmp_path / "list.csv")
    assert [row["student"] for row in rows] == [student_label(row["student_key"]) for row in asked]
    assert [row["streak"] for row in rows] == [row["streak"] for row in asked]
    assert said.startswith(f"{len(asked)} rows: ")


def test_a_cohort_lies_in_the_reports_folder_for_its_owner_alone(export, tmp_path):
    code, _, complaint = export("cohort", "--cohort", "Ash", "--format", "xlsx")
    assert code == 0, complaint
    (path,) = (tmp_path / "reports" / "exports" / "school").iterdir()
    assert path.name == "cohort-Ash-2026-11-20.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    header, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    assert "student_key" not in header
    assert {row[header.index("cohort")] for row in rows} == {"Ash"}


def test_a_list_with_labels_alone_names_nobody(export, tmp_path):
    out = str(tmp_path / "list.csv")
    code, _, complaint = export("cohort", "--out", out)
    assert code == 0, complaint
    named = rows_of(out)
    assert all(row["student_name"] and row["student_id"] for row in named)
    export("cohort", "--out", out, "--labels")
    text = Path(out).read_text(encoding="utf-8-sig")
    assert [row["student"] for row in rows_of(out)] == [row["student"] for row in named]
    assert not [row for row in named if row["student_name"] in text or row["student_id"] in text.split(",")]


def test_quarantine_holds_the_cells_to_mend(export, tmp_path):
    code, _, complaint = export("quarantine", "--out", str(tmp_path / "mend.csv"))
    assert code == 0, complaint
    assert {"tab", "cell", "reason", "what_to_do"} <= set(rows_of(tmp_path / "mend.csv")[0])


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("everything",), 2, "There are: call-list, cohort, quarantine"),
        (("cohort", "--format", "pdf"), 2, "one of csv, xlsx"),
        (("cohort", "--cohort", "Assh"), 2, "Did you mean Ash?"),
        (("quarantine", "--cohort", "Ash"), 2, "ask it without a cohort"),
        (("cohort", "--out", "tests"), 2, "this is a folder"),
        (("cohort", "--out", "README.md/x.csv"), 1, "could not be written"),
    ],
)
def test_what_cannot_be_exported_is_said(export, arguments, code, said):
    ended, _, complaint = export(*arguments)
    assert (ended, said in complaint) == (code, True), complaint
