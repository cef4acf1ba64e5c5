"""Questions about cohorts and students: rows chosen from what was read once equal what the tables say."""

import pytest

from student_track import exploring
from student_track.errors import InputError
from student_track.policy import load_policy
from student_track.resources import resource


@pytest.fixture
def school(sample_lake, lake):
    return exploring.read_school(lake, load_policy(resource("params/policy.yml")), None)


def test_periods_are_to_date_then_months_then_weeks_the_latest_first(school):
    names = list(school.periods)
    assert names[:3] == ["School year to date", "November 2026", "October 2026"]
    assert names[4:6] == ["Week of 2026-11-16", "Week of 2026-11-09"]


def test_dates_missed_are_those_of_the_period(school, lake):
    october = exploring.students_of(school, "Oak", "October 2026").set_index("student")["dates_missed_in_period"]
    counted = lake.sql(
        "SELECT r.student_key, count(DISTINCT r.session_date) AS dates FROM attendance_records r "
        "JOIN sessions s ON s.session_id = r.session_id AND NOT s.is_cancelled "
        "WHERE r.session_date BETWEEN DATE'2026-10-01' AND DATE'2026-10-31' AND r.missed_numerator > 0 "
        "AND r.counts_in_rate AND r.is_inside_enrolment_window GROUP BY r.student_key"
    ).collect()
    dates = {row.student_key: row.dates for row in counted}
    keys = school.students_in("Oak")
    assert dict(october) == {row.student: dates.get(row.student_key, 0) for row in keys.itertuples()}
    assert october.sum() > 0


def test_cohorts_stand_under_the_whole_school_lowest_attendance_first(school):
    rows = exploring.compared_cohorts(school, "October 2026")
    assert rows["cohort"][0] == "whole school"
    percents = list(rows["attendance_percent"][1:])
    assert percents == sorted(percents)
    assert list(exploring.compared_cohorts(school, "October 2026", ["Oak", "Fir"])["cohort"][1:].sort_values()) == [
        "Fir",
        "Oak",
    ]


def test_reasons_are_those_of_the_tables(school, lake):
    key = exploring.student_key_of(school, "Oak")
    rows = exploring.reasons_of(school, key)
    gold = lake.table("student_metrics").where(f"student_key = '{key}' AND scope = 'school'").first()
    attention = rows[rows["about"] == "attention"]
    assert len(attention) == len(gold.attention_reasons.split(","))
    assert f"{gold.count_possible_units} possible days missed" in attention["reason"].iloc[0]
    risk = rows[rows["about"].str.startswith("risk")]
    scored = lake.table("dropout_risk").where(f"student_key = '{key}' AND cohort_id = 'Oak'").first()
    assert list(risk["reason"]) == (scored.reasons or [f"no score: {scored.abstained_because}"])


def test_a_student_with_a_score_is_told_its_reasons(school, lake):
    row = lake.table("dropout_risk").where("band = 'high' AND size(reasons) = 3").first()
    told = exploring.reasons_of(school, row.student_key)
    assert list(told[told["about"] == "risk, band high"]["reason"]) == row.reasons


def test_marks_are_of_the_student_and_the_period_with_their_cells(school):
    key = exploring.student_key_of(school, "Oak")
    marks = exploring.marks_of(school, key, "November 2026")
    assert {date.month for date in marks["date"]} == {11}
    assert list(marks["date"]) == sorted(marks["date"], reverse=True)
    assert marks["cell"].str.fullmatch(r"[A-Z]+\d+").all()


def test_what_there_is_not_is_refused_with_what_there_is(school):
    with pytest.raises(InputError, match=r"no cohort 'Oka'.*Oak"):
        exploring.students_of(school, "Oka", "School year to date")
    with pytest.raises(InputError, match=r"no period 'May'.*October 2026"):
        exploring.compared_cohorts(school, "May")
    with pytest.raises(InputError, match=r"no 'Student 0000-0000' in Oak"):
        exploring.student_key_of(school, "Oak", "Student 0000-0000")
