"""Questions whose answers are students: each answer worked out by hand, the boundary first."""

from datetime import date

import pytest

from student_track.frames import frame_from_rows
from student_track.queries import named_query
from tests.queries.conftest import AS_OF

BEFORE = date(2026, 11, 19)


def keys(rows):
    return [row["student_key"] for row in rows]


def in_need(student, streak=0, rate=0.9, **row):
    return {
        **{"student_key": student, "needs_attention": True, "attention_reasons": "tier", "tier": "moderate_chronic"},
        **{"count_streak_units": streak, "attendance_rate": rate, "needs_attention_since_date": AS_OF},
        **row,
    }


def test_the_call_list_begins_with_the_longest_streak_then_the_lowest_rate(view, answer):
    view(
        "student_metrics",
        in_need("b", rate=0.85),
        in_need("a", rate=0.85),
        in_need("low", rate=0.5),
        in_need("streak", streak=1, rate=0.89),
        {"student_key": "calm", "count_streak_units": 9},
    )
    assert keys(answer("call_list")) == ["streak", "low", "a", "b"]


def test_the_call_list_says_of_an_open_streak_that_it_may_be_longer(view, answer):
    view("student_metrics", in_need("open", 3, is_streak_open=True), in_need("whole", 2))
    assert [row["streak"] for row in answer("call_list")] == ["3+", "2"]


def test_the_call_list_names_a_student_of_two_cohorts_once_by_the_greater_need(view, answer):
    view(
        "student_metrics",
        in_need("both", streak=1, rate=0.7, scope="cohort", cohort_id="7A"),
        in_need("both", streak=2, rate=0.9, scope="cohort", cohort_id="Chess club"),
        in_need("both", streak=9, scope="school"),
        in_need("tied", streak=1, rate=0.8, scope="cohort", cohort_id="7B"),
        in_need("tied", streak=1, rate=0.8, scope="cohort", cohort_id="7A"),
    )
    rows = answer("call_list", tier_scope="cohort")
    assert [(row["student_key"], row["streak"], row["measured_in"]) for row in rows] == [
        ("both", "2", "Chess club"),
        ("tied", "1", "7A"),
    ]
    assert [(row["student_key"], row["measured_in"]) for row in answer("call_list")] == [("both", "whole school")]


def test_newly_at_risk_is_who_needs_attention_since_the_very_day(view, answer):
    view(
        "student_metrics",
        in_need("new"),
        in_need("yesterday", needs_attention_since_date=BEFORE),
        in_need("left", needs_attention=False),
    )
    assert keys(answer("newly_at_risk")) == ["new"]


@pytest.mark.parametrize(("name", "change"), [("got_worse", "worse"), ("recovered", "better")])
def test_a_change_of_tier_is_of_the_enrolled_alone(view, answer, name, change):
    others = [word for word in ("worse", "better", "same", "first", "none") if word != change]
    view(
        "student_metrics",
        {"student_key": "changed", "tier_change": change, "attendance_rate": 0.93},
        {"student_key": "left", "tier_change": change, "status": "left"},
        *({"student_key": word, "tier_change": word} for word in others),
    )
    assert keys(answer(name)) == ["changed"]


def test_one_absence_from_the_next_tier_is_one_and_not_two(view, answer):
    view(
        "student_metrics",
        *({"student_key": f"k{room}", "count_absences_to_next_tier": room} for room in (1, 2, None)),
        {"student_key": "left", "count_absences_to_next_tier": 1, "status": "left"},
    )
    assert keys(answer("one_absence_from_next_tier")) == ["k1"]


def test_tardies_begin_with_the_most_and_are_a_share_of_the_sessions_with_a_mark(view, answer):
    view(
        "student_metrics",
        {"student_key": "one", "count_tardy_sessions": 1, "count_known_sessions": 8},
        {"student_key": "rare", "count_tardy_sessions": 3, "count_known_sessions": 40},
        {"student_key": "often", "count_tardy_sessions": 3, "count_known_sessions": 12},
        {"student_key": "never"},
        {"student_key": "left", "count_tardy_sessions": 9, "status": "left"},
    )
    rows = answer("tardies")
    assert [(row["student_key"], row["tardy_percent"]) for row in rows] == [
        ("often", 25.0),
        ("rare", 7.5),
        ("one", 12.5),
    ]


