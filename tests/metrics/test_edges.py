"""Edges that an independent reading of the rules found: each was once measured wrong."""

from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction

import pytest

from student_track import attendance, metrics
from student_track.errors import InputError
from student_track.frames import frame_from_rows
from student_track.policy import load_policy
from student_track.resources import resource
from tests.metric_frames import gold_of, measured_rows, policy_with, rows_by_key, silver_of
from tests.plain_school import Enrolment, Record, School, Session, Spoiled

FIRST = date(2026, 8, 31)
ME = ("a", "school", "")
SILVER = ("enrolments", "sessions", "attendance_records", "quarantine")


def school_days(count: int) -> list[date]:
    return [day for number in range(3 * count) if (day := FIRST + timedelta(number)).weekday() < 5][:count]


def school(marks: str, ahead: int = 0, stay: Enrolment | None = None) -> tuple[School, date]:
    """One student's marks day by day (. present, A absent, ? none, Q in quarantine), then days only planned."""
    days = school_days(len(marks) + ahead)
    sessions = [
        Session(f"c|{day}", "c", day, is_taken=taken, is_in_sheet=taken, is_in_calendar=True)
        for number, day in enumerate(days)
        for taken in [number < len(marks)]
    ]
    pairs = list(zip(sessions, marks, strict=False))
    records = [Record("a", session.session_id, Fraction(mark == "A")) for session, mark in pairs if mark in ".A"]
    spoiled = [Spoiled("a", session.session_id) for session, mark in pairs if mark == "Q"]
    return School([stay or Enrolment("a", "c", days[0])], sessions, records, spoiled), days[len(marks) - 1]


@pytest.mark.parametrize("marks", ["....A", "A" * 12, "............????"], ids=["too early", "severe", "withheld"])
def test_without_a_next_tier_there_is_no_room_to_state(spark, marks):
    rows, as_of = school(marks, ahead=30)
    assert measured_rows(spark, rows, as_of)[ME]["count_absences_left_in_year"] is None


def test_unreadable_marks_do_not_end_an_enrolment(spark):
    rows, as_of = school("." * 5 + "Q" * 10, stay=Enrolment("a", "c", None, None, "marks", False))
    assert measured_rows(spark, rows, as_of)[ME]["status"] == "enrolled"


def test_a_trial_mark_before_the_declared_first_day_does_not_close_the_window(spark):
    stay = Enrolment("a", "c", school_days(12)[-1], None, "roster", False)
    rows, as_of = school("." + "?" * 11, stay=stay)
    assert measured_rows(spark, rows, as_of)[ME]["status"] == "enrolled"


def test_the_first_tier_on_the_first_day_is_a_first_one(spark):
    rows, as_of = school(".")
    assert measured_rows(spark, rows, as_of, policy_with(tier_from_possible_units=1))[ME]["tier_change"] == "first"


def test_a_limit_of_everything_cannot_be_reached_by_more_absences(spark):
    rows, as_of = school("AAA" + "." * 9, ahead=3)
    row = measured_rows(spark, rows, as_of, policy_with(severe_chronic_from="100 %"))[ME]
    assert (row["next_tier"], row["count_absences_to_next_tier"]) == ("severe_chronic", None)


def test_who_left_without_a_first_day_and_marks_has_left(spark):
    rows, as_of = school("?" * 5, stay=Enrolment("a", "c", None, school_days(3)[-1]))
    assert measured_rows(spark, rows, as_of)[ME]["status"] == "left"


def test_sessions_as_units_may_be_many_on_a_date(spark):
    day = date(2026, 9, 1)
    sessions = [Session(f"c|{day}|{number}", "c", day, str(number)) for number in range(25)]
    rows = School([Enrolment("a", "c", day)], sessions, [Record("a", session.session_id) for session in sessions], [])
    policy = policy_with(unit="session")
    assert measured_rows(spark, rows, day, policy)[ME]["count_possible_units"] == 25
    stamp = metrics.Stamp(day, 2026, day, policy.parts_per_unit, "1")
    attendance.refuse_overfull_units(metrics.measure(silver_of(spark, rows), policy, stamp, day).expected, "session")


