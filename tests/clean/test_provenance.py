"""Why: the cell behind a mark with its versions, or plainly why there is none; one lake, its sheet edited once."""

import os
import re
from datetime import date

import openpyxl
import pytest

from student_track import session
from student_track.clean.provenance import why
from student_track.lake_key import student_key_secret
from student_track.settings import load_settings
from tests.notebook_runs import run_in_process

NOTEBOOKS = ("00_setup_infrastructure", "01_ingest_attendance_bronze", "02_clean_attendance_silver")
DAYS = [date(2026, 9, day) for day in (7, 8, 9, 10, 11, 14)]
ROSTER = [
    ["Id", "Name", "Class", "Joined", "Left"],
    ["001", "Ann Secret", "7A", date(2026, 9, 1), None],
    ["002", "Ben Hidden", "7A", date(2026, 9, 9), None],
    ["003", "Cyd Private", "7A", date(2026, 9, 1), date(2026, 9, 10)],
]
REGISTER = [
    ["Id", *DAYS],
    ["001", "A", "P", "L", None, "H"],
    ["002", None, None, "P", None, "A"],
    ["003", "P", "\u202e?", None, None, "P"],
    ["0999", "P", None, None, None, None],
]
CALENDAR = [
    ["Type", "Name", "From", "To"],
    ["cancelled", "Staff day", date(2026, 9, 14), None],
    ["school days", "Autumn", date(2026, 9, 7), date(2026, 9, 18)],
]


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Ask why about a lake whose sheet was read twice: 001 was absent on Monday, and present on Tuesday, at first."""
    folder = tmp_path_factory.mktemp("why")
    settings = folder / "hill.yml"
    settings.write_text(f'sheet: "{folder}/r.xlsx"\ntoday: "2026-11-20"\nstudent_key_from: "env:WHY_KEY"\n')
    former = {name: os.environ.get(name) for name in ("STUDENT_TRACK_LAKE", "WHY_KEY")}
    os.environ |= {"STUDENT_TRACK_LAKE": str(folder / "lake"), "WHY_KEY": "a secret of these tests"}
    config = load_settings(settings)
    spark = session.spark(config)
    secret = student_key_secret(config)
    write(folder / "r.xlsx", REGISTER)
    run(folder, NOTEBOOKS, settings, spark)
    edited = [list(row) for row in REGISTER]
    edited[1][1:3] = ["P", None]
    write(folder / "r.xlsx", edited)
    run(folder, NOTEBOOKS[1:], settings, spark)
    yield lambda student_id, day: why(spark, secret, student_id, day)
    for name, value in former.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


def write(path, register):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (("7A", register), ("Students", ROSTER), ("Calendar", CALENDAR)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def run(folder, notebooks, settings, spark):
    for stem in notebooks:
        run_in_process(stem, folder, spark, settings=str(settings))


def test_an_edited_cell_shows_its_versions_newest_first(ask):
    heading, record, cell, newest, oldest = ask("001", DAYS[0]).splitlines()
    assert heading == "Student 001, Monday 7 September 2026"
    assert record == "7A|2026-09-07: present, mark “P”"
    assert cell == "  r.xlsx, tab 7A, cell B2"
    assert re.fullmatch(r"    version 2, read 20\d\d-\d\d-\d\d \d\d:\d\d UTC: “P”", newest)
    assert re.fullmatch(r"    version 1, read 20\d\d-\d\d-\d\d \d\d:\d\d UTC: “A”", oldest)


def test_a_cleared_cell_shows_what_stood_in_it(ask):
    said = ask("001", DAYS[1])
    assert "7A|2026-09-08: unknown: the register" in said
    assert "cell C2" in said
    assert said.splitlines()[-2].endswith("emptied or removed")
    assert said.splitlines()[-1].endswith("“P”")


@pytest.mark.parametrize(
    ("student_id", "day", "said"),
    [
        ("001", 9, "present, mark “L”, late"),
        ("001", 11, "partial, mark “H”, 1/2 missed"),
        ("001", 10, "unknown: the register was not taken, no mark of any student stands in it"),
        ("001", 14, "the session was cancelled"),
        ("001", 19, "7A: there is no session on this date"),
        ("002", 7, "not enrolled on this date, but from 2026-09-09 to further notice"),
        ("003", 9, "unknown: the register was taken, and no mark of this student stands in it"),
        ("003", 11, "present, mark “P”, kept, not counted: outside the declared enrolment"),
        ("404", 7, "There is no student with this id"),
        ("1", 7, "Did you mean 001? Leading zeros count."),
        ("0999", 7, "It stands in r.xlsx, tab 7A, cell A5, in quarantine since 20"),
    ],
)
def test_what_is_known_or_why_nothing_is(ask, student_id, day, said):
    assert said in ask(student_id, date(2026, 9, day))


def test_a_mark_in_quarantine_is_shown_with_what_to_do_and_harmless(ask):
    said = ask("003", DAYS[1])
    assert "unknown, in quarantine (unknown_mark) since 20" in said
    assert "write a mark of the code table" in said
    assert "“⟨U+202E⟩?”" in said
    assert "\u202e" not in said


def test_no_name_is_told(ask):
    told = "".join(ask(student, day) for student in ("001", "002", "003", "0999") for day in DAYS)
    assert not any(word in told for row in ROSTER[1:] for word in row[1].split())
