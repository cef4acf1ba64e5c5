"""Named queries over rows given by hand, which hide the lake's tables until the test ends."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from pyspark.sql import SparkSession

from student_track import queries
from student_track.frames import arrow_type, frame_from_rows
from student_track.schemas import TABLES

AS_OF = date(2026, 11, 20)
VALUES = {
    "as_of_date": AS_OF,
    "school_year": 2026,
    "first_school_year": 2026,
    "tier_scope": "school",
    "blank_mark": "unknown",
    "suppress_below": 2,
}
OF_DAY = {"as_of_date": AS_OF, "school_year": 2026}
DEFAULTS: dict[str, dict[str, Any]] = {
    "student_metrics": {
        **OF_DAY,
        **{"scope": "school", "cohort_id": "", "status": "enrolled", "tier": "satisfactory", "needs_attention": False},
        **{"previous_tier": "satisfactory", "tier_change": "same", "attention_reasons": "", "is_streak_open": False},
        **{"count_streak_units": 0, "attendance_rate": 1.0, "count_tardy_sessions": 0, "count_known_sessions": 20},
    },
    "cohort_metrics": {**OF_DAY, "scope": "cohort", "period_kind": "year_to_date", "is_suppressed": False},
    "sessions": {
        **{"school_year": 2026, "period": "", "is_taken": True, "is_cancelled": False},
        **{"is_in_sheet": True, "is_in_calendar": True},
    },
    "attendance_records": {
        **{"school_year": 2026, "counts_in_rate": True, "is_inside_enrolment_window": True},
        **{"missed_numerator": 0, "missed_denominator": 1},
    },
    "cohorts": {"is_held": False},
    "actions": {},
    "dropout_risk": {"as_of_date": AS_OF},
    "quarantine": {"is_resolved": False, "count_marks": 1},
    "sheet_tabs": {"kind": "attendance", "is_held": False},
}
View = Callable[..., None]


@pytest.fixture
def view(spark: SparkSession) -> Iterator[View]:
    """Return a function that puts rows in a table's place; what a row does not name has a plain value or is null."""
    hidden = set()

    def view(name: str, *rows: dict[str, Any]) -> None:
        named = {column for row in rows for column in row}
        columns = (column for column in TABLES[name].columns if not column.is_volatile or column.name in named)
        types = {column.name: arrow_type(column.type) for column in columns}
        whole = [DEFAULTS[name] | row for row in rows]
        assert all(row.keys() <= types.keys() for row in whole), "a row names a column that the table has not"
        frame = frame_from_rows(
            spark, list(types), [tuple(row.get(column) for column in types) for row in whole], types
        )
        frame.createOrReplaceTempView(name)
        hidden.add(name)

    yield view
    for name in hidden:
        spark.catalog.dropTempView(name)


@pytest.fixture
def answer(spark: SparkSession) -> Callable[..., list[dict[str, Any]]]:
    """Return a function that asks a query and gives its rows."""

    def answer(name: str, **values: Any) -> list[dict[str, Any]]:
        return queries.ask(spark, name, **(VALUES | values)).toArrow().to_pylist()

    return answer