def test_period_ten_comes_after_period_two(spark):
    day = date(2026, 9, 1)
    sessions = [Session(f"c|{day}|{number}", "c", day, str(number)) for number in range(1, 13)]
    records = [Record("a", session.session_id, Fraction(int(session.period) >= 10)) for session in sessions]
    rows = School([Enrolment("a", "c", day)], sessions, records, [])
    assert measured_rows(spark, rows, day, policy_with(unit="session"))[ME]["count_streak_units"] == 3


def test_on_the_last_day_of_a_stay_nothing_is_planned(spark):
    as_of = school_days(12)[-1]
    rows, _ = school("." * 12, ahead=10, stay=Enrolment("a", "c", FIRST, as_of))
    row = measured_rows(spark, rows, as_of)[ME]
    assert (row["status"], row["count_planned_units"]) == ("enrolled", 0)


@contextmanager
def as_tables(spark, silver):
    """Make the frames known by the tables' names for a while; there is no tab of actions."""
    for name in SILVER:
        getattr(silver, name).createOrReplaceTempView(name)
    frame_from_rows(spark, ["kind"], []).createOrReplaceTempView("sheet_tabs")
    try:
        yield
    finally:
        for name in (*SILVER, "sheet_tabs"):
            spark.catalog.dropTempView(name)


def from_tables(spark, rows, as_of):
    """Gold rows by way of tables, as the notebook reads them."""
    policy = policy_with()
    with as_tables(spark, silver_of(spark, rows)):
        stamp = metrics.make_stamp(spark, policy, as_of, as_of)
        return rows_by_key(gold_of(metrics.read_silver(spark, policy, stamp), policy, as_of, stamp.from_date))


def test_a_session_dated_later_lets_no_row_appear(spark):
    rows, as_of = school("." * 5)
    rows = rows._replace(enrolments=[*rows.enrolments, Enrolment("b", "late", FIRST)])
    later = Session("late|x", "late", as_of + timedelta(7))
    before = from_tables(spark, rows, as_of)
    assert from_tables(spark, rows._replace(sessions=[*rows.sessions, later]), as_of).keys() == before.keys()
    assert ("b", "school", "") in before  # enrolled where no register was ever due: a row without units


def test_a_cohort_that_ended_with_its_school_year_has_no_row_in_the_next(spark):
    rows, as_of = school("." * 5)
    former = Session("old|2026-06-01", "old", date(2026, 6, 1))
    rows = rows._replace(
        enrolments=[*rows.enrolments, Enrolment("b", "old", date(2025, 9, 1))], sessions=[former, *rows.sessions]
    )
    policy, silver = policy_with(), silver_of(spark, rows)
    stamp = metrics.Stamp(as_of, 2026, FIRST, policy.parts_per_unit, "1")
    with as_tables(spark, silver):
        kept = metrics.read_silver(spark, policy, stamp).enrolments.collect()
    assert [row.cohort_id for row in kept] == ["c"]


def test_fractions_that_integers_could_not_hold_are_refused():
    stated = load_policy(resource("params/policy.yml")).model_dump()
    with pytest.raises(ValueError, match="write simple fractions such as 1/2 or 1/3"):
        policy_with(codes={**stated["codes"], "x": {"marks": ["xx"], "state": "partial", "missed": "0.33333"}})
    with pytest.raises(ValueError, match="write whole percents"):
        policy_with(at_risk_from="5.0001 %")


def test_overfull_days_are_refused_with_what_to_do(spark):
    day = date(2026, 9, 1)
    sessions = [Session(f"c|{day}|{number}", "c", day, str(number)) for number in range(25)]
    rows = School([Enrolment("a", "c", day)], sessions, [], [])
    policy = policy_with()
    stamp = metrics.Stamp(day, 2026, day, policy.parts_per_unit, "1")
    with pytest.raises(InputError, match="25 sessions on this date"):
        attendance.refuse_overfull_units(metrics.measure(silver_of(spark, rows), policy, stamp, day).expected, "day")
