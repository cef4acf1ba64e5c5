"""A Google spreadsheet through the real gspread (S9, S11 to S13, C4, C12, C15): grids, requests, and what stops it."""

from datetime import date, timedelta

import pytest

from student_track.errors import InputError, OutsideServiceError
from student_track.ingest import google_sheets
from student_track.ingest.google_http import connect
from student_track.ingest.google_sheets import GoogleSheet
from student_track.sheets.tab_facts import Merge
from tests.sheets_emulator.server import Fault
from tests.sheets_emulator.workbook import SheetCell, Tab, Workbook

DAY = date(2026, 11, 24)
MARKS = [["id", date(2026, 9, 7), date(2026, 9, 8)], ["00123", "P", "A"], ["00124", "L", "P"]]
MANY_CELLS = 1_000_000


@pytest.fixture
def sheet(emulator, clock):
    return GoogleSheet("KEY", connect(emulator.key_file, emulator.url, clock=clock), DAY)


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def read(sheet, largest_cells=MANY_CELLS):
    (grid,) = sheet.read_grids(largest_cells)
    return texts(grid)


def tabs(sheet):
    return {grid.facts.tab_id: grid.tab for grid in sheet.read_grids(MANY_CELLS)}


def test_a_spreadsheet_becomes_a_grid_of_what_is_shown_and_held(emulator, sheet):
    emulator.add_tab(MARKS, locale="en_GB")
    (grid,) = sheet.read_grids(MANY_CELLS)
    assert (grid.source_id, grid.tab) == ("google:KEY", "7A")
    assert texts(grid)[0] == ["id", "07/09/2026", "08/09/2026"]
    assert texts(grid)[1] == ["00123", "P", "A"]
    assert grid.cell(1, 3) == ("08/09/2026", "date", "2026-09-08")
    assert (grid.facts.tab_id, grid.facts.locale, grid.facts.merges) == ("0", "en_GB", ())


def test_an_unchanged_spreadsheet_costs_one_call_and_a_changed_one_five(emulator, sheet):
    emulator.add_tab(MARKS)
    first = sheet.fingerprint()
    assert emulator.paths() == ["token", "drive"]
    assert sheet.fingerprint() == first
    assert emulator.paths() == ["token", "drive", "drive"]
    emulator.requests.clear()
    sheet.read_grids(MANY_CELLS)
    assert emulator.paths() == ["metadata", "values", "values", "drive"]
    shown, held = (request.parameters for request in emulator.requests[1:3])
    assert shown.pop("valueRenderOption") == ["FORMATTED_VALUE"]
    assert held.pop("valueRenderOption") == ["UNFORMATTED_VALUE"]
    assert held.pop("dateTimeRenderOption") == ["SERIAL_NUMBER"]
    assert shown == held == {"ranges": ["'7A'!A1:Z1000"]}


def test_the_fingerprint_changes_with_an_edit_with_the_day_and_when_the_clock_goes_back(emulator, sheet):
    workbook = emulator.add_tab(MARKS)
    seen = [sheet.fingerprint()]
    workbook.edited()
    seen.append(sheet.fingerprint())
    workbook.modified = "2020-01-01T00:00:00.000Z"
    seen.append(sheet.fingerprint())
    tomorrow = GoogleSheet("KEY", sheet._client, DAY + timedelta(days=1))
    seen.append(tomorrow.fingerprint())
    assert len(set(seen)) == 4


def test_a_change_that_drive_does_not_tell_is_read_the_next_day(emulator, sheet):
    workbook = emulator.add_tab(MARKS)
    before = sheet.fingerprint()
    workbook.tabs[0].write(2, ["00123", "A", "A"])
    assert sheet.fingerprint() == before
    tomorrow = GoogleSheet("KEY", sheet._client, DAY + timedelta(days=1))
    assert tomorrow.fingerprint() != before
    assert read(tomorrow)[1] == ["00123", "A", "A"]


def test_empty_rows_ragged_rows_and_notes_stay_where_they_are(emulator, sheet):
    rows = [["id", "7", None, "9", None, "note"], [], [], ["1", None, "P"], ["  "], [None, None, "x"]]
    emulator.add_tab(rows)
    expected = [["id", "7", "", "9", "", "note"], [], [], ["1", "", "P"], ["  "], ["", "", "x"]]
    assert read(sheet) == expected


def test_hidden_rows_hidden_tabs_and_filters_make_no_difference(emulator, sheet):
    tab = emulator.add_tab(MARKS).tabs[0]
    plain = read(sheet)
    tab.hidden_rows, tab.is_hidden = frozenset({2}), True
    assert read(sheet) == plain


@pytest.mark.parametrize("title", ["D3", "Bob's 7A", "''", "7A!A1", "🌵 tab", "a&b=c#d%20 +", "x" * 100])
def test_any_title_is_read(emulator, sheet, title):
    emulator.add_tab(MARKS, title=title)
    (grid,) = sheet.read_grids(MANY_CELLS)
    assert (grid.tab, grid.cell(3, 1).text) == (title, "00124")


