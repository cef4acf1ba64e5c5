"""Sources: found by name, opened or refused with the reason."""

import pytest

from student_track.errors import InputError
from student_track.ingest import Source, changed_sources, find_sources, read_source

CSV = "student_id,date,mark\n0012,2026-09-07,P\n"


@pytest.fixture
def file(tmp_path):
    def write(name, content=CSV, encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding))
        return path

    return write


def texts(path, limit=1000):
    (grid,) = read_source(Source(path.name, path), limit).grids
    return [[cell.text for cell in row] for row in grid.rows]


def test_a_folder_gives_every_sheet_in_it_by_its_path(file, tmp_path):
    file("year/7A.csv")
    file("year/7B/autumn.csv")
    file("year/.hidden.csv")
    file("year/notes.txt")
    assert [source.source_id for source in find_sources((tmp_path / "year",))] == ["7A.csv", "7B/autumn.csv"]


def test_two_files_of_one_name_are_refused(file, tmp_path):
    with pytest.raises(InputError, match=r"Two files are called 7A\.csv"):
        find_sources((file("one/7A.csv"), file("two/7A.csv")))


def test_hidden_and_temporary_files_in_a_folder_are_left_out(file, tmp_path):
    for name in ("7A.csv", "~$7A.xlsx", ".~lock.7A.csv#", "._7A.csv", ".git/7B.csv", "__notes__/7C.TSV"):
        file(f"year/{name}")
    assert [source.source_id for source in find_sources((tmp_path / "year",))] == ["7A.csv", "__notes__/7C.TSV"]


def test_a_file_that_cannot_be_opened_is_named_among_many(file, tmp_path):
    file("year/7A.csv")
    (tmp_path / "year" / "7B.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(InputError, match=r"year/7B\.xlsx: the workbook is damaged"):
        [read_source(source, 1000) for source in find_sources((tmp_path / "year",))]


def test_a_file_gone_since_it_was_found_is_named(file):
    (source,) = find_sources((file("7A.csv"),))
    source.path.unlink()
    for ask in (source.fingerprint, lambda: read_source(source, 1000)):
        with pytest.raises(InputError, match=r"7A\.csv: the file cannot be opened"):
            ask()


def test_a_larger_sheet_than_permitted_is_refused(file):
    with pytest.raises(InputError, match=r"`largest_sheet_cells` \(5\)"):
        texts(file("a.csv"), limit=5)


@pytest.mark.parametrize("content", ["", "\n\n", " , \n,,\n"])
def test_a_file_with_nothing_in_it_is_refused(file, content):
    with pytest.raises(InputError, match="there is nothing in it"):
        texts(file("a.csv", content))


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("7A.xls", b"\xef\xbb\xbf\r\n<HTML><table><tr><td>Name</td></tr></table></HTML>", "is a web page"),
        ("7A.xls", "<table><tr><td>Name</td></tr></table>".encode("utf-16"), "is a web page"),
        ("7A.xls", b'<?xml version="1.0"?><html xmlns="x"><table/></html>', "is a web page"),
        ("7A.xls", b'<?xml version="1.0"?><?mso-application?><Workbook xmlns="urn:schemas-microsoft-com:office:'
         b'spreadsheet"/>', "is an XML spreadsheet of 2003"),
        ("7A.csv", b"%PDF-1.7", "no XLSX or CSV file but a PDF"),
        ("7A.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected by a password, damaged, or no"),
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_called_by_its_name(tmp_path, name, content, complaint):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=complaint) as refused:
        texts(tmp_path / name)
    assert "save" in str(refused.value).lower()


def test_a_text_file_is_read_as_one_whatever_it_is_called(file):
    assert texts(file("7A.xls", CSV.replace(",", "\t")))[1] == ["0012", "2026-09-07", "P"]


def test_how_a_source_was_read_is_said(file):
    assert read_source(Source("a.csv", file("a.csv", CSV, "utf-16")), 1000).read_as == "UTF-16, comma"


def test_only_sources_with_other_content_are_read_again(file):
    sources = find_sources((file("a.csv"), file("b.csv", CSV + "\n")))
    known = {source.source_id: source.fingerprint() for source in sources}
    assert changed_sources(sources, known) == {}
    assert set(changed_sources(sources, {**known, "b.csv": "other"})) == {"b.csv"}
