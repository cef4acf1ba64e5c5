"""The template is read by our own reader as it is: filled without quarantine, empty with a clear message."""

import stat
from datetime import datetime

import openpyxl
import pytest

from student_track.policy import load_policy
from tests.lakes import UP_TO_METRICS, rows


@pytest.fixture
def template(student_track, tmp_path):
    """The template as the command writes it for the sample school's day."""
    path = tmp_path / "template.xlsx"
    code, _, complaint = student_track("template", "--out", str(path), "--settings", "params/sample.yml")
    assert code == 0, complaint
    return path


@pytest.fixture
def filled(template):
    """Two students with three marks, as the sheet's owner would enter them."""
    workbook = openpyxl.load_workbook(template)
    workbook["Class A"]["A2"], workbook["Class A"]["B2"] = "001", "Ann Lee"
    workbook["Class A"]["A3"], workbook["Class A"]["B3"] = "002", "Ben Orr"
    for cell, mark in (("C2", "P"), ("D2", "A"), ("C3", "L")):
        workbook["Class A"][cell] = mark
    for number, name in (("001", "Ann Lee"), ("002", "Ben Orr")):
        line = int(number) + 1
        for column, value in enumerate((number, name, "Class A", datetime(2026, 9, 1)), start=1):
            workbook["Roster"].cell(line, column, value)
    calendar = ("school year", "2026/27", datetime(2026, 9, 1), datetime(2027, 7, 16))
    for column, value in enumerate(calendar, start=1):
        workbook["Calendar"].cell(2, column, value)
    for column, value in enumerate(("Class A", "tutor@example.org"), start=1):
        workbook["Owners"].cell(2, column, value)
    for column, value in enumerate(("001", datetime(2026, 11, 17), "call", "tutor@example.org"), start=1):
        workbook["Actions"].cell(2, column, value)
    workbook.save(template)
    return template


def test_the_marks_offered_are_the_policys(template, config):
    (offered,) = openpyxl.load_workbook(template)["Class A"].data_validations.dataValidation
    codes = load_policy(config.policy_path).codes.values()
    assert offered.formula1.strip('"').split(",") == [code.marks[0] for code in codes]
    assert stat.S_IMODE(template.stat().st_mode) == 0o600


def test_the_filled_template_is_read_without_quarantine(filled, student_track, own_lake, tmp_path):
    settings = tmp_path / "hill.yml"
    settings.write_text(f'sheet: "{filled}"\ntoday: "2026-11-20"\n', encoding="utf-8")
    code, _, complaint = student_track("run", "--settings", str(settings), *UP_TO_METRICS)
    assert code == 0, complaint
    assert not rows(own_lake, "quarantine")
    records = sorted((row[3], row[6]) for row in rows(own_lake, "attendance_records").elements())
    assert len(records) == 3, records
    assert sorted(state for _, state in records) == ["absent", "present", "present"]
    assert sum(rows(own_lake, "students").values()) == 2
    assert sum(rows(own_lake, "actions").values()) == 1


def test_the_tabs_are_taken_for_what_they_are(filled, student_track):
    code, said, complaint = student_track("inspect", "--sheet", str(filled))
    assert code == 0, complaint
    for tab, kind in (("Class A", "attendance, wide"), *((name, name.lower()) for name in ("Roster", "Calendar"))):
        assert f'tab "{tab}": {kind}' in said, said


def test_the_empty_template_ends_with_a_message(template, student_track):
    code, said, complaint = student_track("run", "--sheet", str(template), *UP_TO_METRICS)
    assert code == 2, said + complaint
    assert "Traceback" not in complaint
    assert len(complaint) > 40


def test_nothing_is_overwritten(template, student_track):
    code, _, complaint = student_track("template", "--out", str(template))
    assert (code, "nothing is overwritten" in complaint) == (2, True)
