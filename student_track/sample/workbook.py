"""The sample school's workbook, as a school keeps it: title rows, totals, notes, and the mistakes people make."""

import re
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from student_track.sample.marks import Marks, cohort_days, true_marks, untaken_registers
from student_track.sample.school import (
    CLUB,
    GROUPS,
    HOLIDAYS,
    SAMPLE_TODAY,
    SCHOOL_YEARS,
    SEED,
    STAFF_DAY,
    TERMS,
    Pupil,
    pupils,
)

FILE_NAME = "sample-school.xlsx"
STRANGE_MARKS = ("?", "sck", "see note", "P?", "1", "n/a")
COUNT_STRANGE = 15
ZIP_DATE = (2026, 11, 20, 0, 0, 0)
STAFF = (
    "okoro",
    "lindgren",
    "haddad",
    "price",
    "moreau",
    "tanaka",
    "walsh",
    "silva",
    "novak",
    "reid",
    "osei",
    "brandt",
)
ACTIONS = (
    ("call", "No answer, will try again"),
    ("call", "Spoke to a parent"),
    ("letter", "First letter"),
    ("meeting", ""),
)


def ensure_sample_workbook(folder: Path) -> Path:
    """Return the sample school's workbook in a folder, written on first use."""
    path = folder / FILE_NAME
    if not path.exists():
        write_sample_workbook(path)
    return path


def write_sample_workbook(path: Path, students: int = 400, seed: int = SEED, is_noise_only: bool = False) -> None:
    """Write the workbook, whole or not at all; the same number of students and seed give the same bytes.

    With ``is_noise_only``, calendar and people are the same, and nothing can be told from their attendance.
    """
    people = pupils(students, seed, is_noise_only)
    workbook = Workbook(write_only=True)
    marks = true_marks(people, seed)
    untaken = untaken_registers(seed)
    strange = _strange_cells(marks, untaken, seed)
    for group in GROUPS:
        _write_register(workbook, group, people, marks | strange, untaken)
    _write_club(workbook, people, marks)
    _write_roster(workbook, people)
    _write_calendar(workbook)
    _write_owners(workbook)
    _write_actions(workbook, people, seed)
    _save(workbook, path)


def _strange_cells(marks: Marks, untaken: set[tuple[str, date]], seed: int) -> Marks:
    """A few cells hold what is in no code table."""
    random = Random(f"{seed}-strange")  # noqa: S311
    places = [place for place in sorted(marks) if place[1] != CLUB and (place[1], place[2]) not in untaken]
    chosen = random.sample(places, COUNT_STRANGE)
    return {place: STRANGE_MARKS[index % len(STRANGE_MARKS)] for index, place in enumerate(chosen)}


def _write_register(
    workbook: Workbook, group: str, people: list[Pupil], marks: Marks, untaken: set[tuple[str, date]]
) -> None:
    """A wide tab: title, explanation, a header of true dates, one row per student, a row of totals."""
    sheet = workbook.create_sheet(group)
    days = cohort_days(group)
    sheet.append([f"Register of tutor group {group}"])
    sheet.append(["P present, L late, A absent, E excused, H half a day, HE half a day excused"])
    headers: list[Any] = [_dated(sheet, day) for day in days]
    if group == "Cedar":
        headers[-30] = "31 Sept 2026"  # somebody typed a day that does not exist
    sheet.append(["Student id", "Name", *headers, "Days absent"])
    own = [pupil for pupil in people if any(stay.cohort == group for stay in pupil.stays)]
    for pupil in own:
        sheet.append(_register_row(pupil, group, days, marks, untaken))
    for row in _mistaken_rows(group, own, days, marks, untaken):
        sheet.append(row)
    sheet.append([])
    present = [sum(marks.get((pupil.number, group, day)) in ("P", "L") for pupil in own) for day in days]
    sheet.append(["Present", None, *present])


