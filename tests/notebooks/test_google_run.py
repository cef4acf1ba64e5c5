"""A run on a Google spreadsheet, by the real gspread and the emulator: read in, unchanged, edited, out of reach."""

import json
import time
from datetime import date

import pytest
import yaml
from deltalake import DeltaTable

from tests.lakes import ROOT, rows, versions
from tests.sheets_emulator.emulator import SheetsEmulator
from tests.sheets_emulator.server import Fault
from tests.sheets_emulator.workbook import Tab

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
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_JSON", google.key_file)

    def run(*more_steps, **settings):
        path.write_text(yaml.safe_dump({**own, **settings}), encoding="utf-8")
        asked = len(google.requests)
        code, google.said, complaint = student_track("run", "--settings", str(path), *STEPS, *more_steps)
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


def table(lake, name):
    return DeltaTable(str(lake / "attendance" / name)).to_pyarrow_table().to_pylist()


def notes(lake):
    return {(row["tab"], row["kind"], row["tab_id"]): row["note"] for row in table(lake, "sheet_tabs")}


def test_a_tab_keeps_its_story_under_another_title_and_one_that_is_gone_is_named(run, google, own_lake, tmp_path):
    contract = (ROOT / "params" / "sheet.yml").read_text(encoding="utf-8")
    own = '"google:KEY-of-the-register/Ash": {cohort: "Year 7", marks: {"1": P, "0": A}}'
    path = tmp_path / "sheet.yml"
    path.write_text(contract.replace("tabs: {}", f"tabs: {{{own}}}"), encoding="utf-8")
    ash = Tab(12, "Ash")
    for number, row in enumerate([["id", *DAYS], *([f"1{number:04d}", *"1111101111"] for number in range(12))], 1):
        ash.write(number, row)
    google.workbook.tabs.append(ash)
    assert run(sheet_contract=str(path))[0] == 0
    assert notes(own_lake) == {("7A", "attendance", "0"): None, ("Ash", "attendance", "12"): None}

    ash.title = "Ash 7"
    google.workbook.edited()
    assert run(sheet_contract=str(path))[0] == 0
    assert notes(own_lake)["Ash 7", "attendance", "12"] == "tab Ash is called Ash 7 now"
    assert "google:KEY-of-the-register: tab Ash is called Ash 7 now." in google.said
    cohorts = {row["cohort_id"] for row in table(own_lake, "attendance_records")}
    assert cohorts == {"7A", "Year 7"}  # what the contract says of the former title still holds
    assert records(own_lake) == 240

    google.workbook.tabs.remove(ash)
    google.workbook.edited()
    assert run(sheet_contract=str(path))[0] == 3
    assert "google:KEY-of-the-register: tab Ash 7 (sheetId 12) is gone." in google.said
    gone = "is gone from the spreadsheet (sheetId 12)"
    assert notes(own_lake)["Ash 7", "gone", "12"] == gone
    held = {row["cohort_id"]: row["held_reason"] for row in table(own_lake, "cohorts")}
    lost = "120 of 120 records would be lost at once; nothing was removed"
    assert held == {"7A": None, "Year 7": f"{lost}: the tab Ash 7 {gone}"}
    assert records(own_lake) == 240


def test_half_a_day_missed_is_half_a_unit(run, google, own_lake):
    """Merged dates above AM and PM: 01 missed one afternoon, 02 a whole day, 03 nothing."""
    tab = google.workbook.tabs[0]
    tab.cells.clear()
    tab.write(1, ["id", *(value for day in DAYS for value in (day, None))])
    tab.write(2, [None, *["AM", "PM"] * len(DAYS)])
    for row, (student, first_day) in enumerate([("01", "PA"), ("02", "AA"), ("03", "PP")], 3):
        tab.write(row, [student, *first_day, *"PP" * (len(DAYS) - 1)])
    tab.merges = [
        {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": column, "endColumnIndex": column + 2}
        for column in range(1, 1 + 2 * len(DAYS), 2)
    ]
    code, complaint, _ = run("--only", "03")
    assert code == 0, complaint
    ids = {row["student_key"]: row["student_id"] for row in table(own_lake, "students")}
    found = {
        ids[row["student_key"]]: (row["count_possible_units"], row["missed_units"], row["count_known_sessions"])
        for row in table(own_lake, "student_metrics")
        if row["scope"] == "school"
    }
    assert found == {"01": (10, 0.5, 20), "02": (10, 1.0, 20), "03": (10, 0.0, 20)}


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
