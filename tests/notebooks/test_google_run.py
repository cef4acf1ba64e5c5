"""A run on a Google spreadsheet, by the real gspread and the emulator: read in, unchanged, edited, out of reach."""

import json
import time
from datetime import date

import pytest
import yaml

from tests.lakes import ROOT, rows, versions
from tests.sheets_emulator.emulator import SheetsEmulator
from tests.sheets_emulator.server import Fault

DAYS = [date(2026, 9, day) for day in (*range(7, 12), *range(14, 19))]
REGISTER = [["id", *DAYS], *([f"{number:05d}", *"PPPPPAPPPP"] for number in range(12))]
STEPS = [word for stem in ("00", "01", "02") for word in ("--only", stem)]


@pytest.fixture
def google():
    with SheetsEmulator(time.monotonic) as emulator:
        emulator.workbook = emulator.add_tab(REGISTER, key="KEY-of-the-register")
        yield emulator


@pytest.fixture
def run(google, student_track, tmp_path, monkeypatch):
    """`student-track run` on the spreadsheet as far as the records: exit code, complaint, and the paths asked for."""
    path = tmp_path / "hill.yml"
    own = {"sheet": "google:KEY-of-the-register", "google_base_url": google.url, "google_deadline_seconds": 10}
    path.write_text(yaml.safe_dump(own), encoding="utf-8")
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_JSON", google.key_file)

    def run():
        asked = len(google.requests)
        code, _, complaint = student_track("run", "--settings", str(path), *STEPS)
        return code, complaint, [request.path for request in google.requests[asked:]]

    return run


def records(lake):
    return sum(rows(lake, "attendance_records").values())


def test_a_spreadsheet_is_read_once_followed_and_kept_through_faults(run, google, own_lake):
    code, complaint, asked = run()
    assert code == 0, complaint
    assert records(own_lake) == 120
    assert [path.split("/")[1] for path in asked] == ["token", "drive", "v4", "v4", "v4", "drive"]
    assert {row[1] for row in rows(own_lake, "students")} == {f"{number:05d}" for number in range(12)}

    before = versions(own_lake)
    code, _, asked = run()
    assert (code, [path.split("/")[1] for path in asked]) == (0, ["token", "drive"])  # unchanged: one question
    assert {name for name, version in versions(own_lake).items() if version != before[name]} == {"pipeline_runs"}

    google.workbook.tab("7A").write(2, ["00000", *"PPPPPPPPPP"])
    google.workbook.edited()
    google.faults = [Fault("/v4/spreadsheets", "status", times=99, status=503, body="<html>busy</html>")]
    begin, before = time.monotonic(), versions(own_lake)
    code, complaint, _ = run()
    assert (code, "google:KEY-of-the-register" in complaint) == (4, True), complaint
    assert time.monotonic() - begin < 30
    assert {name for name, version in versions(own_lake).items() if version != before[name]} <= {"pipeline_runs"}

    google.faults = []
    assert run()[0] == 0
    states = [row[6] for row in rows(own_lake, "attendance_records").elements()]
    assert (len(states), states.count("absent")) == (120, 11)


def test_a_key_that_is_missing_or_no_key_says_where_it_belongs(run, monkeypatch, own_lake):
    monkeypatch.delenv("GOOGLE_SERVICE_ACCOUNT_JSON")
    code, complaint, asked = run()
    assert (code, asked) == (2, [])
    assert "env:GOOGLE_SERVICE_ACCOUNT_JSON: the key of a Google service account is needed" in complaint
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_JSON", json.dumps({"type": "service_account", "private_key": "hidden"}))
    code, complaint, _ = run()
    assert (code, "hidden" in complaint) == (2, False)
    assert "The Google service account's JSON has no client_email" in complaint


def test_the_settings_of_a_workspace_name_the_scope_of_the_key():
    settings = yaml.safe_load((ROOT / "params" / "databricks.yml").read_text(encoding="utf-8"))
    assert settings["google_service_account_from"] == "student_track/google_service_account"