def of_cohort(student, cohort, first, last=None, rate=1.0):
    dates = {"first_expected_date": first, "last_expected_date": last, "status": "left" if last else "enrolled"}
    return {"student_key": student, "scope": "cohort", "cohort_id": cohort, "attendance_rate": rate, **dates}


def test_a_transfer_is_a_stay_that_begins_after_another_ended(view, answer):
    start, end, next_day = date(2026, 9, 2), date(2026, 10, 9), date(2026, 10, 12)
    view(
        "student_metrics",
        of_cohort("moved", "7A", start, end, 0.8),
        of_cohort("moved", "7B", next_day, rate=0.95),
        of_cohort("moved", "Chess club", date(2026, 11, 2)),  # the first stay after it is the move
        of_cohort("overlap", "7A", start, end),
        of_cohort("overlap", "7B", end),
        of_cohort("left", "7A", start, end),
        *({"student_key": name, "tier": "at_risk"} for name in ("moved", "overlap", "left")),
    )
    assert answer("transfers") == [
        {
            **{"student_key": "moved", "left_cohort": "7A", "left_on": end, "joined_cohort": "7B"},
            **{"joined_on": next_day, "percent_before": 80.0, "percent_since": 95.0},
            "tier_in_the_whole_school": "at_risk",
        }
    ]


def record(day, missed=(0, 1), student="k", **row):
    numbers = dict(zip(("missed_numerator", "missed_denominator"), missed, strict=True))
    return {"student_key": student, "session_id": f"7A|{day}", "cohort_id": "7A", "session_date": day, **numbers, **row}


def session_of(day, **row):
    return {"session_id": f"7A|{day}", "cohort_id": "7A", "session_date": day, **row}


def test_an_action_is_compared_over_four_weeks_on_each_side_without_its_own_day(view, answer):
    action = date(2026, 10, 19)
    days = {
        date(2026, 9, 20): (1, 1),  # 29 days before: outside
        date(2026, 9, 21): (1, 1),  # 28 days before: inside
        date(2026, 10, 5): (1, 2),
        date(2026, 10, 16): (0, 1),
        action: (1, 1),
        date(2026, 10, 20): (0, 1),
        date(2026, 11, 16): (1, 1),  # 28 days after: inside
        date(2026, 11, 17): (1, 1),  # 29 days after: outside
    }
    view("attendance_records", *(record(day, missed) for day, missed in days.items()))
    view("sessions", *(session_of(day) for day in days))
    view("cohort_metrics", {"parts_per_unit": 2})
    view(
        "actions",
        {"action_id": "1", "student_key": "k", "action_date": action, "kind": "call"},
        {"action_id": "2", "student_key": "k", "action_date": date(2026, 11, 21), "kind": "letter"},
        {"action_id": "3", "student_key": "nobody", "action_date": action, "kind": "call"},
    )
    assert answer("effect_of_actions") == [
        {
            **{"student_key": "k", "action_date": action, "kind": "call", "marks_before": 3},
            **{"missed_before_percent": 50.0, "marks_after": 2, "missed_after_percent": 50.0},
        },
        {
            **{"student_key": "nobody", "action_date": action, "kind": "call", "marks_before": 0},
            **{"missed_before_percent": None, "marks_after": 0, "missed_after_percent": None},
        },
    ]


def test_what_does_not_count_is_no_effect_of_an_action(view, answer):
    action, day = date(2026, 11, 16), date(2026, 11, 17)
    later = date(2026, 11, 23)
    view(
        "attendance_records",
        record(day, (1, 1), counts_in_rate=False),
        record(date(2026, 11, 18), (1, 1), is_inside_enrolment_window=False),
        record(BEFORE, (1, 1)),
        record(later, (1, 1)),
    )
    days = (day, date(2026, 11, 18), BEFORE, later)
    view("sessions", *(session_of(other, is_cancelled=other == BEFORE) for other in days))
    view("actions", {"action_id": "1", "student_key": "k", "action_date": action, "kind": "call"})
    view("cohort_metrics", {"parts_per_unit": 2})
    (row,) = answer("effect_of_actions")
    assert (row["marks_after"], row["missed_after_percent"]) == (0, None)


