"""02: every mark is accounted for, the sample's mistakes are found in their cells, corrections flow in."""

import openpyxl
import pytest
from papermill.exceptions import PapermillExecutionError
from pyspark.sql import functions as F

from student_track import clean
from student_track.sample.registers import COUNT_STRANGE
from student_track.sample.workbook import FILE_NAME
from tests.lakes import rows, versions

BRONZE, SILVER = "01_ingest_attendance_bronze", "02_clean_attendance_silver"


@pytest.fixture
def after(run_notebook, sample_lake):
    """Change the sample's workbook, run bronze and silver again."""

    def run(change):
        path = sample_lake / FILE_NAME
        workbook = openpyxl.load_workbook(path)
        change(workbook)
        workbook.save(path)
        run_notebook(BRONZE)
        return run_notebook(SILVER)

    return run


def quarantined(spark):
    found = spark.table("quarantine").where("NOT is_resolved").groupBy("reason").sum("count_marks").collect()
    return {row[0]: row[1] for row in found}


def test_marks_in_are_records_quarantined_and_duplicates(sample):
    tabs = sample.table("sheet_tabs").where("kind = 'attendance'").collect()
    assert len(tabs) == 12
    for tab in tabs:
        assert tab.count_marks == tab.count_records + tab.count_quarantined + tab.count_duplicates > 0
    assert sum(tab.count_records for tab in tabs) == sample.table("attendance_records").count()


def test_the_sample_schools_mistakes_are_found(sample):
    found = quarantined(sample)
    assert found["unknown_mark"] == COUNT_STRANGE
    assert found["unknown_student"] == 12
    assert found["conflicting_marks"] == 2
    assert found["bad_date"] == sample.table("quarantine").where("raw_value = '31 Sept 2026'").first().count_marks > 0


def test_a_transfer_has_two_stays_and_its_story_goes_on(sample):
    moved = sample.sql(
        "SELECT student_key FROM enrolments WHERE cohort_id <> 'Chess club' GROUP BY 1 HAVING count(*) = 2"
    )
    assert moved.count() == 10


def test_a_snow_day_is_cancelled_by_the_sheet_and_a_staff_day_by_the_calendar(sample):
    snow = sample.table("sessions").where("session_date = DATE'2026-01-22'").collect()
    assert sum(row.is_cancelled for row in snow) >= 9  # a blank register that day says nothing
    assert not any(row.is_taken for row in snow)
    assert sample.table("sessions").where("session_date = DATE'2026-09-18' AND NOT is_cancelled").count() == 0


def test_terms_have_their_calendars_names(sample):
    found = sample.table("sessions").where("is_taken").select("school_year", "term").distinct().collect()
    assert {(row.school_year, row.term) for row in found} == {
        (2025, "Autumn 2025"),
        (2025, "Spring 2026"),
        (2025, "Summer 2026"),
        (2026, "Autumn 2026"),
    }


def test_nothing_is_written_where_nothing_changed(run_notebook, sample, sample_lake):
    before = versions(sample_lake)
    run_notebook(SILVER)
    assert versions(sample_lake) == before


def test_a_day_of_corrections(sample, sample_lake, after):
    """One cell mended, one corrected, one tab cleared by mistake, one filled with nonsense: each has its own effect."""
    bad = sample.table("quarantine").where("reason = 'unknown_mark' AND tab = 'Maple'").orderBy("cell").first()
    good = sample.table("attendance_records").where("tab = 'Ash' AND state = 'present'").orderBy("cell").first()
    before, counts = rows(sample_lake, "attendance_records"), cohort_counts(sample)

    def change(workbook):
        workbook["Maple"][bad.cell] = "P"
        workbook["Ash"][good.cell] = "A"
        fill(workbook["Oak"], rows=400, columns=60, value=None)
        fill(workbook["Fir"], rows=30, columns=30, value="zzz")

    after(change)
    mended = sample.table("quarantine").where(f"tab = 'Maple' AND cell = '{bad.cell}'").first()
    assert mended.is_resolved
    assert mended.resolved_at > mended.first_seen_at
    changed = rows(sample_lake, "attendance_records") - before
    assert sorted((row[2], row[6]) for row in changed.elements()) == [("Ash", "absent"), ("Maple", "present")]
    held = {row.cohort_id: row.held_reason for row in sample.table("cohorts").where("is_held").collect()}
    assert set(held) == {"Oak", "Fir"}
    assert "would be lost at once" in held["Oak"]
    assert "are in quarantine" in held["Fir"]
    assert cohort_counts(sample) == {**counts, "Maple": counts["Maple"] + 1}
    assert quarantined(sample)["unknown_mark"] > 500


def fill(sheet, rows, columns, value):
    for cells in sheet.iter_rows(min_row=4, max_row=min(rows, sheet.max_row), min_col=3, max_col=columns):
        for cell in cells:
            cell.value = value if cell.value else None


def cohort_counts(spark):
    counts = spark.sql("SELECT cohort_id, count(*) AS marks FROM attendance_records GROUP BY cohort_id").collect()
    return {row.cohort_id: row.marks for row in counts}


def test_its_check_fires_where_the_account_does_not_balance(run_notebook, sample, monkeypatch):
    sample.sql("DELETE FROM sheet_tabs WHERE tab IS NOT NULL").collect()  # as though nothing had been read yet
    tabs = clean.tabs_frame
    one_too_many = F.col("count_records") + 1
    monkeypatch.setattr(clean, "tabs_frame", lambda *args: tabs(*args).withColumn("count_records", one_too_many))
    with pytest.raises(PapermillExecutionError, match="CheckFailedError"):
        run_notebook(SILVER)
