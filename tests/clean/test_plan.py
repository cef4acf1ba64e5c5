"""The plan: what must be read again, and nothing else; texts from a sheet are escaped in SQL."""

import pytest

from student_track import tables
from student_track.clean.plan import condition_in, plan_reading
from student_track.frames import arrow_type, frame_from_columns
from student_track.schemas import ATTENDANCE_RECORDS, RAW_ATTENDANCE, SHEET_TABS


def add(spark, table, *rows):
    columns = {column.name: [row.get(column.name) for row in rows] for column in table.columns}
    types = {column.name: arrow_type(column.type) for column in table.columns}
    tables.append(spark, table.name, frame_from_columns(spark, columns, types))


@pytest.fixture
def lake_of(made):
    """A lake in which each source has the content and the tab kind given, read under `rules`."""

    def build(**sources):
        for source, (content, known, kind, cohort) in sources.items():
            add(
                made,
                RAW_ATTENDANCE,
                {"source_id": source, "tab": "", "row": 0, "column": 0, "value_text": content, "version": 1},
            )
            if known:
                add(made, SHEET_TABS, {"source_id": source, "tab": "t", "kind": kind, "fingerprint": f"{known}-rules"})
            if cohort:
                record = {"source_id": source, "cohort_id": cohort, "school_year": 2026, "student_key": source}
                add(made, ATTENDANCE_RECORDS, {**record, "session_id": f"{cohort}|x"})
        return made

    return build


def test_nothing_is_read_where_nothing_changed(lake_of):
    plan = plan_reading(lake_of(a=("one", "one", "attendance", "7A")), "rules")
    assert plan.read_again == ()


def test_only_the_source_that_changed_is_read(lake_of):
    spark = lake_of(a=("new", "one", "attendance", "7A"), b=("one", "one", "attendance", "7B"))
    plan = plan_reading(spark, "rules")
    assert (plan.read_again, plan.former_cohorts, plan.former_school_years) == (("a",), ("7A",), (2026,))


def test_sources_of_one_cohort_are_read_together(lake_of):
    spark = lake_of(a=("new", "one", "attendance", "7A"), b=("one", "one", "attendance", "7A"))
    assert plan_reading(spark, "rules").read_again == ("a", "b")


def test_a_changed_roster_means_all_and_an_unchanged_one_is_only_looked_into(lake_of):
    spark = lake_of(a=("one", "one", "attendance", "7A"), roster=("new", "one", "roster", None))
    assert plan_reading(spark, "rules").read_again == ("a", "roster")


def test_the_roster_of_an_unchanged_source_is_still_known(lake_of):
    spark = lake_of(a=("new", "one", "attendance", "7A"), roster=("one", "one", "roster", None))
    plan = plan_reading(spark, "rules")
    assert (plan.read_again, plan.references_only) == (("a",), ("roster",))


def test_a_new_policy_means_all(lake_of):
    assert plan_reading(lake_of(a=("one", "one", "attendance", "7A")), "other").read_again == ("a",)


@pytest.mark.parametrize("text", ["7A'; DROP TABLE students; --", "\\' OR true OR cohort_id = '", "O'Brien\\", "é 🎓"])
def test_a_text_of_a_sheet_is_only_a_text_in_sql(spark, text):
    frame = frame_from_columns(spark, {"cohort_id": [text, "other"]})
    assert [row.cohort_id for row in frame.where(condition_in("cohort_id", [text])).collect()] == [text]


def test_no_value_is_no_row():
    assert condition_in("cohort_id", []) == "false"
