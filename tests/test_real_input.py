"""Real registers through all notebooks: module AAA of the Open University Learning Analytics Dataset, as sheets."""

from pathlib import Path

import pytest

from tests.lakes import UP_TO_METRICS, rows, student_track

DATA = Path(__file__).parent / "data" / "oulad_aaa"
KEY = "a-key-for-both-lakes-0123456789"


def run(folder, *sheets, options=UP_TO_METRICS):
    """Run the main job as far as the metrics, or all of it, on the sheets; return its lake and what it said."""
    arguments = [word for sheet in sheets for word in ("--sheet", str(DATA / sheet))]
    places = {"STUDENT_TRACK_LAKE": str(folder / "lake"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
    result = student_track("run", *arguments, *options, STUDENT_TRACK_KEY=KEY, **places)
    assert result.returncode == 0, result.stderr
    return folder / "lake", result.stdout


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    return run(tmp_path_factory.mktemp("wide"), "weekly_wide.xlsx")


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """The same marks in the other layout."""
    return run(tmp_path_factory.mktemp("long"), "weekly_long.csv", "roster.csv")


def records(lake):
    """Student, session and state of every record, counted."""
    found = rows(lake, "attendance_records")
    return {(row[0], row[1], row[6]): count for row, count in found.items()}


def test_wide_and_long_give_the_same_records(wide, long):
    assert records(wide[0]) == records(long[0])
    assert sum(records(wide[0]).values()) == 25_546


def test_wide_and_long_give_equal_student_metrics(wide, long):
    assert rows(wide[0], "student_metrics") == rows(long[0], "student_metrics")
    assert sum(rows(wide[0], "student_metrics").values()) > 700


def test_every_mark_became_a_record(wide):
    assert rows(wide[0], "quarantine") == {}


def test_students_of_both_classes_have_two_stays(wide):
    stays = {}
    for student_key, cohort_id, *_ in rows(wide[0], "enrolments"):
        stays.setdefault(student_key, set()).add(cohort_id)
    assert sum(len(cohorts) == 2 for cohorts in stays.values()) == 33


def test_marks_before_joining_are_kept_and_not_counted(wide):
    outside = [row for row in rows(wide[0], "attendance_records") if row[12] is False]
    assert 0 < len(outside) < 100


def test_the_student_without_a_mark_is_too_early(wide):
    with_marks = {row[0] for row in rows(wide[0], "attendance_records")}
    without = [row[0] for row in rows(wide[0], "students") if row[0] not in with_marks]
    assert len(without) == 1


def test_the_summary_names_the_latest_register(long):
    assert "as of Saturday 20 June 2015" in long[1]
    assert "No cell to mend" in long[1]


@pytest.mark.soak
def test_a_real_register_goes_through_every_notebook(tmp_path):
    lake, said = run(tmp_path, "weekly_wide.xlsx", options=())
    stays = [row for row in rows(lake, "student_metrics") if row[1] == "cohort" and row[6] == "enrolled"]
    enrolled = {(student_key, cohort_id) for student_key, _, cohort_id, *_ in stays}
    assert {row[:2] for row in rows(lake, "dropout_risk")} == enrolled
    assert len(enrolled) > 250
    assert rows(lake, "alert_episodes") == {}  # data of another year is stale, and stale data decides nothing
    assert "as of Saturday 20 June 2015" in said
