"""The sample schools against their truth: the default one, one with every effect on both engines, 5,000 students."""

import time
from pathlib import Path

import pytest

from student_track.lake_key import SAMPLE_KEY
from student_track.sample import Effects, School, write_sample_workbook
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_sheet, school_of_tables
from tests import lakes
from tests.truth_comparison import assert_metrics_are_true, assert_records_are_true

pytestmark = pytest.mark.soak

KEY = "key-of-a-test-0123456789"
TODAY = "2026-11-20"
LARGE = School(5000, effects=Effects.all())


def run(folder: Path, *options: str) -> None:
    done = lakes.student_track(
        "run",
        *options,
        STUDENT_TRACK_LAKE=str(folder / "lake"),
        STUDENT_TRACK_REPORTS=str(folder / "reports"),
        STUDENT_TRACK_KEY=KEY,
    )
    assert done.returncode == 0, done.stderr


def test_every_metric_of_the_default_school_is_true(sample_run):
    lake, school = sample_run / "lake" / "school", school_of_sheet(School())
    assert_metrics_are_true(lake, school, SAMPLE_KEY)
    assert_records_are_true(lake, school, SAMPLE_KEY)


@pytest.mark.timeout(900)
def test_every_metric_of_a_school_with_every_effect_is_true_on_spark(tmp_path):
    school = School(effects=Effects.all())
    write_sample_workbook(tmp_path / "school.xlsx", school)
    sheet = str(tmp_path / "school.xlsx")
    run(tmp_path, "--sheet", sheet, "--as-of", TODAY, "--engine", "spark", *lakes.UP_TO_METRICS)
    assert_metrics_are_true(tmp_path / "lake", school_of_sheet(school), KEY.encode())
    assert_records_are_true(tmp_path / "lake", school_of_sheet(school), KEY.encode())


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("engine", ["embedded", "spark"])
def test_every_metric_of_five_thousand_students_is_true(tmp_path, engine):
    school = school_of_tables(LARGE)
    seconds = {}
    with_clock(seconds, "write", lambda: write_tables(tmp_path / "lake", school))
    options = ("--settings", "params/sample.yml", "--engine", engine, "--only", "00", "--only", "03")
    with_clock(seconds, "measure", lambda: run(tmp_path, *options))
    with_clock(seconds, "compare", lambda: assert_metrics_are_true(tmp_path / "lake", school, SAMPLE_KEY))
    print(f"5,000 students on {engine}:", ", ".join(f"{name} {took:.0f} s" for name, took in seconds.items()))


def with_clock(seconds, name, step):
    started = time.monotonic()
    step()
    seconds[name] = time.monotonic() - started
