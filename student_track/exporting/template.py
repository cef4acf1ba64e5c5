"""An empty workbook for the sheet's owner, in the layout that is read without a question."""

import io
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from student_track.exporting.files import write_whole
from student_track.policy import Policy

ROWS = 200
"""Rows that are prepared in each tab."""
REGISTER_DAYS = 20
CALENDAR_TYPES = ("school year", "term", "school days", "holiday", "cancelled")
DATE_FORMAT = "dd/mm/yyyy"
TEXT_FORMAT = "@"
READ_ME = (
    "How to use this workbook",
    "Class A: one row per student, one column per school day. Copy the tab for each class: its name is the class.",
    "Write further school days as dates into the first row.",
    "Leave a cell empty while the register is not taken: empty is unknown.",
    "Roster: one row per student and class, with the day of joining, and the day of leaving once there is one.",
    "Calendar: the school year, terms and holidays. Owners: who looks after each class.",
    "Actions: calls, letters, meetings.",
    "Keep student ids as they are, zeros in front included. An id belongs to one student for ever.",
    "You can insert columns, sort rows and mend a mark at any time: the next run takes the change over.",
    "What cannot be understood is never guessed. It is listed with its cell on the fix-it page; mend it here.",
    "Marks in the register:",
)


def write_template(path: Path, policy: Policy, first_day: date) -> None:
    """Write the workbook, its register from the Monday of a week on; raise StorageError where that cannot be done."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    marks = {name: code.marks[0] for name, code in policy.codes.items() if code.marks}
    _write_read_me(workbook.create_sheet("Read me"), marks)
    _write_register(workbook.create_sheet("Class A"), list(marks.values()), first_day)
    _write_table(workbook.create_sheet("Roster"), ["Student id", "Name", "Class", "Joined", "Left"], dates=(4, 5))
    calendar = workbook.create_sheet("Calendar")
    _write_table(calendar, ["Type", "Name", "From", "To", "Weekdays", "Cohort"], dates=(3, 4))
    _offer(calendar, f"A2:A{ROWS}", CALENDAR_TYPES)
    _write_table(workbook.create_sheet("Owners"), ["Cohort", "Owner", "Deputy", "Teacher"])
    actions = workbook.create_sheet("Actions")
    _write_table(actions, ["Student id", "Date", "Action", "By", "Note"], dates=(2,))
    _offer(actions, f"C2:C{ROWS}", sorted({kind for rung in policy.ladder for kind in rung.satisfied_by}))
    out = io.BytesIO()
    workbook.save(out)
    write_whole(path, out.getvalue())


def _write_read_me(sheet: Worksheet, marks: dict[str, str]) -> None:
    for line in (*READ_ME, *(f"{mark}: {name.replace('_', ' ')}" for name, mark in marks.items())):
        sheet.append([line])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True)
    sheet.column_dimensions["A"].width = 100


def _write_register(sheet: Worksheet, marks: list[str], first_day: date) -> None:
    monday = first_day - timedelta(days=first_day.weekday())
    days = [day for offset in range(REGISTER_DAYS * 2) if (day := monday + timedelta(days=offset)).weekday() < 5]
    days = days[:REGISTER_DAYS]
    _write_table(sheet, ["Student id", "Name"])
    for column, day in enumerate(days, start=3):
        sheet.cell(1, column, day).number_format = DATE_FORMAT
        sheet.column_dimensions[get_column_letter(column)].width = 12
    sheet.freeze_panes = "C2"
    _offer(sheet, f"C2:{get_column_letter(len(days) + 2)}{ROWS}", marks)


def _write_table(sheet: Worksheet, headers: list[str], dates: tuple[int, ...] = ()) -> None:
    """Names of columns, and cells prepared for them: ids as texts, so that leading zeros stay."""
    sheet.append(headers)
    sheet.freeze_panes = "A2"
    for column, header in enumerate(headers, start=1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 18
        kept_as = DATE_FORMAT if column in dates else TEXT_FORMAT if header == "Student id" else None
        for row in range(2, ROWS + 1) if kept_as else ():
            sheet.cell(row, column).number_format = kept_as


def _offer(sheet: Worksheet, cells: str, words: list[str] | tuple[str, ...]) -> None:
    """Offer a list of words in cells; another one is warned of and may be kept, for the policy knows more spellings."""
    offered = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, errorStyle="warning")
    offered.error = "This word is not in the list. Another spelling that the policy knows is fine."
    offered.showErrorMessage = True
    sheet.add_data_validation(offered)
    offered.add(cells)
