"""Enrolment windows as seen from an as-of date, and what they expect."""

from datetime import date

import pytest
from pyspark.sql import SparkSession

from student_track.attendance import enrolment_windows, expected_sessions
from tests.drawn_schools import draw, school_days, together
from tests.metric_frames import silver_of
from tests.plain_school import Enrolment, School

DAYS = school_days(20)
REGISTER_ALONE = {"source": "marks", "is_end_declared": False}


def window(spark: SparkSession, school: School, as_of: date, closes_after: int = 10) -> list[tuple[date, date]]:
    """Return the windows, in order."""
    silver = silver_of(spark, school)
    frame = enrolment_windows(
        silver.enrolments, silver.attendance_records, silver.sessions, silver.quarantine, as_of, closes_after
    )
    rows = frame.orderBy("student_key", "cohort_id", "stint").collect()
    return [(row.first_expected_date, row.last_expected_date) for row in rows]


@pytest.mark.parametrize(("later", "last"), [(9, None), (10, DAYS[9])])
def test_ten_later_registers_without_a_mark_close_an_undeclared_window(spark, later: int, last: date | None) -> None:
    school = draw(
        "a", "x", "--" + "." * 8 + "?" * later, DAYS[: 10 + later], stays=[Enrolment("a", "x", **REGISTER_ALONE)]
    )
    assert window(spark, school, DAYS[9 + later]) == [(DAYS[2], last)]


def test_registers_not_taken_or_cancelled_do_not_close_a_window(spark) -> None:
    school = draw("a", "x", "." * 10 + "?" * 9 + "N", DAYS, stays=[Enrolment("a", "x", **REGISTER_ALONE)])
    assert window(spark, school, DAYS[-1]) == [(DAYS[0], None)]
    cancelled = draw("a", "x", "." * 10 + "?" * 9 + "x", DAYS, stays=[Enrolment("a", "x", **REGISTER_ALONE)])
    assert window(spark, cancelled, DAYS[-1]) == [(DAYS[0], None)]


def test_registers_of_another_cohort_do_not_close_a_window(spark) -> None:
    own = draw("a", "x", "." * 5, DAYS[:5], stays=[Enrolment("a", "x", **REGISTER_ALONE)])
    other = draw("b", "y", "." * 20, DAYS)
    assert window(spark, together(own, other), DAYS[-1])[0] == (DAYS[0], None)


def test_a_mark_after_the_as_of_date_neither_opens_nor_reopens_a_window(spark) -> None:
    stay = [Enrolment("a", "x", **REGISTER_ALONE)]
    assert window(spark, draw("a", "x", "..???.", DAYS[:6], stays=stay), DAYS[4], closes_after=3) == [
        (DAYS[0], DAYS[1])
    ]
    assert window(spark, draw("a", "x", "..???.", DAYS[:6], stays=stay), DAYS[5], closes_after=3) == [(DAYS[0], None)]
    assert window(spark, draw("a", "x", "???.", DAYS[:4], stays=stay), DAYS[2]) == []


def test_declared_dates_stand_whatever_the_marks_say(spark) -> None:
    stay = Enrolment("a", "x", DAYS[3], DAYS[6])
    school = draw("a", "x", "." * 20, DAYS, stays=[stay])
    assert window(spark, school, DAYS[-1]) == [(DAYS[3], DAYS[6])]
    open_stay = draw("a", "x", "." * 5 + "?" * 15, DAYS, stays=[Enrolment("a", "x", DAYS[0])])
    assert window(spark, open_stay, DAYS[-1]) == [(DAYS[0], None)]


def test_declared_dates_after_the_as_of_date_are_not_known_yet(spark) -> None:
    school = draw(
        "a", "x", "." * 20, DAYS, stays=[Enrolment("a", "x", DAYS[0], DAYS[10]), Enrolment("b", "x", DAYS[10])]
    )
    assert window(spark, school, DAYS[9]) == [(DAYS[0], None)]
    assert window(spark, school, DAYS[10]) == [(DAYS[0], DAYS[10]), (DAYS[10], None)]


@pytest.mark.parametrize(
    ("blank_mark", "known"),
    [("unknown", {1: 0}), ("present", {1: 0, 2: 0, 3: 0}), ("absent", {1: 0, 2: 1, 3: 1})],
)
def test_a_blank_rule_knows_blanks_of_date_columns_but_never_a_mark_in_quarantine(spark, blank_mark, known) -> None:
    # day 1 marked, 2 blank in a taken register, 3 a date column nobody wrote into, 4 in quarantine, 5 only planned
    school = draw("a", "x", ".?NQ", DAYS[:4], ahead=1)
    silver = silver_of(spark, school)
    as_of = max(session.day for session in school.sessions)
    windows = enrolment_windows(
        silver.enrolments, silver.attendance_records, silver.sessions, silver.quarantine, as_of, 10
    )
    rows = expected_sessions(
        windows,
        silver.sessions,
        silver.attendance_records,
        silver.quarantine,
        DAYS[0],
        as_of,
        blank_mark,
    ).collect()
    place = {session.day: number for number, session in enumerate(school.sessions, start=1)}
    assert len(rows) == 5
    assert {place[row.session_date]: row.missed_numerator for row in rows if row.is_known} == known


def test_overlapping_stays_expect_a_session_once(spark) -> None:
    stays = [Enrolment("a", "x", DAYS[0], DAYS[9]), Enrolment("a", "x", DAYS[5], None, stint=2)]
    silver = silver_of(spark, draw("a", "x", "." * 20, DAYS, stays=stays))
    windows = enrolment_windows(
        silver.enrolments, silver.attendance_records, silver.sessions, silver.quarantine, DAYS[-1], 10
    )
    parts = (
        windows,
        silver.sessions,
        silver.attendance_records,
        silver.quarantine,
        DAYS[0],
        DAYS[-1],
        "unknown",
    )
    assert expected_sessions(*parts).count() == 20
