"""Marks that come in any order and in any number of readings give the tables that one reading of them all gives."""

import random
from datetime import date, timedelta

import openpyxl
import pytest

from student_track import session
from student_track.settings import load_settings
from tests.lakes import rows
from tests.notebook_runs import run_in_process

DAYS = [date(2026, 9, 7) + timedelta(number) for number in range(26) if number % 7 < 5]
FORMS = {form: [f"{form}{number}" for number in range(5)] for form in ("7A", "7B")}
TABLES = (
    "students",
    "cohorts",
    "enrolments",
    "sessions",
    "attendance_records",
    "quarantine",
    "student_metrics",
    "cohort_metrics",
)
STEMS = ("00_setup_infrastructure", "01_ingest_attendance_bronze", "02_clean_attendance_silver", "03_keymetrics_gold")


def save(path, marks):
    """Write the register with the marks that are known, by form, student and day."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for form, students in FORMS.items():
        sheet = book.create_sheet(form)
        sheet.append(["Student id", *(day.isoformat() for day in DAYS)])
        for student in students:
            sheet.append([student, *(marks.get((form, student, day)) for day in DAYS)])
    book.save(path)


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a function that reads a workbook into a lake, up to its metrics."""
    monkeypatch.setenv("STUDENT_TRACK_KEY", "a key of this test alone")
    path, settings = tmp_path / "register.xlsx", tmp_path / "hill.yml"
    settings.write_text(f'sheet: "{path}"\ntoday: "2026-10-02"\n', encoding="utf-8")

    def read(lake, marks):
        save(path, marks)
        monkeypatch.setenv("STUDENT_TRACK_LAKE", str(lake))
        spark = session.spark(load_settings(str(settings)))
        for stem in STEMS:
            run_in_process(stem, tmp_path, spark, settings=str(settings))

    return read


def split(chosen, cells):
    """The cells in a random order, in two to four batches; the first holds some of every form."""
    order = chosen.sample(cells, len(cells))
    cuts = sorted(chosen.sample(range(len(order) // 3, len(order)), chosen.randint(1, 3)))
    return [order[begin:end] for begin, end in zip([0, *cuts], [*cuts, None], strict=True)]


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 8))])
def test_any_order_and_any_split_of_the_marks_give_equal_tables(read, tmp_path, seed):
    chosen = random.Random(seed)
    cells = [(form, student, day) for form, students in FORMS.items() for student in students for day in DAYS]
    marks = {cell: chosen.choices("PALH?", (12, 4, 1, 1, 0.2))[0] for cell in cells}
    known = {}
    for batch in split(chosen, list(marks)):
        known |= {cell: marks[cell] for cell in batch}
        read(tmp_path / "batches" / "school", known)
    read(tmp_path / "batches" / "school", known)
    read(tmp_path / "at_once" / "school", marks)
    for name in TABLES:
        at_once = rows(tmp_path / "at_once" / "school", name)
        assert at_once
        assert rows(tmp_path / "batches" / "school", name) == at_once, name