def test_tabs_are_known_by_their_id_and_a_chart_is_none(emulator, sheet):
    workbook = emulator.add_tab(MARKS)
    workbook.tabs += [Tab(11, "Chart", is_chart=True), Tab(7, "7B", {(1, 1): SheetCell("id")})]
    assert tabs(sheet) == {"0": "7A", "7": "7B"}
    workbook.tabs[0].title = "Year 7A"
    assert tabs(sheet) == {"0": "Year 7A", "7": "7B"}
    del workbook.tabs[0]
    assert tabs(sheet) == {"7": "7B"}


def test_merged_cells_are_given_as_read_and_reported(emulator, sheet):
    tab = emulator.add_tab([["September", None, None], ["7", "8", "9"]]).tabs[0]
    block = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}
    tab.merges = [block, {"startRowIndex": 4, "endRowIndex": 6, "startColumnIndex": 2, "endColumnIndex": 3}]
    (grid,) = sheet.read_grids(MANY_CELLS)
    assert texts(grid) == [["September"], ["7", "8", "9"]]
    assert grid.facts.merges == (Merge(1, 1, 1, 3), Merge(5, 3, 6, 3))


def long_tab(emulator, count_rows):
    """A tab whose rows from 2,001 to 4,000 are empty, as if a block were missing."""
    tab = emulator.add_tab([]).tabs[0]
    tab.count_rows, tab.count_columns = count_rows, 3
    for row in [*range(1, 2001), *range(4001, count_rows - 9)]:
        tab.write(row, [str(row), row, "P"])
    return tab


def test_a_long_tab_is_read_in_blocks_of_one_request(emulator, sheet):
    long_tab(emulator, 5010)
    rows = read(sheet)
    assert (rows[0], rows[1999], rows[5000 - 1]) == (["1", "1", "P"], ["2000", "2000", "P"], ["5000", "5000", "P"])
    assert len(rows) == 5000
    assert rows[2000:4000] == [[]] * 2000
    assert emulator.paths().count("values") == 2
    assert emulator.requests[-2].parameters["ranges"] == ["'7A'!A1:C2000", "'7A'!A2001:C4000", "'7A'!A4001:C5010"]


def test_what_is_too_long_for_one_answer_comes_in_several(emulator, sheet, monkeypatch):
    long_tab(emulator, 5010)
    whole = read(sheet)
    emulator.requests.clear()
    monkeypatch.setattr(google_sheets, "CELLS_PER_REQUEST", 7000)
    assert read(sheet) == whole
    values = [request.parameters["ranges"] for request in emulator.requests if "/values" in request.path]
    assert values[:3] == [["'7A'!A1:C2000"], ["'7A'!A2001:C4000"], ["'7A'!A4001:C5010"]]
    assert len(values) == 6


def test_no_address_is_too_long_however_many_tabs_there_are(emulator, sheet):
    tabs = [Tab(number, f"{number:02} {'👩' * 90}", {(1, 1): SheetCell("id")}, 100, 5) for number in range(30)]
    emulator.add(Workbook("KEY", tabs))
    assert [grid.tab for grid in sheet.read_grids(MANY_CELLS)] == [tab.title for tab in tabs]
    requests = [request for request in emulator.requests if "/values" in request.path]
    assert 2 < len(requests) < 40


@pytest.mark.parametrize("filled", [0, 100])
def test_a_grid_larger_than_permitted_is_refused_before_a_cell_is_read(emulator, sheet, filled):
    tab = emulator.add_tab([["P"]] * filled, title="Log").tabs[0]
    tab.count_rows, tab.count_columns = 1_000_000, 10
    with pytest.raises(InputError, match=r"google:KEY: 10000000 cells .* 'Log' has 1000000 rows and 10 columns"):
        sheet.read_grids(5_000_000)
    assert "values" not in emulator.paths()


def test_the_limit_itself_is_permitted(emulator, sheet):
    emulator.add_tab(MARKS)
    assert len(read(sheet, largest_cells=26_000)) == 3
    with pytest.raises(InputError, match="26000 cells"):
        read(sheet, largest_cells=25_999)


def between_the_reads(change, times=1, nth=2):
    """A change after the first request for values and before the second."""
    return Fault("/values", "change", nth=nth, times=times, change=change)


def test_an_edit_between_the_two_reads_is_read_again(emulator, sheet, clock):
    workbook = emulator.add_tab(MARKS)

    def edit():
        workbook.tabs[0].insert_row(2)
        workbook.tabs[0].write(2, ["00100", "A", "A"])
        workbook.edited()

    emulator.faults = [between_the_reads(edit)]
    assert [row[0] for row in read(sheet)] == ["id", "00100", "00123", "00124"]
    assert emulator.paths().count("values") == 4
    assert clock.waits == [5.0]


@pytest.mark.parametrize("row", [2, 3])
def test_an_edit_that_drive_does_not_tell_yet_is_seen_in_the_values(emulator, sheet, row):
    tab = emulator.add_tab(MARKS).tabs[0]
    tab.write(4, ["00125", "P", "P"])
    emulator.faults = [between_the_reads(lambda: tab.delete_row(row))]
    assert len(read(sheet)) == 3
    assert emulator.paths().count("values") == 4


