"""What people write into a Google Sheet, by gspread and the emulator as far as the marks (C2, C3, C6, C8, C11)."""

from datetime import date
from pathlib import Path

import pytest

from student_track.ingest.google_http import connect
from student_track.ingest.google_sheets import GoogleSheet
from student_track.policy import load_policy
from student_track.sheets import KnownMarks, load_contract, read_tab

PARAMS = Path(__file__).parent.parent.parent / "params"
MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


@pytest.fixture
def read(emulator, clock):
    """Return a function that writes rows into a spreadsheet, reads it by gspread, and returns what its tab says."""
    contract = load_contract(PARAMS / "sheet.yml")
    known_marks = KnownMarks(load_policy(PARAMS / "policy.yml"))

    def read(*rows, merges=(), **traits):
        emulator.add_tab(list(rows), **traits).tabs[0].merges = list(merges)
        sheet = GoogleSheet("KEY", connect(emulator.key_file, emulator.url, clock=clock), MONDAY)
        (grid,) = sheet.read_grids(1_000_000)
        return read_tab(grid, contract, known_marks)

    return read


def marks(reading):
    return [(mark.student_id, mark.session_date, mark.mark) for mark in reading.marks]


@pytest.mark.parametrize(
    "header",
    [
        ["Student id", "Date", "Mark"],
        ["\u00a0STUDENT\u00a0ID ", "session  date", "Status"],
        ["Ｓｔｕｄｅｎｔ ｉｄ", "DATE", "márk"],
    ],
)
def test_a_header_is_known_by_any_of_its_words_however_written(read, header):
    assert marks(read(header, ["00123", MONDAY, "P"])) == [("00123", MONDAY, "P")]


def test_a_sheet_without_its_header_is_no_register(read):
    found = read(["00123", "P"], ["00124", "A"])
    assert (found.recognition.kind, found.marks) == ("ignored", [])


def test_a_needed_header_twice_stops_and_another_one_does_not(read):
    asked = read(["id", "Date", "Mark", "Mark"], ["00123", MONDAY, "P", "A"])
    assert (asked.recognition.question, asked.marks) == ("columns C and D have the same header, and differ", [])
    found = read(["id", "Date", "Mark", "Note", "Note"], ["00123", MONDAY, "P", "x", "y"])
    assert marks(found) == [("00123", MONDAY, "P")]


def test_one_name_in_two_spellings_of_unicode_is_one_student(read):
    found = read(
        ["Name", MONDAY, TUESDAY], ["Zo\u00eb", "P", None], ["Zoe\u0308", None, "A"], ["\u200bZo\u00eb ", "P", None]
    )
    assert {student for student, _, _ in marks(found)} == {"Zo\u00eb"}


@pytest.mark.parametrize("name", ["محمد علي", "נועה", "x" * 50_000, "\u202eevil\u202c", "👩\u200d👩\u200d👧"])
def test_any_name_is_a_student_of_its_own(read, name):
    found = read(["Name", MONDAY], [name, "P"], ["Ann", "A"])
    assert len(found.students) == 2
    assert [mark for _, _, mark in marks(found)] == ["P", "A"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<!channel>", "*x*", ":smile:", "=1+1", "+1", "@SUM(A1)"]
)
def test_markup_is_text(read, text):
    assert marks(read(["id", MONDAY], ["00123", text], ["00124", "P"]))[0] == ("00123", MONDAY, text)


def test_a_student_who_is_not_merged_is_a_question_of_its_rows_and_no_guess(read):
    found = read(["id", "Date", "Mark"], ["00123", MONDAY, "P"], [None, TUESDAY, "A"])
    assert marks(found) == [("00123", MONDAY, "P")]
    assert [(problem.reason, problem.count_marks) for problem in found.problems] == [("missing_student", 1)]


def test_a_merged_student_stands_for_all_its_rows(read):
    block = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
    found = read(["id", "Date", "Mark"], ["00123", MONDAY, "P"], [None, TUESDAY, "A"], merges=[block])
    assert marks(found) == [("00123", MONDAY, "P"), ("00123", TUESDAY, "A")]
    assert found.problems == []


def test_merged_dates_above_half_days(read):
    blocks = [
        {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": column, "endColumnIndex": column + 2}
        for column in (1, 3)
    ]
    found = read(
        *(["id", MONDAY, None, TUESDAY], [None, "AM", "PM", "AM", "PM"], ["00123", "P", "A", "P", "P"]), merges=blocks
    )
    assert [(mark.session_date, mark.period, mark.mark) for mark in found.marks] == [
        *((MONDAY, "AM", "P"), (MONDAY, "PM", "A"), (TUESDAY, "AM", "P"), (TUESDAY, "PM", "P")),
    ]


@pytest.mark.parametrize(("locale", "day"), [("en_GB", date(2026, 4, 3)), ("en_US", date(2026, 3, 4))])
def test_a_text_that_can_be_two_dates_is_read_in_the_sheets_locale(read, locale, day):
    assert marks(read(["id", "Date", "Mark"], ["00123", "03/04/2026", "P"], locale=locale)) == [("00123", day, "P")]
