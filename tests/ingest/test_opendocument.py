"""ODS: cells as displayed and typed, errors as errors, what is repeated counted before it is made."""

import zipfile

import pytest

from student_track.errors import InputError
from student_track.ingest.sources import Source, read_source

NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
SPACES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())
DOCUMENT = (
    "<office:document-content {}><office:body><office:spreadsheet>{}"
    "</office:spreadsheet></office:body></office:document-content>"
)


def cell(text, attributes='office:value-type="string"'):
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells, times=1):
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def empty(times):
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


@pytest.fixture
def grids(tmp_path):
    def read(*tables, limit=1000, manifest="<manifest/>"):
        body = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in tables)
        with zipfile.ZipFile(tmp_path / "r.ods", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", DOCUMENT.format(SPACES, body))
            archive.writestr("META-INF/manifest.xml", manifest)
        return read_source(Source("r.ods", tmp_path / "r.ods"), limit).grids

    return read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (cell("0012"), ("0012", "text", "")),
        (cell("00123", 'office:value-type="float" office:value="123"'), ("00123", "number", "123")),
        (cell("12,5", 'office:value-type="float" office:value="12.5"'), ("12,5", "number", "12.5")),
        (cell("7.9.26", 'office:value-type="date" office:date-value="2026-09-07"'),
         ("2026-09-07", "date", "2026-09-07")),
        (cell("WAHR", 'office:value-type="boolean" office:boolean-value="true"'), ("TRUE", "boolean", "true")),
        (cell("08:30", 'office:value-type="time" office:time-value="PT08H30M00S"'), ("08:30", "text", "")),
        (cell("#DIV/0!", 'office:value-type="string" office:string-value="" calcext:value-type="error"'),
         ("#DIV/0!", "error", "")),
        (cell("Err:502"), ("Err:502", "error", "")),
        (cell('a<text:s text:c="2"/>b'), ("a  b", "text", "")),
        (cell("O&apos;Brien &lt;b&gt;"), ("O'Brien <b>", "text", "")),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_displayed_and_typed(grids, written, read):
    (tab,) = grids(("7A", row(written)))
    assert tab.cell(1, 1) == read


def test_what_is_repeated_stands_where_it_is_displayed(grids):
    rows = row(cell("Id"), empty(2), cell("P"), empty(16000)) + row(empty(16384), times=3) + row(cell("1"), times=2)
    first, second = grids(("7A", rows + row(empty(16384), times=1_000_000)), ("7B", row(cell("x"))))
    assert [(place[0], place[1], place[2].text) for place in first.filled()] == [
        (1, 1, "Id"),
        (1, 4, "P"),
        (5, 1, "1"),
        (6, 1, "1"),
    ]
    assert (len(first.rows), first.width, second.tab) == (6, 4, "7B")


def test_what_lies_under_a_merged_cell_is_not_displayed(grids):
    covered = '<table:covered-table-cell office:value-type="string"><text:p>A</text:p></table:covered-table-cell>'
    (tab,) = grids(("7A", row(cell("P"), covered, cell("L"))))
    assert [tab.cell(1, column).text for column in (1, 2, 3)] == ["P", "", "L"]


def test_a_few_words_that_stand_for_millions_of_cells_are_refused_unmade(grids):
    many = 'office:value-type="string" table:number-columns-repeated="10000"'
    with pytest.raises(InputError, match="tab '7A': 1000000 rows of 10000 columns are more cells than"):
        grids(("7A", row(cell("P", many), times=1_000_000)), limit=5_000_000)


def test_a_protected_or_damaged_file_says_so(grids):
    with pytest.raises(InputError, match="is protected by a password"):
        grids(("7A", row(cell("P"))), manifest="<manifest><encryption-data/></manifest>")
    with pytest.raises(InputError, match="the spreadsheet is damaged"):
        grids(("7A", row(cell("<text:p>"))))
