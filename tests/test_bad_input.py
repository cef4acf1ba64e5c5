"""Bad input: each gets a clear message with what to do, the exit code of its kind, and nothing half written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.lakes import ROOT, UP_TO_METRICS, copy_lake, versions

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.fixture
def run(student_track):
    """`student-track run` in this process: exit code and complaint."""

    def run(*arguments):
        code, _, complaint = student_track("run", *map(str, arguments))
        return code, complaint

    return run


def workbook(path: Path, **tabs: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tabs.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def nothing_but_empty_tables(lake: Path) -> bool:
    return not lake.exists() or set(versions(lake).values()) <= {0, 1, 2}


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


CSV = "student_id,date,mark\n001,2026-09-07,P\n"
FILES = {
    "missing": (lambda path: path / "nothing.xlsx", "there is no such file"),
    "empty workbook": (lambda path: workbook(path / "empty.xlsx", Sheet=[]), "there is nothing in it"),
    "damaged text": (lambda path: write(path / "torn.csv", b"id,mark\n1,\x00\n"), "holds NUL bytes"),
    "Latin-1": (lambda path: write(path / "old.csv", CSV.replace("P", "é").encode("latin-1")), "line 2: is not UTF-8"),
    "broken XLSX": (lambda path: write(path / "broken.xlsx", b"PK\x03\x04 and nothing more"), "damaged"),
    "password": (lambda path: write(path / "locked.xlsx", OLE_START), "protected by a password"),
    "no spreadsheet": (lambda path: write(path / "register.pdf", b"%PDF"), "is no XLSX or CSV file"),
    "empty folder": (lambda path: (path / "folder").mkdir() or path / "folder", "holds no XLSX or CSV file"),
    "no dates": (
        lambda path: workbook(path / "no_dates.xlsx", Form=[["Name", "Mon", "Tue"], ["Ann", "P", "A"]]),
        "no row of dates",
    ),
    "no students": (
        lambda path: workbook(path / "no_students.xlsx", Form=[["Name", "2026-09-07", "2026-09-08"]]),
        "there is no student below the header in row 1",
    ),
    "no marks at all": (
        lambda path: workbook(path / "no_marks.xlsx", Form=[["Name", "2026-09-07"], ["Ann", None], ["Ben", None]]),
        "No register was taken",
    ),
}


@pytest.mark.parametrize(("make", "message"), FILES.values(), ids=FILES.keys())
def test_a_sheet_that_cannot_be_used_says_why_and_what_to_do(run, tmp_path, own_lake, make, message):
    code, complaint = run("--sheet", make(tmp_path))
    assert (code, message in complaint) == (2, True), complaint
    assert "Ann" not in complaint


@pytest.mark.parametrize("kind", ["empty workbook", "damaged text", "broken XLSX", "password"])
def test_a_bad_sheet_leaves_the_lake_of_yesterday(run, tmp_path, sample_run, own_lake, kind, monkeypatch):
    copy_lake(sample_run / "lake" / "school", own_lake)
    (own_lake / "key_fingerprint").unlink()  # the sample's key serves no other sheet
    before = versions(own_lake)
    code, _ = run("--sheet", FILES[kind][0](tmp_path))
    assert code == 2
    changed = {name for name, version in versions(own_lake).items() if version != before[name]}
    assert changed <= {"pipeline_runs", "raw_attendance"}


def test_a_mended_sheet_runs_after_a_bad_one(run, tmp_path):
    path = FILES["no dates"][0](tmp_path)
    assert run("--sheet", path)[0] == 2
    days = [f"2026-09-{day:02d}" for day in range(7, 12)]
    workbook(path, Form=[["Id", "Name", *days], ["01", "Ann Secret", *"PPAPP"], ["02", "Ben Secret", *"P?PPP"]])
    code, said = run("--sheet", path, *UP_TO_METRICS)
    assert code == 0
    assert "Secret" not in said


def test_an_unknown_setting_names_its_line(run, tmp_path):
    settings = tmp_path / "hill.yml"
    settings.write_text('school_name: "Hill"\nshet: "register.xlsx"\n')
    code, complaint = run("--settings", settings)
    assert code == 2
    assert "hill.yml, line 2: unknown key `shet`. Did you mean `sheet`?" in complaint


def test_a_policy_with_a_typo_names_its_line(run, tmp_path):
    policy = tmp_path / "policy.yml"
    policy.write_text((ROOT / "params" / "policy.yml").read_text().replace("state: partial", "state: partal", 1))
    settings = tmp_path / "hill.yml"
    settings.write_text(f'sheet: "{ROOT}/tests/data/oulad_aaa/weekly_wide.xlsx"\npolicy: "{policy}"\n')
    code, complaint = run("--settings", settings)
    assert code == 2
    assert "codes.half_day.state" in complaint
    assert "policy.yml, line" in complaint


def test_no_sheet_says_how_to_name_one(run):
    code, complaint = run()
    assert (code, "--sheet FILE" in complaint) == (2, True)


def test_an_impossible_date_is_refused(run):
    code, complaint = run("--settings", "params/sample.yml", "--as-of", "20th of May")
    assert (code, "as_of_date" in complaint) == (2, True)


def test_a_lake_written_with_another_key_is_refused(run, sample_lake, monkeypatch):
    (sample_lake / "key_fingerprint").write_text("0123456789abcdef")
    before = versions(sample_lake)
    code, complaint = run("--settings", "params/sample.yml", "--from", "02")
    assert (code, "written with another key" in complaint) == (2, True)
    after = versions(sample_lake)
    assert {name for name in after if after[name] != before[name]} <= {"pipeline_runs"}


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("unshare") is None, reason="a small disk needs unshare, which is not on this machine")
def test_a_full_disk_says_so_and_leaves_whole_tables(tmp_path, sample_run):
    """The lake lies on a disk of 1 MiB that a first run fills."""
    disk = tmp_path / "disk"
    disk.mkdir()
    kept = tmp_path / "kept"
    script = f"""
        mount -t tmpfs -o size=1m tmpfs {disk} || exit 77
        {sys.executable} -m student_track.cli run --settings params/sample.yml; code=$?
        cp -r {disk}/lake {kept}; exit $code"""
    places = {"STUDENT_TRACK_LAKE": str(disk / "lake"), "STUDENT_TRACK_REPORTS": str(tmp_path / "reports")}
    result = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        cwd=ROOT,
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert "The disk is full" in result.stderr
    assert all(version >= 0 for version in versions(kept).values())
