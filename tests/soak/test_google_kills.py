"""A run on a Google spreadsheet killed after a write of bronze or silver, and started again, ends as if undisturbed.

Killed on a new lake, and again when a tab got another title, a mark was mended and a student is gone. Tables are
created one like the other: of these writes the first, one in the middle and the last stand for all.
"""

import os
import re
import subprocess
import sys
import time
from datetime import date

import pytest
import yaml

from tests.lakes import ROOT, content, copy_lake
from tests.sheets_emulator.emulator import SheetsEmulator
from tests.sheets_emulator.workbook import Tab, Workbook

pytestmark = pytest.mark.soak

DAYS = [date(2026, 9, day) for day in (*range(7, 12), *range(14, 19))]
PUPILS = [f"{number:05d}" for number in range(8)]
TABS = {
    "Ash": [["Student id", *DAYS], *([pupil, *"PPPPPAPPPP"] for pupil in PUPILS[:4])],
    "Elm": [["Student id", *DAYS], *([pupil, *"PLPP?PPPEP"] for pupil in PUPILS[4:])],
    "Roster": [["Student id", "Name", "Joined"], *([pupil, f"Pupil {pupil}", DAYS[0]] for pupil in PUPILS)],
    "Owners": [["Class", "Owner"], ["Ash", "someone@example.org"], ["Elm", "other@example.org"]],
    "Actions": [["Student id", "Date", "Action", "By"], [PUPILS[0], DAYS[3], "call", "someone"]],
}
FILLED = {"raw_attendance", "sheet_tabs", "students", "cohorts", "enrolments", "sessions", "attendance_records"}
STEPS = [word for stem in ("00", "01", "02") for word in ("--only", stem)]


@pytest.fixture
def google():
    with SheetsEmulator(time.monotonic) as emulator:
        workbook = Workbook("KEY-of-the-register", [])
        for sheet_id, (title, rows) in enumerate(TABS.items()):
            tab = Tab(sheet_id, title)
            for number, row in enumerate(rows, 1):
                tab.write(number, row)
            workbook.tabs.append(tab)
        emulator.workbook = emulator.add(workbook)
        yield emulator


@pytest.fixture
def run(google, tmp_path):
    """Run as far as silver on a lake, to be killed after so many writes (0: never); return exit code and writes."""
    settings = tmp_path / "hill.yml"
    own = {"sheet": "google:KEY-of-the-register", "google_base_url": google.url, "today": "2026-09-18"}
    settings.write_text(yaml.safe_dump(own), encoding="utf-8")
    secrets = {"GOOGLE_SERVICE_ACCOUNT_JSON": google.key_file, "STUDENT_TRACK_KEY": "a key of this test alone"}

    def run(folder, kill_after=0):
        places = {"STUDENT_TRACK_LAKE": str(folder / "school"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
        command = [sys.executable, "tests/kill_after_writes.py", str(kill_after), "run", "--settings", str(settings)]
        environment = {**os.environ, **secrets, **places}
        done = subprocess.run(
            [*command, *STEPS], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        writes = re.search(r"writes: (.+)", done.stderr)
        assert done.returncode == (-9 if kill_after else 0), done.stderr
        return writes.group(1).split() if writes else []

    return run


def edit(workbook):
    workbook.tab("Ash").title = "Ash 7"
    workbook.tab("Elm").write(2, [PUPILS[4], *"PLPPPPPPEP"])
    workbook.tab("Elm").delete_row(5)
    workbook.edited()


def to_kill_at(writes):
    """Numbers of the writes to kill after: of tables created the first, one in the middle, the last; all others."""
    created = [number for number, name in enumerate(writes, 1) if name == "_create_or_migrate"]
    others = {number for number, name in enumerate(writes, 1) if name != "_create_or_migrate"}
    assert len(others) >= 8  # bronze's, the runner's own, and one per table of silver that differs
    return sorted({created[0], created[len(created) // 2], created[-1], *others})


def test_a_first_run_killed_after_a_write_is_made_good_by_the_next(run, tmp_path):
    writes = run(tmp_path / "whole")
    whole = content(tmp_path / "whole" / "school")
    assert all(whole[name] for name in FILLED)
    for number in to_kill_at(writes):
        run(tmp_path / str(number), kill_after=number)
        run(tmp_path / str(number))
        assert content(tmp_path / str(number) / "school") == whole


def test_a_run_on_an_edited_sheet_killed_after_a_write_is_made_good_by_the_next(run, google, tmp_path):
    run(tmp_path / "before")
    edit(google.workbook)
    copy_lake(tmp_path / "before", tmp_path / "whole")
    writes = run(tmp_path / "whole")
    before, whole = content(tmp_path / "before" / "school"), content(tmp_path / "whole" / "school")
    assert {name for name in FILLED if whole[name] == before[name]} <= {"students"}
    for number in to_kill_at(writes):
        copy_lake(tmp_path / "before", tmp_path / str(number))
        run(tmp_path / str(number), kill_after=number)
        run(tmp_path / str(number))
        assert content(tmp_path / str(number) / "school") == whole
