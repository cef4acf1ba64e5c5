"""Questions whose answers are groups, registers and cells: small groups left out, each answer worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.queries.conftest import AS_OF

TIER_COUNTS = {
    **{"count_satisfactory": 10, "count_at_risk": 2, "count_moderate_chronic": 1, "count_severe_chronic": 0},
    **{"count_too_early": 1, "count_withheld": 0, "count_needs_attention": 1, "count_new_attention": 0},
}


def group(cohort="7A", **row):
    return {"cohort_id": cohort, "attendance_rate": 0.9, "coverage_share": 0.98, **TIER_COUNTS, **row}


def of_school(**row):
    return group("", scope="school", **row)


def test_by_cohort_leaves_small_groups_out_and_begins_with_the_greatest_need(view, answer):
    view(
        "cohort_metrics",
        group("7A"),
        group("7B", count_needs_attention=3),
        group("small", is_suppressed=True),
        of_school(),
    )
    view("cohorts", *({"cohort_id": name, "owner": f"{name}@example.org"} for name in ("7A", "7B", "small")))
    rows = answer("by_cohort")
    assert [(row["cohort"], row["owner"], row["students"], row["attendance_percent"]) for row in rows] == [
        ("7B", "7B@example.org", 14, 90.0),
        ("7A", "7A@example.org", 14, 90.0),
    ]


def test_of_a_school_too_small_only_that_is_said(view, answer):
    view("cohort_metrics", of_school(is_suppressed=True, period_start_date=date(2026, 9, 2)))
    (row,) = answer("school_to_date")
    said = {name: value for name, value in row.items() if value is not None}
    assert said == {"from_date": date(2026, 9, 2), "is_suppressed": True}
    view("cohort_metrics", of_school(count_tardy_sessions=5))
    (row,) = answer("school_to_date")
    assert (row["students"], row["tardies"], row["is_suppressed"]) == (14, 5, False)


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("by_month", "month", ("2026-10", "2026-09", "2026-11")),
        ("by_week", "week", ("2026-W38", "2026-W37", "2026-W39")),
        ("by_weekday", "weekday", ("2", "1", "3")),
    ],
)
def test_a_period_is_the_whole_schools_in_order_without_small_groups(view, answer, name, kind, values):
    def period(value, **row):
        first = date(2026, 9, 1) + timedelta(days=30 * sorted(values).index(value))
        return of_school(period_kind=kind, period_value=value, period_start_date=first, **row)

    first, second, last = values[1], values[0], values[2]
    view(
        "cohort_metrics",
        period(second),
        period(first, attendance_rate=0.95),
        period(last, is_suppressed=True),
        group(period_kind=kind, period_value=first),
        of_school(),
    )
    rows = answer(name)
    column = kind if kind != "weekday" else "weekday"
    assert [(str(row[column]), row["attendance_percent"]) for row in rows] == [(first, 95.0), (second, 90.0)]


def test_excused_is_a_share_of_what_is_missed_and_null_where_nothing_is(view, answer):
    view(
        "cohort_metrics",
        group("7A", count_excused_sessions=1, count_unexcused_sessions=3, count_tardy_sessions=2),
        group("7B", count_excused_sessions=0, count_unexcused_sessions=0, count_tardy_sessions=0),
        group("small", count_excused_sessions=1, count_unexcused_sessions=0, is_suppressed=True),
    )
    rows = answer("excused_against_unexcused")
    assert [(row["cohort"], row["excused_percent"], row["tardies"]) for row in rows] == [
        ("7A", 25.0, 2),
        ("7B", None, 0),
    ]


def test_coverage_says_why_the_rest_is_not_known(view, answer):
    def student(cohort, expected, not_taken, without_mark):
        counts = {"count_expected_sessions": expected, "count_sessions_not_taken": not_taken}
        return {"scope": "cohort", "cohort_id": cohort, **counts, "count_sessions_without_mark": without_mark}

    view("student_metrics", student("7A", 10, 1, 0), student("7A", 10, 1, 1), student("small", 10, 9, 0))
    view("cohort_metrics", group("7A", coverage_share=0.85), group("small", is_suppressed=True))
    assert answer("coverage_by_cohort") == [
        {
            **{"cohort": "7A", "coverage_percent": 85.0, "expected_sessions": 20},
            **{"register_not_taken": 2, "without_usable_mark": 1},
        }
    ]


def register(day, cohort="7A", **row):
    return {"session_id": f"{cohort}|{day}", "cohort_id": cohort, "session_date": day, "is_taken": False, **row}


def test_registers_not_taken_are_those_of_the_last_four_weeks(view, answer):
    view("cohorts", {"cohort_id": "7A", "teacher": "t@example.org"})
    first = AS_OF - timedelta(days=27)
    view(
        "sessions",
        register(first),
        register(first - timedelta(days=1)),
        register(AS_OF),
        register(AS_OF - timedelta(days=1), is_taken=True),
        register(AS_OF - timedelta(days=2), is_cancelled=True),
        register(AS_OF + timedelta(days=1)),
    )
    assert [(row["date"], row["teacher"]) for row in answer("registers_not_taken")] == [
        (AS_OF, "t@example.org"),
        (first, "t@example.org"),
    ]


@pytest.mark.parametrize(
    ("blank_mark", "missing"), [("unknown", ["column", "planned"]), ("present", ["planned"]), ("absent", ["planned"])]
)
def test_under_a_blank_rule_an_empty_column_is_a_register_taken(view, answer, blank_mark, missing):
    view("cohorts", {"cohort_id": "column"}, {"cohort_id": "planned"})
    view("sessions", register(AS_OF, "column"), register(AS_OF, "planned", is_in_sheet=False))
    assert [row["cohort"] for row in answer("registers_not_taken", blank_mark=blank_mark)] == missing


def test_cells_to_mend_begin_with_the_one_that_keeps_most_out(view, answer):
    view(
        "quarantine",
        {"tab": "7A", "cell": "D7", "reason": "unknown_mark"},
        {"tab": "7A", "cell": "A9", "reason": "unknown_student", "count_marks": 12},
        {"tab": "7A", "cell": "D8", "is_resolved": True},
    )
    assert [row["cell"] for row in answer("data_to_mend")] == ["A9", "D7"]


def test_mended_cells_are_counted_on_the_day_they_were_found_mended(view, answer):
    then = datetime(2026, 11, 19, 23, tzinfo=UTC)
    mended = {"is_resolved": True, "resolved_at": then}
    view("quarantine", mended, mended, mended | {"resolved_at": then + timedelta(days=1)}, {"cell": "D7"})
    assert [(row["mended_date"], row["mended_cells"]) for row in answer("mended_by_day")] == [
        (date(2026, 11, 20), 1),
        (date(2026, 11, 19), 2),
    ]


def test_coverage_by_tab_accounts_for_every_mark_of_the_attendance_tabs(view, answer):
    counts = {"count_marks": 10, "count_records": 7, "count_quarantined": 2, "count_duplicates": 1}
    view("sheet_tabs", {"tab": "7A", **counts}, {"tab": "Roster", "kind": "roster"})
    assert answer("coverage_by_tab") == [
        {"tab": "7A", "marks_in": 10, "records": 7, "quarantined": 2, "duplicates": 1, "is_held": False}
    ]


def marks(*days):
    """A record for each (day, student, numerator, denominator)."""
    return [
        {
            **{"student_key": student, "session_id": f"7A|{day}", "cohort_id": "7A", "session_date": day},
            **{"missed_numerator": part, "missed_denominator": whole, "school_year": day.year - (day.month < 8)},
        }
        for day, student, part, whole in days
    ]


def test_this_year_is_compared_with_the_same_part_of_last_year(view, answer):
    last_year = date(2025, 11, 20)
    rows = marks(
        (AS_OF, "a", 1, 1),
        (AS_OF, "b", 1, 2),
        (date(2026, 9, 7), "a", 0, 1),
        (date(2026, 9, 7), "b", 0, 1),
        (AS_OF + timedelta(days=3), "a", 1, 1),  # later than the as-of date
        (last_year, "a", 1, 3),
        (last_year, "b", 0, 1),
        (last_year + timedelta(days=1), "a", 1, 1),  # later in last year than the as-of date in this
        (last_year + timedelta(days=1), "b", 1, 1),
    )
    view("attendance_records", *rows)
    days = {row["session_date"]: row["school_year"] for row in rows}
    view("sessions", *(register(day, is_taken=True, school_year=year) for day, year in days.items()))
    view("cohort_metrics", of_school(parts_per_unit=6))
    assert [tuple(row.values()) for row in answer("this_year_against_last")] == [
        ("to date", 37.5, 16.7, 4, 2),
        ("09", 0.0, None, 2, None),
        ("11", 75.0, 16.7, 2, 2),
    ]
    assert answer("this_year_against_last", suppress_below=3) == []


def test_a_month_of_too_few_is_left_out_and_cannot_be_had_by_subtraction(view, answer):
    rows = marks((date(2026, 9, 7), "a", 1, 1), (AS_OF, "a", 0, 1), (AS_OF, "b", 1, 1))
    view("attendance_records", *rows)
    view("sessions", *(register(day, is_taken=True) for day in (date(2026, 9, 7), AS_OF)))
    view("cohort_metrics", of_school(parts_per_unit=1))
    assert [row["month"] for row in answer("this_year_against_last")] == ["11"]
    assert [row["month"] for row in answer("this_year_against_last", suppress_below=1)] == ["to date", "09", "11"]
