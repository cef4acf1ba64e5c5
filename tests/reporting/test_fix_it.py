"""The fix-it list: one line for each cause, the sheet's text is text and can be seen, mended cells are counted."""

from dataclasses import replace
from datetime import date

import pytest

from student_track.reporting.fix_it import (
    MOST_LINES,
    FixItList,
    fix_it_page,
    fix_it_rows,
    group_by_cause,
)
from student_track.visible_text import visible
from tests.reporting.conftest import AS_OF, HELL
from tests.reporting.test_site import Elements


def cell(address, raw_value="?", **different):
    shared = {"source_id": "r.xlsx", "tab": "7A", "reason": "unknown_mark", "what_to_do": "write a mark"}
    return {
        **shared,
        "cell": address,
        "raw_value": raw_value,
        "count_marks": 1,
        "since": date(2026, 11, 2),
        **different,
    }


def page_of(frame, *cells, **more):
    return fix_it_page(frame, FixItList(group_by_cause(cells), **{"held_tabs": [], "mended": {}, **more}))


def words_of(page):
    return " ".join(Elements(page).text.split())


def test_one_cause_in_many_cells_is_one_line_with_the_first_cells(frame):
    cells = [cell(f"{column}{row}", since=date(2026, 11, row)) for row in (12, 9) for column in ("AA", "B", "C", "D")]
    (line,) = group_by_cause(cells)
    assert line.cells == ("B9", "C9", "D9", "AA9", "B12", "C12")
    assert (line.count_cells, line.count_marks, line.since) == (8, 8, date(2026, 11, 9))
    text = words_of(page_of(frame, *cells))
    assert "8 cells keep 8 marks out" in text
    for said in (
        "B9, C9, D9, AA9, B12, C12 and 2 more",
        "this mark is not in the code table",
        "write a mark",
        "9 Nov 2026",
    ):
        assert said in text


@pytest.mark.parametrize(
    "different", [{"tab": "7B"}, {"reason": "bad_date"}, {"raw_value": "!"}, {"source_id": "s.csv"}]
)
def test_another_tab_reason_value_or_source_is_another_cause(different):
    assert len(group_by_cause([cell("B2"), cell("B3", **different)])) == 2


def test_what_keeps_most_marks_out_comes_first():
    lines = group_by_cause([cell("B2"), cell("C1", "31 Sept", count_marks=28), cell("A9", "7E3", count_marks=2)])
    assert [line.cells for line in lines] == [("C1",), ("A9",), ("B2",)]


@pytest.mark.parametrize("text", HELL)
def test_what_stands_in_the_sheet_is_text_and_nothing_else(frame, text):
    page = page_of(frame, cell("B2", text, tab=text, what_to_do=text))
    assert "<script>" not in page
    assert "<b>Sons" not in page
    assert visible(text) in Elements(page).text


def test_a_reason_without_words_is_shown_by_its_name(frame):
    assert "odd new thing" in words_of(page_of(frame, cell("B2", reason="odd_new_thing")))


def test_the_file_is_named_where_there_are_several(frame):
    assert "r.xlsx" not in page_of(frame, cell("B2"))
    assert "s.csv" in page_of(frame, cell("B2"), cell("B2", source_id="s.csv"))


def test_a_held_tab_and_the_cells_mended_in_the_week_are_said(frame):
    held = [{"source_id": "r.xlsx", "tab": "7A", "held_reason": "20 of 90 marks (22 %) are in quarantine"}]
    mended = {date(2026, 11, 13): 5, date(2026, 11, 14): 2, date(2026, 11, 20): 1, date(2026, 11, 21): 7}
    text = words_of(page_of(frame, cell("B2"), held_tabs=held, mended=mended))
    assert "The tab 7A is held and keeps its last good data: 20 of 90 marks" in text
    assert "3 cells were mended in the last seven days" in text


def test_a_clean_sheet_has_a_calm_page(frame):
    text = words_of(page_of(frame))
    assert "there is nothing to mend" in text
    assert "No cell was mended" in text


def test_a_very_long_list_is_cut_and_says_so(frame):
    cells = [cell(f"B{number}", f"{number}?") for number in range(1, MOST_LINES + 4)]
    page = page_of(frame, *cells)
    assert page.count("<tr>") == MOST_LINES + 1
    assert "And 3 more causes" in words_of(page)


def test_the_list_of_the_sample_school(sample_lake, lake, frame):
    rows = fix_it_rows(lake)
    open_cells = lake.table("quarantine").where("NOT is_resolved").collect()
    assert rows.count_cells == len(open_cells) > 0
    assert rows.count_marks == sum(row.count_marks for row in open_cells)
    assert {line.since for line in rows.lines} == {row.first_seen_at.date() for row in open_cells}
    names = {row.student_name for row in lake.table("students").collect()}
    page = fix_it_page(replace(frame, today=AS_OF), rows)
    assert not any(name in page for name in names if name)
    assert "31 Sept 2026" in page
