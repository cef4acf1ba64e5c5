"""01: only cells that changed become a new version; what is gone is marked as removed."""

import openpyxl
import pytest
from papermill.exceptions import PapermillExecutionError

from student_track import ingest
from student_track.sample.workbook import FILE_NAME

STEM = "01_ingest_attendance_bronze"


def versions_of(spark, tab, cell):
    rows = spark.table("raw_attendance").where(f"tab = '{tab}' AND cell = '{cell}'").orderBy("version").collect()
    return [(row.version, row.value_text, row.is_removed) for row in rows]


def edit(lake, change):
    path = lake / FILE_NAME
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)


def test_cells_are_kept_as_they_are_displayed(sample):
    assert versions_of(sample, "Ash", "A3") == [(1, "Student id", False)]
    assert versions_of(sample, "Ash", "C3") == [(1, "2025-09-03", False)]
    ids = sample.table("raw_attendance").where("tab = 'Ash' AND row = 4 AND column = 1").first()
    assert (ids.value_text, ids.value_kind) == ("000100", "text")


def test_an_unchanged_sheet_adds_nothing(run_notebook, sample):
    before = sample.table("raw_attendance").count()
    run_notebook(STEM)
    assert sample.table("raw_attendance").count() == before


def test_an_edit_adds_one_version_and_a_cleared_cell_is_marked_as_removed(run_notebook, sample, sample_lake):
    before = sample.table("raw_attendance").count()
    first = versions_of(sample, "Ash", "C4")[0][1]

    def change(workbook):
        workbook["Ash"]["C4"] = "A" if first != "A" else "P"
        workbook["Ash"]["D4"] = None

    edit(sample_lake, change)
    run_notebook(STEM)
    assert versions_of(sample, "Ash", "C4")[1][0::2] == (2, False)
    assert versions_of(sample, "Ash", "D4")[1][0::2] == (2, True)
    assert sample.table("raw_attendance").count() == before + 3  # two cells and the fingerprint of the content


def test_its_check_fires_where_a_cell_stands_twice(run_notebook, sample, sample_lake, monkeypatch):
    edit(sample_lake, lambda workbook: workbook["Ash"].__setitem__("C4", "L"))
    read = ingest.read_source

    def read_twice(*args):
        content = read(*args)
        return content._replace(grids=content.grids * 2)

    monkeypatch.setattr(ingest, "read_source", read_twice)
    before = sample.table("raw_attendance").count()
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook(STEM)
    assert sample.table("raw_attendance").count() == before
