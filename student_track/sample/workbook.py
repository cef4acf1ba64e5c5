"""The sample school's workbook, as a school keeps it: title rows, totals, notes, and the mistakes people make."""

import re
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from student_track.sample.actions import logged_actions
from student_track.sample.calendar import HOLIDAYS, SAMPLE_TODAY, SCHOOL_YEARS, STAFF_DAY, TERMS
from student_track.sample.marks import Marks, true_marks
from student_track.sample.names import STAFF
from student_track.sample.registers import BAD_DATE, Register, registers
from student_track.sample.school import CLUB, Pupil, School, pupils

FILE_NAME = "sample-school.xlsx"
DEFAULT = School()
ZIP_DATE = (2026, 11, 20, 0, 0, 0)


def ensure_sample_workbook(folder: Path) -> Path:
    """Return the sample school's workbook in a folder, written on first use."""
    path = folder / FILE_NAME
    if not path.exists():
        write_sample_workbook(path)
    return path


def write_sample_workbook(path: Path, school: School = DEFAULT) -> None:
    """Write a school's workbook, whole or not at all; equal schools give the same bytes."""
    people = pupils(school)
    marks = true_marks(people, school)
    workbook = Workbook(write_only=True)
    for register in registers(school, people, marks):
        _write_register(workbook, register)
    if school.effects.second_cohorts:
        _write_club(workbook, marks)
    _write_roster(workbook, people, school)
    _write_calendar(workbook, school)
    _write_owners(workbook, school)
    _write_actions(workbook, people, school)
    _save(workbook, path)


def _write_register(workbook: Workbook, register: Register) -> None:
    """A wide tab: title, explanation, a header of true dates, one row per student, a row of totals."""
    sheet = workbook.create_sheet(register.group)
    sheet.append([f"Register of tutor group {register.group}"])
    sheet.append(["P present, L late, A absent, E excused, H half a day, HE half a day excused"])
    headers: list[Any] = [BAD_DATE if day == register.bad_day else _dated(sheet, day) for day in register.days]
    sheet.append(["Student id", "Name", *headers, "Days absent"])
    for line in register.lines:
        total = [sum(mark in ("A", "E") for mark in line.marks)] if line.has_total else []
        sheet.append([line.number, line.name, *line.marks, *total])
    sheet.append([])
    sheet.append(["Present", None, *register.present])


def _write_club(workbook: Workbook, marks: Marks) -> None:
    """A long tab: one row per mark."""
    sheet = workbook.create_sheet("Club register")
    sheet.append(["Student id", "Group", "Date", "Mark"])
    for number, cohort, day in sorted(place for place in marks if place[1] == CLUB):
        sheet.append([number, cohort, _dated(sheet, day), marks[number, cohort, day]])


def _write_roster(workbook: Workbook, people: list[Pupil], school: School) -> None:
    sheet = workbook.create_sheet("Roster")
    has_plans = school.effects.subgroup_bias
    sheet.append(["Student id", "Name", "Class", "Joined", "Left", *(["Support plan"] if has_plans else [])])
    for pupil in people:
        plan = ["yes" if pupil.has_support_plan else "no"] if has_plans else []
        for stay in pupil.stays:
            left = _dated(sheet, stay.left) if stay.left else None
            sheet.append([pupil.number, pupil.name, stay.cohort, _dated(sheet, stay.joined), left, *plan])


def _write_calendar(workbook: Workbook, school: School) -> None:
    sheet = workbook.create_sheet("Calendar")
    sheet.append(["Type", "Name", "From", "To", "Weekdays", "Cohort"])
    for kind, entries in (
        ("school year", SCHOOL_YEARS),
        ("term", TERMS),
        ("school days", TERMS),
        ("holiday", HOLIDAYS if school.effects.holidays else ()),
    ):
        weekdays = "Mon-Fri" if kind == "school days" else None
        for name, first, last in entries:
            sheet.append([kind, name, _dated(sheet, first), _dated(sheet, last), weekdays, None])
    for name, first, last in TERMS[3:] if school.effects.second_cohorts else ():
        sheet.append(["school days", name, _dated(sheet, first), _dated(sheet, last), "Tue Thu", CLUB])
    if school.effects.holidays:
        sheet.append(["cancelled", "Staff day", _dated(sheet, STAFF_DAY), None, None, None])


def _write_owners(workbook: Workbook, school: School) -> None:
    sheet = workbook.create_sheet("Owners")
    sheet.append(["Cohort", "Owner", "Deputy", "Teacher"])
    for index, cohort in enumerate(school.cohorts):
        owner, deputy = (f"{STAFF[place % len(STAFF)]}@example.org" for place in (index, index + 1))
        sheet.append([cohort, owner, deputy, owner])


def _write_actions(workbook: Workbook, people: list[Pupil], school: School) -> None:
    sheet = workbook.create_sheet("Actions")
    sheet.append(["Student id", "Date", "Action", "By", "Note"])
    for action in logged_actions(people, school):
        sheet.append([action.number, _dated(sheet, action.day), action.kind, action.person, action.note or None])


def _dated(sheet: WriteOnlyWorksheet, day: date) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, day)
    cell.number_format = "dd/mm/yyyy"
    return cell


def _save(workbook: Workbook, path: Path) -> None:
    """Save with the sample's day instead of the clock, so that the same school is the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    moment = datetime.combine(SAMPLE_TODAY, datetime.min.time())
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        saved, packed = Path(folder) / "saved.xlsx", Path(folder) / "packed.xlsx"
        workbook.save(saved)
        with (
            zipfile.ZipFile(saved) as parts,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        ):
            for name in parts.namelist():
                content = parts.read(name)
                if name == "docProps/core.xml":
                    content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{moment.isoformat()}Z".encode(), content)
                target.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
        packed.replace(path)
