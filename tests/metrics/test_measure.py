"""Reading silver for an as-of date: which date, which school year, which rows."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from pyspark.sql import SparkSession

from student_track import metrics
from student_track.errors import InputError
from student_track.frames import frame_from_rows
from tests.drawn_schools import draw, school_days, together
from tests.metric_frames import gold_of, policy_with, rows_by_key, silver_of
from tests.plain_school import Enrolment, School

DAYS = school_days(12)
TABLES = ("enrolments", "sessions", "attendance_records", "quarantine")
LAST_YEAR = school_days(30, date(2025, 9, 1))


@pytest.fixture
def as_tables(spark: SparkSession) -> Iterator[Callable[..., None]]:
    """Make schools, each of a school year, known to the engine as the silver tables."""

    def make(**school_of_year: School) -> None:
        parts = [silver_of(spark, school, int(year.removeprefix("of_"))) for year, school in school_of_year.items()]
        for name in TABLES:
            frame = getattr(parts[0], name)
            for part in parts[1:]:
                frame = frame.unionByName(getattr(part, name))
            frame.createOrReplaceTempView(name)
        frame_from_rows(spark, ["kind"], []).createOrReplaceTempView("sheet_tabs")

    yield make
    for name in (*TABLES, "sheet_tabs"):
        spark.catalog.dropTempView(name)


def test_auto_is_the_latest_date_up_to_today_with_a_register_taken_and_not_cancelled(spark, as_tables) -> None:
    as_tables(of_2026=together(draw("a", "x", "........Nx..", DAYS), draw("b", "y", "......N", DAYS[:7])))
    assert metrics.make_stamp(spark, policy_with(), None, DAYS[9]).as_of_date == DAYS[7]
    assert metrics.make_stamp(spark, policy_with(), None, DAYS[-1] + timedelta(days=90)).as_of_date == DAYS[-1]


def test_no_register_up_to_today_is_refused_with_what_to_do(spark, as_tables) -> None:
    as_tables(of_2026=draw("a", "x", "....", DAYS))
    with pytest.raises(InputError, match="No register was taken up to 2026-01-01"):
        metrics.make_stamp(spark, policy_with(), None, date(2026, 1, 1))


def test_the_school_year_is_that_of_the_as_of_date_and_no_window_reaches_over_its_start(spark, as_tables) -> None:
    same = Enrolment("a", "x", LAST_YEAR[0])
    former = draw("a", "x", "A" * 30, LAST_YEAR, stays=[same])
    as_tables(of_2025=former, of_2026=draw("a", "x", "A" + "." * 11, DAYS, stays=[])._replace(enrolments=[]))
    stamp = metrics.make_stamp(spark, policy_with(), None, DAYS[-1])
    assert (stamp.school_year, stamp.from_date) == (2026, DAYS[0])
    silver = metrics.read_silver(spark, policy_with(), stamp)
    row = rows_by_key(gold_of(silver, policy_with(), stamp.as_of_date, stamp.from_date))["a", "school", ""]
    assert (row["count_expected_units"], row["missed_units"], row["count_longest_streak_units"]) == (12, 1.0, 1)
    assert (row["period_start_date"], row["first_expected_date"]) == (DAYS[0], LAST_YEAR[0])


def test_a_course_counts_over_the_start_of_a_school_year(spark, as_tables) -> None:
    course = policy_with(period="cohort_life")
    former = draw("a", "x", "A" * 30, LAST_YEAR)
    as_tables(of_2025=former, of_2026=draw("a", "x", "A" + "." * 11, DAYS)._replace(enrolments=[]))
    stamp = metrics.make_stamp(spark, course, None, DAYS[-1])
    silver = metrics.read_silver(spark, course, stamp)
    row = rows_by_key(gold_of(silver, course, stamp.as_of_date, stamp.from_date))["a", "school", ""]
    assert (row["count_expected_units"], row["missed_units"], row["count_longest_streak_units"]) == (42, 31.0, 31)
    assert row["period_start_date"] == LAST_YEAR[0]


def test_a_past_as_of_date_in_the_former_school_year_measures_that_year(spark, as_tables) -> None:
    as_tables(
        of_2025=draw("a", "x", "A" * 30, LAST_YEAR), of_2026=draw("a", "x", "." * 12, DAYS)._replace(enrolments=[])
    )
    stamp = metrics.make_stamp(spark, policy_with(), LAST_YEAR[9], DAYS[-1])
    silver = metrics.read_silver(spark, policy_with(), stamp)
    row = rows_by_key(gold_of(silver, policy_with(), stamp.as_of_date, stamp.from_date))["a", "school", ""]
    assert (stamp.school_year, row["missed_units"], row["tier"]) == (2025, 10.0, "severe_chronic")


def test_the_school_day_before_is_the_last_with_a_register_taken_in_the_period(spark, as_tables) -> None:
    as_tables(of_2026=draw("a", "x", ".........Nx.", DAYS))
    stamp = metrics.make_stamp(spark, policy_with(), DAYS[-1], DAYS[-1])
    assert metrics.day_before(metrics.read_silver(spark, policy_with(), stamp), stamp) == DAYS[8]


def test_the_first_day_of_a_school_year_has_no_day_before(spark, as_tables) -> None:
    as_tables(
        of_2025=draw("a", "x", "." * 30, LAST_YEAR), of_2026=draw("a", "x", ".", DAYS[:1])._replace(enrolments=[])
    )
    stamp = metrics.make_stamp(spark, policy_with(), None, DAYS[-1])
    assert metrics.day_before(metrics.read_silver(spark, policy_with(), stamp), stamp) is None
