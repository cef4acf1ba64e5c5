"""Marks known at a landmark: a late entry or correction takes the rows out that it would have told the future."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame

from student_track.frames import frame_from_columns
from student_track.risk import list_late_marks, without_late_marks
from student_track.risk.known import BULK_FROM_DATES

DAY = date(2026, 9, 7)
WEEKS = [DAY + timedelta(weeks=week) for week in range(4)]
TEXT = pa.string()


def reading(days: int) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC) + timedelta(days=days)


def late(spark, marks: list[tuple[str, int, list[int]]]) -> DataFrame:
    """Late marks of students: name, day of the mark, and the days on which versions of its cell were read."""
    cells = [f"{name}{day}" for name, day, _ in marks]
    records = frame_from_columns(
        spark,
        {
            "student_key": [name for name, _, _ in marks],
            "cohort_id": ["c"] * len(marks),
            "session_date": [DAY + timedelta(days=day) for _, day, _ in marks],
            "source_id": ["s"] * len(marks),
            "tab": ["t"] * len(marks),
            "cell": cells,
        },
        {"session_date": pa.date32()},
    )
    versions = [(cell, day) for cell, (_, _, days) in zip(cells, marks, strict=True) for day in days]
    read = frame_from_columns(
        spark,
        {
            "source_id": ["s"] * len(versions),
            "tab": ["t"] * len(versions),
            "row": [2] * len(versions),
            "cell": [cell for cell, _ in versions],
            "read_at": [reading(day) for _, day in versions],
        },
        {"row": pa.int32(), "read_at": pa.timestamp("us", "UTC")},
    )
    return list_late_marks(records, read)


def as_set(frame) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in frame.toArrow().to_pylist()}


@pytest.mark.parametrize(
    ("read_on", "is_late"),
    [([0], False), ([7], False), ([8], True), ([0, 20], True)],  # the last: read on its day, and changed later
)
def test_a_mark_is_late_where_its_latest_version_was_read_more_than_a_week_after_its_date(spark, read_on, is_late):
    found = as_set(late(spark, [("a", 0, read_on)]))
    assert found == ({("a", "c", DAY, DAY + timedelta(days=read_on[-1]))} if is_late else set())


@pytest.mark.parametrize(("count_dates", "is_late"), [(BULK_FROM_DATES - 1, True), (BULK_FROM_DATES, False)])
def test_a_history_loaded_in_bulk_counts_as_known_on_its_dates(spark, count_dates, is_late) -> None:
    found = as_set(late(spark, [("a", day, [60]) for day in range(count_dates)]))
    assert len(found) == (count_dates if is_late else 0)


def test_rows_between_the_date_of_a_mark_and_its_reading_are_left_out_and_no_others(spark) -> None:
    names = [name for name in "ab" for _ in WEEKS]
    columns = {"student_key": names, "cohort_id": ["c"] * len(names), "landmark_date": WEEKS * 2}
    rows = frame_from_columns(spark, columns, {"landmark_date": pa.date32()})
    left = as_set(without_late_marks(rows, late(spark, [("a", 7, [21]), ("b", 0, [3])])))
    # the mark of the second week was read on the day of the fourth
    assert {day for name, _, day in left if name == "a"} == {WEEKS[0], WEEKS[3]}
    assert {day for name, _, day in left if name == "b"} == set(WEEKS)
