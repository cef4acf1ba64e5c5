"""Units: grouping, order, exactness, and what is refused."""

from datetime import date
from fractions import Fraction

import pytest
from pyspark.sql import SparkSession

from student_track import metrics
from student_track.attendance import refuse_overfull_units
from student_track.errors import InputError
from tests.drawn_schools import FINE_CODES, draw, school_days, together
from tests.metric_frames import policy_with, silver_of
from tests.plain_school import School

DAYS = school_days(3)


def measured(spark: SparkSession, school: School, **changes: object) -> metrics.Measured:
    policy = policy_with(codes=FINE_CODES, **changes)
    stamp = metrics.Stamp(DAYS[-1], 2026, DAYS[0], policy.parts_per_unit, policy.version)
    return metrics.measure(silver_of(spark, school), policy, stamp, DAYS[-1])


def units(spark: SparkSession, school: School, **changes: object) -> list[tuple[date, bool, Fraction]]:
    """Return the units of the whole school in order: date, possible?, share missed."""
    parts = policy_with(codes=FINE_CODES, **changes).parts_per_unit
    rows = measured(spark, school, **changes).units.where("scope = 'school'").orderBy("student_key", "unit_number")
    return [(row.unit_date, row.is_possible, Fraction(row.missed_parts, parts)) for row in rows.collect()]


def test_the_share_of_a_day_is_exact_whatever_its_sessions(spark) -> None:
    # 1 of 7; a third and 499 thousandths of 3; of 5 sessions two unknown, one of the three known missed
    school = draw("a", "x", "[A......][tf.][A..??]", DAYS)
    shares = [share for _, _, share in units(spark, school)]
    assert shares == [Fraction(1, 7), (Fraction(1, 3) + Fraction(499, 1000)) / 3, Fraction(1, 3)]


def test_the_sessions_of_all_cohorts_on_a_date_are_one_day(spark) -> None:
    school = together(draw("a", "x", "A..", DAYS), draw("a", "y", "...", DAYS))
    assert [share for _, _, share in units(spark, school)] == [Fraction(1, 2), 0, 0]


def test_counted_by_session_each_stands_alone_in_order_of_date_period_and_cohort(spark) -> None:
    school = together(draw("a", "y", "[.A].", DAYS[:2]), draw("a", "x", "[A.].", DAYS[:2]))
    found = units(spark, school, unit="session")
    assert [share for _, _, share in found] == [1, 0, 0, 1, 0, 0]  # x1 y1 x2 y2, then x and y


def test_a_day_without_a_known_session_is_never_possible(spark) -> None:
    assert units(spark, draw("a", "x", "?..", DAYS), possible_from_known="0")[0][1:] == (False, 0)


def test_twenty_four_sessions_on_a_date_are_exact_and_one_more_is_refused(spark) -> None:
    school = draw("a", "x", f"[{'A' * 5}{'.' * 19}]..", DAYS)
    frames = measured(spark, school)
    refuse_overfull_units(frames.expected, "day")
    assert units(spark, school)[0][2] == Fraction(5, 24)
    with pytest.raises(InputError, match=r"2026-08-31: student a has 25 sessions on this date, and more than 24"):
        refuse_overfull_units(measured(spark, draw("a", "x", f"[{'.' * 25}]..", DAYS)).expected, "day")
