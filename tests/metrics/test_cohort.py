"""Rows of cohorts and of the school: what they add up, by period; suppression marked."""

from datetime import date

import pytest
from pyspark.sql import SparkSession

from student_track import metrics
from student_track.frames import kept
from student_track.policy import Policy
from tests.drawn_schools import draw, school_days, together
from tests.metric_frames import SCHOOL_YEAR, gold_of, policy_with, silver_of
from tests.plain_school import Enrolment, School
from tests.random_schools import Shape, random_school

DAYS = school_days(12)  # 2026-08-31, a Monday, to 2026-09-15, a Tuesday
Rows = dict[tuple[str, str, str], dict[str, object]]


def stamp_of(school: School, policy: Policy, as_of: date) -> metrics.Stamp:
    first = min(session.day for session in school.sessions)
    return metrics.Stamp(as_of, SCHOOL_YEAR, first, policy.parts_per_unit, policy.version)


def cohort_rows(spark: SparkSession, school: School, policy: Policy, as_of: date) -> tuple[Rows, list[dict]]:
    """Return the cohort rows by cohort (empty: the school), kind and value of the period; and the student rows."""
    silver, stamp = silver_of(spark, school), stamp_of(school, policy, as_of)
    measured = metrics.measure(silver, policy, stamp, as_of)
    students = kept(spark, gold_of(silver, policy, as_of, stamp.from_date))
    small_marked = metrics.cohort_metrics(
        metrics.count_registers(silver.sessions, stamp, policy.blank_mark),
        metrics.count_student_sessions(measured.expected, stamp),
        metrics.count_units(measured.units, stamp),
        metrics.count_tiers(students, stamp, policy.tier_scope),
        stamp,
        policy.suppress_groups_below,
    )
    frame = metrics.suppress_complements(
        kept(spark, small_marked), measured.expected, stamp, policy.suppress_groups_below
    )
    rows = frame.toArrow().to_pylist()
    by_group = {(row["cohort_id"], row["period_kind"], row["period_value"]): row for row in rows}
    assert len(by_group) == len(rows), "a group stands twice"
    return by_group, students.toArrow().to_pylist()


@pytest.fixture(scope="module")
def drawn(spark: SparkSession) -> Rows:
    # Monday 31 August to Tuesday 15 September: weeks 36, 37 and two days of 38; one day in August.
    group = [draw(f"s{number}", "big", "." * 12, DAYS) for number in range(9)]
    once = school_of_one_calendar(group)
    more = [
        draw("absent", "small", "AA.........N", DAYS),  # 2 of 11
        draw("later", "later", "TE", DAYS, stays=[Enrolment("later", "later", DAYS[-2])]),
    ]
    return cohort_rows(spark, together(once, *more), policy_with(), DAYS[-1])[0]


def school_of_one_calendar(schools: list[School]) -> School:
    """Students drawn in one cohort share its sessions."""
    everything = together(*schools)
    return everything._replace(sessions=list(dict.fromkeys(everything.sessions)))


def test_sessions_and_registers_taken(drawn: Rows) -> None:
    year = drawn["small", "year_to_date", "2026"]
    assert (year["count_sessions"], year["count_sessions_taken"]) == (12, 11)
    assert (year["period_start_date"], year["period_end_date"]) == (DAYS[0], DAYS[-1])
    assert drawn["", "year_to_date", "2026"]["count_sessions"] == 12 + 12 + 2


def test_weeks_are_iso_weeks_and_months_are_months(drawn: Rows) -> None:
    weeks = {
        value: row["count_possible_units"]
        for (cohort, kind, value), row in drawn.items()
        if (cohort, kind) == ("small", "week")
    }
    months = {
        value: row["count_absences"]
        for (cohort, kind, value), row in drawn.items()
        if (cohort, kind) == ("small", "month")
    }
    assert weeks == {"2026-W36": 5, "2026-W37": 5, "2026-W38": 1}
    assert months == {"2026-08": 1, "2026-09": 1}


def test_weekdays_run_from_one_for_monday(drawn: Rows) -> None:
    mondays = drawn["small", "weekday", "1"]
    assert (mondays["count_possible_units"], mondays["count_absences"]) == (3, 1)
    assert mondays["attendance_rate"] == pytest.approx(2 / 3)
    assert ("small", "weekday", "7") not in drawn


