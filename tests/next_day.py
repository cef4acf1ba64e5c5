"""The day after the sample school's last one: a column more in every register, and settings whose today it is."""

from datetime import date
from pathlib import Path

import openpyxl

from student_track.sample.school import GROUPS
from tests.lakes import ROOT

MONDAY = date(2026, 11, 23)
HEADER_ROW = 3


def add_a_day(workbook: Path) -> None:
    """Mark everybody in every register for one day more: the first student absent, the others present."""
    book = openpyxl.load_workbook(workbook)
    for group in GROUPS:
        sheet = book[group]
        column = sheet.max_column + 1
        sheet.cell(HEADER_ROW, column, MONDAY)
        students = [row for row in range(HEADER_ROW + 1, sheet.max_row + 1) if str(sheet.cell(row, 1).value).isdigit()]
        for place, row in enumerate(students):
            sheet.cell(row, column, "A" if place == 0 else "P")
    book.save(workbook)


def settings_of_the_next_day(folder: Path) -> str:
    """The sample school's settings with that day as today."""
    text = (ROOT / "params" / "sample.yml").read_text(encoding="utf-8")
    path = folder / "next_day.yml"
    path.write_text(text.replace("2026-11-20", MONDAY.isoformat()), encoding="utf-8")
    return str(path)