def test_the_sentence_over_actions_warns_of_regression_to_the_mean():
    assert "no proof" in named_query("effect_of_actions").question


def test_marks_outside_an_enrolment_are_listed_up_to_the_day(view, answer):
    outside = {"is_inside_enrolment_window": False}
    view(
        "attendance_records",
        record(BEFORE, **outside),
        record(AS_OF, **outside),
        record(date(2026, 11, 23), **outside),
        record(AS_OF, student="inside"),
    )
    assert answer("outside_enrolment") == [
        {"student_key": "k", "cohort": "7A", "marks": 2, "first_date": BEFORE, "last_date": AS_OF}
    ]


def test_the_roster_names_each_cohorts_students_in_order_of_need(view, answer, spark):
    people = [(key, number, f"Name of {key}") for key, number in (("a", "1"), ("b", "2"), ("c", "3"))]
    frame_from_rows(spark, ("student_key", "student_id", "student_name"), people).createOrReplaceTempView("students")
    try:
        own = [{"student_key": key, "scope": "cohort", "cohort_id": "7A"} for key in "abc"]
        own[2]["status"] = "left"
        view("student_metrics", *own, {"student_key": "a"}, in_need("b", 2), in_need("c", 5))
        view("dropout_risk", {"student_key": "b", "cohort_id": "7A", "band": "high", "reasons": ["three of ten"]})
        logged = [("b", BEFORE, "letter"), ("b", AS_OF, "call"), ("b", date(2026, 11, 21), "visit")]
        view("actions", *({"student_key": k, "action_date": day, "kind": kind} for k, day, kind in logged))
        rows = answer("cohort_roster")
    finally:
        spark.catalog.dropTempView("students")
    assert [(row["student_name"], row["tier"]) for row in rows] == [
        ("Name of b", "moderate_chronic"),
        ("Name of a", "satisfactory"),
        ("Name of c", "moderate_chronic"),
    ]
    assert [(row["band"], row["last_action"], row["last_action_date"]) for row in rows] == [
        ("high", "call", AS_OF),  # nothing dated later
        (None, None, None),
        (None, None, None),
    ]


def test_tiers_come_in_the_order_in_which_they_began_and_weekdays_of_all_cohorts_together(view, answer):
    first = {
        "unit_number": 1,
        "since_date": BEFORE,
        "tier": "too_early",
        "missed_units": 0.5,
        "count_possible_units": 1,
    }
    second = first | {"unit_number": 12, "since_date": AS_OF, "tier": "at_risk", "count_possible_units": 12}
    monday = {"weekday": 1, "missed_units": 0.5, "count_possible_units": 7}
    row = {"student_key": "a", "scope": "cohort", "units_by_weekday": [monday, monday | {"weekday": 5}]}
    view(
        "student_metrics",
        row | {"cohort_id": "7B", "tier_history": [first, second], "units_by_weekday": [monday]},
        row | {"cohort_id": "7A", "tier_history": [first]},
        row | {"student_key": "new", "cohort_id": "7A", "units_by_weekday": None},
        row | {"scope": "school", "tier_history": [second]},
    )
    tiers = answer("student_tiers", tier_scope="cohort")
    assert [(row["cohort_id"], row["tier"], row["count_possible_units"]) for row in tiers] == [
        ("7A", "too_early", 1),
        ("7B", "too_early", 1),
        ("7B", "at_risk", 12),
    ]
    assert [tuple(row.values()) for row in answer("student_weekdays", tier_scope="cohort")] == [
        ("a", 1, 1.0, 14),
        ("a", 5, 0.5, 7),
    ]
