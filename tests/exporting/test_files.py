"""Names from hell stay text in every file, and a file is its owner's alone, whole or not there."""

import csv
import io
import stat
from datetime import date

import openpyxl
import pandas as pd
import pytest

from student_track.errors import StorageError
from student_track.exporting.files import as_csv, as_xlsx, write_whole

FROM_HELL = [
    "<script>alert(1)</script>",
    "\u202eevil\u202c",
    "אברהם",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "#N/A",
    "http://evil.example",
    "👩‍👩‍👧‍👦",
    "é" * 500,
    'a","=1+1',
]
ROWS = pd.DataFrame({"name": FROM_HELL, "count": [-3] * len(FROM_HELL)}, dtype=object)


def test_texts_of_a_workbook_are_texts_and_come_back_as_they_were():
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(ROWS))).active
    line_ends_of_xml = [name.replace("\r", "\n") for name in FROM_HELL]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == line_ends_of_xml
    assert {cell.data_type for row in sheet.iter_rows() for cell in row[:1]} == {"s"}
    assert {row[1].data_type for row in sheet.iter_rows(min_row=2)} == {"n"}
    assert [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []
    assert sheet.freeze_panes == "A2"


def test_dates_and_shares_of_a_workbook_are_values_with_a_format():
    rows = pd.DataFrame({"since": [date(2026, 11, 20)], "attendance_rate": [0.9]}, dtype=object)
    since, rate = openpyxl.load_workbook(io.BytesIO(as_xlsx(rows))).active[2]
    assert since.is_date
    assert since.value.date() == date(2026, 11, 20)
    assert (rate.value, rate.number_format) == (0.9, "0.0%")


def test_a_csv_starts_no_formula_keeps_numbers_and_is_what_excel_expects():
    content = as_csv(ROWS)
    assert content.startswith(b"\xef\xbb\xbfname,count\r\n")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    assert [row[0].removeprefix("'") for row in read] == FROM_HELL
    starts = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    assert [row[0] for row in read if row[0].lstrip().startswith(starts)] == []
    assert {row[1] for row in read} == {"-3"}


def test_signs_that_a_workbook_cannot_hold_are_replaced():
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(pd.DataFrame({"name": ["a\x00\x1bb"]})))).active
    assert sheet["A2"].value == "a\ufffd\ufffdb"


def test_a_file_is_its_owners_alone_also_where_another_stood(tmp_path):
    path = tmp_path / "new" / "list.csv"
    path.parent.mkdir()
    path.write_text("old")
    path.chmod(0o644)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_an_error_for_people(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="could not be written"):
        write_whole(tmp_path / "file" / "list.csv", b"x")