def test_groups_under_the_limit_are_marked(drawn: Rows) -> None:
    assert drawn["big", "year_to_date", "2026"]["is_suppressed"] is True  # nine
    assert drawn["", "year_to_date", "2026"]["is_suppressed"] is False  # eleven
    wednesdays = drawn["", "weekday", "3"]
    assert (wednesdays["count_students"], wednesdays["is_suppressed"]) == (10, False)  # the limit itself is shown


def test_a_group_that_a_small_one_could_be_worked_out_from_is_marked_too(spark: SparkSession) -> None:
    classes = {"small": 9, "next": 10, "big": 12}
    school = school_of_one_calendar(
        [draw(f"{name}{number}", name, "." * 7, DAYS) for name, count in classes.items() for number in range(count)]
    )
    rows = cohort_rows(spark, school, policy_with(), DAYS[-1])[0]
    shown = {cohort for (cohort, _, _), row in rows.items() if not row["is_suppressed"]}
    hidden = {cohort for (cohort, _, _), row in rows.items() if row["is_suppressed"]}
    assert (shown, hidden) == ({"", "big"}, {"small", "next"})


def test_a_cohort_that_all_its_few_students_have_left_cannot_be_had_by_subtraction(spark: SparkSession) -> None:
    gone = [
        draw(f"gone{number}", "gone", "A......", DAYS, stays=[Enrolment(f"gone{number}", "gone", DAYS[0], DAYS[6])])
        for number in range(3)
    ]
    others = [draw(f"{name}{number}", name, "." * 12, DAYS) for name in ("next", "big") for number in range(12)]
    rows = cohort_rows(spark, school_of_one_calendar([*gone, *others]), policy_with(), DAYS[-1])[0]
    years = {cohort: row for (cohort, kind, _), row in rows.items() if kind == "year_to_date"}
    assert (years["gone"]["count_students"], years["gone"]["count_too_early"]) == (3, 0)
    assert {cohort for cohort, row in years.items() if row["is_suppressed"]} == {"big", "gone"}


def test_enrolled_students_are_counted_by_tier_for_the_year_only(drawn: Rows) -> None:
    year = drawn["", "year_to_date", "2026"]
    assert (year["count_satisfactory"], year["count_moderate_chronic"], year["count_too_early"]) == (9, 1, 1)
    assert (year["count_needs_attention"], drawn["", "weekday", "1"]["count_too_early"]) == (1, None)


def test_excused_absences_and_tardies_are_counted_where_they_stand(drawn: Rows) -> None:
    later = drawn["later", "year_to_date", "2026"]
    counts = (later["count_excused_sessions"], later["count_unexcused_sessions"], later["count_tardy_sessions"])
    assert counts == (1, 0, 1)


def test_the_week_of_new_year_belongs_to_its_thursdays_year(spark: SparkSession) -> None:
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4)]  # Thursday and Friday of W53, Monday of W1
    school = draw("a", "x", "...", days)
    rows = metrics.count_registers(
        silver_of(spark, school).sessions, stamp_of(school, policy_with(), days[-1]), "unknown"
    )
    weeks = rows.where("period_kind = 'week' AND scope = 'cohort'").orderBy("period_value").collect()
    assert [row.period_value for row in weeks] == ["2026-W53", "2027-W01"]


def test_periods_add_up_to_the_year_and_students_to_their_groups(spark: SparkSession) -> None:
    shape = Shape()
    rows, students = cohort_rows(spark, random_school(5, shape), policy_with(tier_from_possible_units=3), shape.as_of)
    of_students = ("expected_sessions", "known_sessions", "possible_units", "absences", "tardy_sessions")
    added = [*(f"count_{name}" for name in of_students), "missed_parts", "count_excused_sessions"]
    for cohort in {cohort for cohort, _, _ in rows}:
        year = rows[cohort, "year_to_date", str(SCHOOL_YEAR)]
        for kind in ("month", "week", "weekday"):
            parts = [row for (own, of_kind, _), row in rows.items() if (own, of_kind) == (cohort, kind)]
            for name in (*added, "count_sessions", "count_sessions_taken"):
                assert sum(part[name] for part in parts) == year[name], (cohort, kind, name)
        own = [row for row in students if row["cohort_id"] == cohort]
        for name in added:
            assert sum(row[name] for row in own) == year[name], (cohort, name)
        tiers = sum(value for name, value in year.items() if name in TIER_COUNTS)
        assert tiers == sum(row["status"] == "enrolled" for row in own)


TIER_COUNTS = {
    f"count_{name}"
    for name in ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic", "too_early", "withheld")
}