def _register_row(
    pupil: Pupil, group: str, days: list[date], marks: Marks, untaken: set[tuple[str, date]]
) -> list[Any]:
    own = [None if (group, day) in untaken else marks.get((pupil.number, group, day)) for day in days]
    return [pupil.number, pupil.name, *own, sum(mark in ("A", "E") for mark in own)]


def _mistaken_rows(
    group: str, own: list[Pupil], days: list[date], marks: Marks, untaken: set[tuple[str, date]]
) -> list[list[Any]]:
    """A student nobody put on the roster; a student written twice, equal but for one mark."""
    if group == "Hazel":
        return [["009999", "New pupil", *[None] * (len(days) - 12), *["P"] * 12]]
    if group == "Maple":
        twice = _register_row(own[0], group, days, marks, untaken)
        copy = [*twice[:2], *[None] * (len(days) - 5), *twice[-6:-1]]
        copy[-1] = "A" if copy[-1] == "P" else "P"
        return [copy]
    return []


def _write_club(workbook: Workbook, people: list[Pupil], marks: Marks) -> None:
    """A long tab: one row per mark."""
    sheet = workbook.create_sheet("Club register")
    sheet.append(["Student id", "Group", "Date", "Mark"])
    for number, cohort, day in sorted(place for place in marks if place[1] == CLUB):
        sheet.append([number, cohort, _dated(sheet, day), marks[number, cohort, day]])


def _write_roster(workbook: Workbook, people: list[Pupil]) -> None:
    sheet = workbook.create_sheet("Roster")
    sheet.append(["Student id", "Name", "Class", "Joined", "Left"])
    for pupil in people:
        for stay in pupil.stays:
            left = _dated(sheet, stay.left) if stay.left else None
            sheet.append([pupil.number, pupil.name, stay.cohort, _dated(sheet, stay.joined), left])


def _write_calendar(workbook: Workbook) -> None:
    sheet = workbook.create_sheet("Calendar")
    sheet.append(["Type", "Name", "From", "To", "Weekdays", "Cohort"])
    for kind, entries in (
        ("school year", SCHOOL_YEARS),
        ("term", TERMS),
        ("school days", TERMS),
        ("holiday", HOLIDAYS),
    ):
        weekdays = "Mon-Fri" if kind == "school days" else None
        for name, first, last in entries:
            sheet.append([kind, name, _dated(sheet, first), _dated(sheet, last), weekdays, None])
    for name, first, last in TERMS[3:]:
        sheet.append(["school days", name, _dated(sheet, first), _dated(sheet, last), "Tue Thu", CLUB])
    sheet.append(["cancelled", "Staff day", _dated(sheet, STAFF_DAY), None, None, None])


def _write_owners(workbook: Workbook) -> None:
    sheet = workbook.create_sheet("Owners")
    sheet.append(["Cohort", "Owner", "Deputy", "Teacher"])
    for index, cohort in enumerate((*GROUPS, CLUB)):
        deputy = STAFF[(index + 1) % len(STAFF)]
        sheet.append([cohort, f"{STAFF[index]}@example.org", f"{deputy}@example.org", f"{STAFF[index]}@example.org"])


def _write_actions(workbook: Workbook, people: list[Pupil], seed: int) -> None:
    """A log of what staff did about students who are often away."""
    sheet = workbook.create_sheet("Actions")
    sheet.append(["Student id", "Date", "Action", "By", "Note"])
    random = Random(f"{seed}-actions")  # noqa: S311
    often_away = [pupil for pupil in people if pupil.absence > 0.1 or pupil.declines_from]
    days = cohort_days(GROUPS[0])[-25:]
    for index, pupil in enumerate(often_away[:14]):
        kind, note = ACTIONS[index % len(ACTIONS)]
        person = f"{STAFF[index % len(STAFF)]}@example.org"
        sheet.append([pupil.number, _dated(sheet, random.choice(days)), kind, person, note or None])


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
