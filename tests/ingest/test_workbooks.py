"""Workbooks: values, dates, errors and shown zeros as in the sheet; too large ones are refused before they are read."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from student_track.errors import InputError
from student_track.ingest import workbook_parts
from student_track.ingest.sources import Source, read_source
from student_track.ingest.workbook_parts import shown_with_zeros
from student_track.sheets.tab_facts import NO_FACTS, Merge

DATA = Path(__file__).parent / "data"


@pytest.fixture
def grids(tmp_path):
    """Return the tabs of a workbook, by name, after it was written and, if asked for, its parts were changed."""

    def read(book, limit=10_000, name="r.xlsx", **parts):
        book.save(tmp_path / name)
        for part, change in parts.items():
            change_part(tmp_path / name, part, change)
        return {grid.tab: grid for grid in read_source(Source(name, tmp_path / name), limit).grids}

    return read


def change_part(path, name, change):
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, change(content) if Path(part).stem == name else content)


def book_of(*rows, title="7A"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def test_every_tab_with_true_dates_and_texts(grids):
    book = book_of(["Id", date(2026, 9, 7), datetime(2026, 9, 7, 8, 30)], ["0012", "P", True])
    book.create_sheet("7B")
    book.create_chartsheet("Chart")
    tabs = grids(book)
    assert list(tabs) == ["7A", "7B"]
    assert tabs["7A"].cell(1, 2) == ("2026-09-07", "date", "2026-09-07")
    assert tabs["7A"].cell(1, 3).typed == "2026-09-07T08:30:00"
    assert tabs["7A"].cell(2, 1) == ("0012", "text", "")
    assert tabs["7A"].cell(2, 3) == ("TRUE", "boolean", "true")


def test_dates_counted_from_1904_are_the_same_days(grids):
    book = book_of(["Id", date(2026, 9, 7), time(8, 30)])
    book.epoch = CALENDAR_MAC_1904
    tab = grids(book)["7A"]
    assert (tab.cell(1, 2).text, tab.cell(1, 3).text) == ("2026-09-07", "08:30:00")


@pytest.mark.parametrize("piece", [50, workbook_parts.PIECE], ids="pieces of {} bytes".format)
def test_an_error_is_an_error_and_no_blank(grids, monkeypatch, piece):
    monkeypatch.setattr(workbook_parts, "PIECE", piece)
    book = book_of(["Id", "2026-09-07"], ["1", "#DIV/0!"], ["2", None], ["3", "P"])
    book.active["D9"] = "#REF!"
    tab = grids(book)["7A"]
    assert tab.cell(2, 2) == ("#DIV/0!", "error", "")
    assert tab.cell(3, 2).is_blank
    assert tab.cell(9, 4) == ("#REF!", "error", "")


def test_a_formula_is_its_stored_result_and_one_without_a_result_is_an_error(grids):
    book = book_of(["Id", "Mark"], ["1", "=1+1"], ["2", '=IF(1=1,"P","A")'])
    stored = b'<c r="B3" t="str"><f>IF(1=1,"P","A")</f><v>P</v></c>'
    tab = grids(
        book, sheet1=lambda xml: xml[: xml.index(b'<c r="B3"')] + stored + xml[xml.index(b"</row></sheetData") :]
    )["7A"]
    assert tab.cell(2, 2) == ("formula without a result", "error", "")
    assert tab.cell(3, 2) == ("P", "text", "")


def test_text_that_looks_like_a_formula_or_markup_stays_text(grids):
    texts = ["=cmd|' /C calc'!A0", '<c r="A1" t="e"><v>#REF!</v></c>', "+1", "@SUM(1)", "a\x0bb".replace("\x0b", "\t")]
    book = book_of(["Id"], *([text] for text in texts))
    for row in range(2, 7):
        book.active.cell(row, 1).data_type = "s"
    tab = grids(book)["7A"]
    assert [tab.cell(row, 1) for row in range(2, 7)] == [(text, "text", "") for text in texts]


def test_numbers_shown_with_leading_zeros_are_read_as_shown(grids):
    book = book_of(["Id", "Mark"], [123, 5], [7, 0.5], [123456, 1], ["00009", 2])
    for row in range(2, 6):
        book.active.cell(row, 1).number_format = "00000"
    book.active["B2"].number_format = "0.00"
    tab = grids(book)["7A"]
    assert [tab.cell(row, 1)[:2] for row in range(2, 6)] == [
        ("00123", "number"),
        ("00007", "number"),
        ("123456", "number"),
        ("00009", "text"),
    ]
    assert tab.cell(2, 1).typed == "123"
    assert [tab.cell(row, 2).text for row in range(2, 6)] == ["5", "0.5", "1", "2"]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (123, "00000", "00123"),
        (0, "000", "000"),
        (1234567, "00000", "1234567"),
        (-7, "000", "-007"),
        (123, '"S-"0000', "S-0123"),
        (1234567, "000\\-000", "1234-567"),
        (5, "00000;[Red]-00000", "00005"),
    ],
)
def test_a_number_is_shown_by_its_format(number, code, shown):
    assert shown_with_zeros(number, code) == shown


def test_a_tab_larger_than_permitted_is_refused_by_what_it_states(grids):
    def larger(xml):
        assert b'<dimension ref="A1:B1"' in xml
        return xml.replace(b'<dimension ref="A1:B1"', b'<dimension ref="A1:J1000000"')

    with pytest.raises(InputError, match="tab '7A': 1000000 rows of 10 columns are more cells than"):
        grids(book_of(["Id", "2026-09-07"]), 5_000_000, sheet1=larger)


def test_a_tab_that_states_no_size_is_measured_before_it_is_read(grids):
    book = book_of(["Id"])
    book.active["XFD1048576"] = "far"
    with pytest.raises(InputError, match="1048576 rows of 16384 columns are more cells than"):
        grids(book, 5_000_000, sheet1=lambda xml: xml.replace(b'<dimension ref="A1:XFD1048576" />', b""))


def test_a_workbook_that_would_unpack_too_large_is_refused(grids):
    with pytest.raises(InputError, match="unpacked it would be"):
        grids(book_of(["Id"]), 10, styles=lambda xml: xml + b" " * 10_000)


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_damaged_workbook_says_so(tmp_path, cut):
    path = tmp_path / "r.xlsx"
    book_of(*(["Id", "P"] for _ in range(200))).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * cut)])
    with pytest.raises(InputError, match=r"r\.xlsx: the workbook is damaged"):
        read_source(Source("r.xlsx", path), 1000)


def test_a_workbook_with_changed_bytes_says_so(tmp_path):
    path = tmp_path / "r.xlsx"
    book_of(*(["Id", f"P{number}"] for number in range(200))).save(path)
    content = bytearray(path.read_bytes())
    start = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[start : start + 200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"r\.xlsx: the workbook is damaged"):
        read_source(Source("r.xlsx", path), 1000)


@pytest.mark.parametrize("name", ["register.xls", "called.xlsx"])
def test_an_old_binary_workbook_is_read_whatever_it_is_called(tmp_path, name):
    (tmp_path / name).write_bytes((DATA / "register.xls").read_bytes())
    content = read_source(Source(name, tmp_path / name), 1000)
    tab, other = content.grids
    assert (content.read_as, tab.tab, other.tab) == ("XLS", "7A", "Überblick")
    assert [tab.cell(1, column).text for column in (3, 4)] == ["2026-09-07", "2026-09-08"]
    assert tab.cell(2, 1) == ("00123", "text", "")
    assert tab.cell(2, 4) == ("#DIV/0!", "error", "")
    assert tab.cell(5, 6) == ("#N/A", "error", "")
    assert tab.cell(3, 4) == ("TRUE", "boolean", "true")
    assert tab.cell(3, 1) == ("00124", "number", "124")
    assert [tab.cell(row, 1).text for row in range(6, 10)] == ["00005", "00006", "00007", "00008"]
    assert [other.cell(1, 1).text, other.cell(4, 4).text] == ["7", "00003"]


def test_an_old_binary_workbook_that_is_damaged_or_too_large_is_refused(tmp_path):
    content = (DATA / "register.xls").read_bytes()
    (tmp_path / "r.xls").write_bytes(content)
    with pytest.raises(InputError, match="tab '7A': 9 rows of 6 columns are more cells than"):
        read_source(Source("r.xls", tmp_path / "r.xls"), 50)
    for cut in (600, len(content) // 2):
        (tmp_path / "r.xls").write_bytes(content[:cut] + content[-1024:])
        with pytest.raises(InputError, match=r"r\.xls: (the workbook is damaged|is protected by a password, damaged)"):
            read_source(Source("r.xls", tmp_path / "r.xls"), 1000)


@pytest.mark.parametrize("record", [b"\x00\x02\x0e\x00", b"\xfc\x00"], ids=["size of a tab", "count of texts"])
def test_a_number_that_would_end_calamine_and_this_process_is_found_before(tmp_path, record):
    content = bytearray((DATA / "register.xls").read_bytes())
    start = content.index(record, 512 + (0 if len(record) == 4 else 1000)) + 4
    content[start + 3] = 0xA6
    (tmp_path / "r.xls").write_bytes(content)
    with pytest.raises(InputError, match=r"makes no sense|more texts than it has room for"):
        read_source(Source("r.xls", tmp_path / "r.xls"), 1000)


def test_a_workbook_with_a_password_is_told_from_an_old_one(tmp_path):
    for name in ("locked.xlsx", "locked.xls"):
        (tmp_path / name).write_bytes((DATA / "locked.xlsx").read_bytes())
        with pytest.raises(InputError, match=r"is protected by a password\. Save it without one"):
            read_source(Source(name, tmp_path / name), 1000)


def test_a_new_workbook_called_xls_is_read(grids):
    assert grids(book_of(["Id", "P"]), name="r.xls")["7A"].cell(1, 2).text == "P"


def test_merged_cells_of_a_workbook_are_told(grids):
    book = book_of(["id", "7 Sep 2026", None], ["01", "P", "A"])
    book.active.merge_cells("B1:C1")
    book.active.merge_cells("A2:A3")
    book.create_sheet("plain").append(["id"])
    read = grids(book)
    assert sorted(read["7A"].facts.merges) == [Merge(1, 2, 1, 3), Merge(2, 1, 3, 1)]
    assert read["plain"].facts == NO_FACTS
