"""Bronze: a new version for what is new, differs or is gone; nothing for what stays."""

from datetime import UTC, datetime

import pytest

from student_track import tables
from student_track.frames import frame_from_arrow
from student_track.ingest import cells_as_arrow, changed_cells, known_fingerprints, latest_cells
from student_track.sheets import Grid, cell_of, grid_from_stored
from student_track.sheets.tab_facts import Merge, TabFacts


@pytest.fixture
def bronze(lake):
    """Read a grid of values into bronze; return the versions it added."""
    tables.create_all(lake)

    def read(rows, fingerprint, source="r.xlsx"):
        grid = Grid(source, "7A", [[cell_of(value) for value in row] for row in rows])
        cells = frame_from_arrow(lake, cells_as_arrow([grid], {source: fingerprint}))
        latest = latest_cells(lake.table("raw_attendance"), [source])
        frame = changed_cells(cells, latest, datetime(2026, 9, 7, 6, tzinfo=UTC), "run")
        added = sorted(
            (row.cell, row.version, row.value_text, row.is_removed) for row in frame.where("row > 0").collect()
        )
        tables.append(lake, "raw_attendance", frame)
        return added

    return read


def test_first_every_cell_then_only_what_changed(bronze):
    assert bronze([["P", "A"], ["L", None]], "one") == [
        ("A1", 1, "P", False),
        ("A2", 1, "L", False),
        ("B1", 1, "A", False),
    ]
    assert bronze([["P", "E"], [None, "P"]], "two") == [
        ("A2", 2, "L", True),
        ("B1", 2, "E", False),
        ("B2", 1, "P", False),
    ]


def test_a_cell_that_comes_back_is_a_new_version(bronze):
    bronze([["P"]], "one")
    bronze([[None]], "two")
    assert bronze([["P"]], "three") == [("A1", 3, "P", False)]


def test_the_fingerprint_of_the_content_is_remembered_by_source(bronze, lake):
    bronze([["P"]], "one")
    bronze([["A"]], "two")
    bronze([["A"]], "three", source="other.csv")
    assert known_fingerprints(lake.table("raw_attendance")) == {"r.xlsx": "two", "other.csv": "three"}


def test_another_source_is_not_touched(bronze, lake):
    bronze([["P"]], "one")
    bronze([["P"]], "two", source="other.csv")
    assert lake.table("raw_attendance").where("is_removed").count() == 0


def test_what_is_known_of_a_tab_is_kept_and_no_fingerprint(lake):
    tables.create_all(lake)
    facts = TabFacts("12", "en_GB", (Merge(1, 2, 1, 4),))
    grid = Grid("google:KEY", "Ash", [[cell_of("id")]], facts)
    cells = frame_from_arrow(lake, cells_as_arrow([grid], {"google:KEY": "one"}))
    latest = latest_cells(lake.table("raw_attendance"), ["google:KEY"])
    tables.append(lake, "raw_attendance", changed_cells(cells, latest, datetime(2026, 9, 7, 6, tzinfo=UTC), "run"))
    bronze = lake.table("raw_attendance")
    assert known_fingerprints(bronze) == {"google:KEY": "one"}
    stored = bronze.where("tab = 'Ash'").select("row", "column", "value_text", "value_kind", "value_typed").toArrow()
    assert grid_from_stored("google:KEY", "Ash", stored) == grid
