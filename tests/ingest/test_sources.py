"""Sources: found by name, opened or refused with the reason."""

from datetime import date

import openpyxl
import pytest

from student_track.errors import InputError
from student_track.ingest import Source, changed_sources, find_sources, read_grids

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
    (grid,) = read_grids(Source(path.name, path), limit)
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


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(file, delimiter):
    assert texts(file("a.csv", CSV.replace(",", delimiter)))[1] == ["0012", "2026-09-07", "P"]


def test_a_byte_order_mark_is_no_part_of_the_header(file):
    assert texts(file("a.csv", CSV, "utf-8-sig"))[0][0] == "student_id"


def test_a_quoted_field_may_hold_delimiters_and_lines(file):
    assert texts(file("a.csv", 'id,name\n1,"O\'Brien, Ann\nMarie"\n'))[1] == ["1", "O'Brien, Ann\nMarie"]


def test_a_larger_sheet_than_permitted_is_refused(file):
    with pytest.raises(InputError, match=r"6 cells are more than `largest_sheet_cells` \(5\)"):
        texts(file("a.csv"), limit=5)


def test_only_sources_with_other_content_are_read_again(file):
    sources = find_sources((file("a.csv"), file("b.csv", CSV + "\n")))
    known = {source.source_id: source.fingerprint() for source in sources}
    assert changed_sources(sources, known) == {}
    assert set(changed_sources(sources, {**known, "b.csv": "other"})) == {"b.csv"}


def test_a_workbook_gives_every_tab_with_true_dates(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "7A"
    book.active.append(["Id", date(2026, 9, 7)])
    book.active.append(["0012", "P"])
    book.create_sheet("7B")
    book.save(tmp_path / "r.xlsx")
    first, second = read_grids(Source("r.xlsx", tmp_path / "r.xlsx"), 1000)
    assert (first.tab, second.tab) == ("7A", "7B")
    assert first.cell(1, 2) == ("2026-09-07", "date", "2026-09-07")
    assert first.cell(2, 1).text == "0012"


def test_a_workbook_that_would_unpack_too_large_is_refused_unread(tmp_path):
    book = openpyxl.Workbook()
    for _ in range(300):
        book.active.append(["P"] * 20)
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(InputError, match="unpacked it would be"):
        read_grids(Source("r.xlsx", tmp_path / "r.xlsx"), 10)