@pytest.mark.parametrize("nth", [2, 3, 4])
def test_a_row_inserted_between_two_blocks_is_seen_without_drive(emulator, sheet, monkeypatch, nth):
    tab = emulator.add_tab([[f"{number:05}", number, "PA"[number % 2]] for number in range(1, 21)]).tabs[0]
    tab.count_rows, tab.count_columns = 20, 3
    monkeypatch.setattr(google_sheets, "CELLS_PER_REQUEST", 30)

    def insert():
        tab.insert_row(5)
        tab.write(5, ["99999", 0, "L"])

    emulator.faults = [between_the_reads(insert, nth=nth)]
    rows = read(sheet)
    assert [len(rows), rows[4][0], rows[20][0]] == [21, "99999", "00020"]
    assert len({row[0] for row in rows}) == 21


def test_swapped_rows_are_seen_though_the_shape_is_the_same(emulator, sheet):
    tab = emulator.add_tab(MARKS).tabs[0]

    def swap():
        tab.write(2, MARKS[2])
        tab.write(3, MARKS[1])

    emulator.faults = [between_the_reads(swap)]
    assert [row[0] for row in read(sheet)] == ["id", "00124", "00123"]


@pytest.mark.parametrize("change", ["renamed", "deleted", "cut"])
def test_a_tab_that_goes_while_it_is_read_is_no_error(emulator, sheet, change):
    workbook = emulator.add_tab(MARKS)
    workbook.tabs.append(Tab(7, "7B", {(1, 1): SheetCell("id"), (900, 1): SheetCell("00999")}, count_rows=5000))

    def go():
        if change == "renamed":
            workbook.tabs[1].title = "8B"
        elif change == "cut":
            workbook.tabs[1].count_rows = 950
        else:
            del workbook.tabs[1]
        workbook.edited()

    emulator.faults = [between_the_reads(go)]
    tabs = {grid.tab: len(grid.rows) for grid in sheet.read_grids(MANY_CELLS)}
    assert tabs == {"renamed": {"7A": 3, "8B": 900}, "cut": {"7A": 3, "7B": 900}, "deleted": {"7A": 3}}[change]


def test_a_sheet_that_changes_under_every_reading_is_left_for_later(emulator, sheet):
    workbook = emulator.add_tab(MARKS)

    def edit():
        workbook.tabs[0].insert_row(2)
        workbook.tabs[0].write(2, [str(workbook.version), "A", "A"])
        workbook.edited()

    emulator.faults = [between_the_reads(edit, times=100)]
    with pytest.raises(OutsideServiceError, match="google:KEY: is being edited: 4 readings did not agree"):
        read(sheet)
    assert emulator.paths().count("metadata") == 4


def test_a_version_that_grows_while_the_cells_stay_stops_nobody(emulator, sheet):
    workbook = emulator.add_tab(MARKS)
    emulator.faults = [between_the_reads(workbook.edited, times=100)]
    assert len(read(sheet)) == 3
    assert emulator.paths().count("metadata") == 2


def test_formats_that_hide_or_extend_a_text_are_no_edit(emulator, sheet):
    emulator.add_tab([["id", SheetCell("17", '"No. "@')], ["00123", SheetCell(5, ";;;")]])
    assert read(sheet) == [["id", "No. 17"], ["00123", ""]]
    assert emulator.paths().count("metadata") == 2


@pytest.mark.parametrize("rows", [[], [["", " "]]])
def test_a_cleared_spreadsheet_is_refused(emulator, sheet, rows):
    emulator.add_tab(rows)
    with pytest.raises(InputError, match="google:KEY: there is nothing in it"):
        read(sheet)


def test_a_spreadsheet_of_charts_is_refused(emulator, sheet):
    emulator.add(Workbook("KEY", [Tab(1, "Chart", is_chart=True)]))
    with pytest.raises(InputError, match="has no tab with cells"):
        read(sheet)


@pytest.mark.parametrize("body", ["{}", '{"valueRanges": []}'])
def test_an_answer_without_the_ranges_is_no_empty_sheet(emulator, sheet, body):
    emulator.add_tab(MARKS)
    emulator.faults = [Fault("/values", "status", nth=2, status=200, body=body)]
    assert len(read(sheet)) == 3
    emulator.faults = [Fault("/values", "status", times=100, status=200, body=body)]
    with pytest.raises(OutsideServiceError, match="readings did not agree"):
        read(sheet)


def test_a_drive_without_a_version_is_an_outside_service(emulator, sheet):
    emulator.add_tab(MARKS)
    emulator.faults = [Fault("/drive/", "status", status=200, body="{}")]
    with pytest.raises(OutsideServiceError, match="gives no version"):
        sheet.fingerprint()


def test_a_sheet_that_is_not_shared_is_said_by_the_first_call(emulator, sheet):
    emulator.add(Workbook("KEY", [Tab(0, "7A")]), is_shared=False)
    with pytest.raises(InputError, match=r"google:KEY: .* share the spreadsheet with reader@.* as Viewer"):
        sheet.fingerprint()
    assert emulator.paths() == ["token", "drive"]
