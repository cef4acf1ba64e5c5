"""The boundary cases: every row hand-computed, one student each, all measured at once."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from pyspark.sql import SparkSession

from tests.drawn_schools import FINE_CODES, draw, school_days, together
from tests.metric_frames import measured_rows, policy_with
from tests.plain_school import Enrolment, Record, School, Session

DAYS = school_days(110)
AS_OF = DAYS[-1]
Row = dict[str, object]

CASES = {
    "ninety": "A" + "." * 9,
    "ninety_five": "A" + "." * 19,
    "eighty": "AA" + "." * 8,
    "just_above_ninety": "AAf" + "." * 22,  # 2.499 / 25 = 9.996 %
    "thirds_to_ninety": "ttt" + "." * 7,  # 1 / 10, which no decimal of thirds adds up to
    "third_of_each_period": "[A..][A..][A..]" + "." * 7,  # the same by one of three periods on three days
    "nine_units": "AAAAA....",
    "early_at_twenty_units": "AA" + "." * 18,
    "early_over_at_twenty_one": "AA" + "." * 19,
    "one_absence_is_no_warning": "A........",
    "tardy": "T" + "." * 9,
    "half_day_last": "." * 9 + "H",
    "third_is_no_absence": "." * 9 + "t",
    "half_of_two_periods": "." * 9 + "[.A]",
    "unmapped": "Q" + "." * 19,
    "unmapped_beside_absence": "QA" + "." * 19,
    "not_taken": "N" + "." * 19,
    "without_mark": "?" + "." * 19,
    "half_known_is_possible": "[A?]" + "." * 9,
    "third_known_is_not": "[A??]" + "." * 9,
    "cancelled": "xxx" + "." * 10,
    "does_not_count": "OOO" + "." * 10,
    "withheld": "." * 17 + "???",  # 3 of the last 20 is more than 10 %
    "two_of_twenty_unknown": "." * 18 + "??",
    "unknown_slid_out": "???" + "." * 20,
    "withheld_of_eleven": "." * 9 + "??" + ".",  # 2 of 12; with 10 possible
    "too_early_wins": "." * 9 + "???????",
    "streak": ".......AEA",
    "streak_plus": ".......A?A",
    "streak_plus_before": ".......?AA",
    "streak_plus_after": ".......AA?",
    "unknown_before_present_is_no_plus": "......?.AA",
    "weekend_in_streak": "." * 15 + "AAA",
    "trend_39": "." * 39,
    "trend_40": "A" * 4 + "." * 16 + "A" + "." * 19,
    "trend_skips_unknown": "A" * 4 + "." * 16 + "A" + "?" + "." * 19,
    "excused_split": "AEEH" + "." * 30,
}


@pytest.fixture(scope="module")
def school() -> School:
    drawn = [draw(name, f"class {name}", signs, DAYS) for name, signs in CASES.items()]
    long = "A" * 100 + "." * 10
    week_20 = [Enrolment("joined", "class joined", DAYS[100])]
    week_12 = [Enrolment("left", "class left", DAYS[0], DAYS[59])]
    return together(
        *drawn,
        draw("joined", "class joined", long, DAYS, stays=week_20),
        draw("left", "class left", long, DAYS, stays=week_12),
        draw("room", "class room", "A" + "." * 24, DAYS, ahead=25),
        draw("room_severe", "class severe", "A" * 5 + "." * 15, DAYS, ahead=5),
        _two_cohorts(),
        _transfer(),
        _nobody(),
    )


def _two_cohorts() -> School:
    """Eleven days; a holiday of one cohort, a cancelled day of the other, and marks written for days to come."""
    morning = draw("both", "morning", "AA..x......", DAYS)
    evening = draw("both", "evening", "A.-.A---x.A", DAYS)
    ahead = Session("morning|ahead", "morning", AS_OF + timedelta(days=1))
    return together(morning, evening, School([], [ahead], [Record("both", "morning|ahead", Fraction(1))], []))


def _transfer() -> School:
    """Six days in one cohort, two of them missed; then six in another, one missed."""
    former = draw("moved", "former", "AA....------", DAYS, stays=[Enrolment("moved", "former", DAYS[-12], DAYS[-7])])
    return together(former, draw("moved", "new", "A.....", DAYS))


def _nobody() -> School:
    """On a roster without dates, with no mark; and in a register alone, with no mark up to the as-of date."""
    roster = Enrolment("listed", "class ninety", is_end_declared=False)
    register = Enrolment("named", "class ninety", source="marks", is_end_declared=False)
    return School([roster, register], [], [], [])


@pytest.fixture(scope="module")
def rows(spark: SparkSession, school: School) -> dict[tuple[str, str, str], Row]:
    return measured_rows(spark, school, AS_OF, policy_with(codes=FINE_CODES))


@pytest.fixture(scope="module")
def row(rows: dict[tuple[str, str, str], Row]) -> object:
    """A student's row of the whole school."""
    return lambda student: rows[student, "school", ""]


TIERS = {
    "ninety": "moderate_chronic",
    "ninety_five": "at_risk",
    "eighty": "severe_chronic",
    "just_above_ninety": "at_risk",
    "thirds_to_ninety": "moderate_chronic",
    "third_of_each_period": "moderate_chronic",
    "nine_units": "too_early",
    "tardy": "satisfactory",
    "half_day_last": "at_risk",  # 0.5 / 10 = 5 %, the limit itself
    "unmapped": "satisfactory",
    "not_taken": "satisfactory",
    "withheld": "withheld",
    "two_of_twenty_unknown": "satisfactory",
    "unknown_slid_out": "satisfactory",
    "withheld_of_eleven": "withheld",
    "too_early_wins": "too_early",
    "half_known_is_possible": "moderate_chronic",  # 1 / 10
    "third_known_is_not": "too_early",  # nine possible
    "cancelled": "satisfactory",
    "does_not_count": "satisfactory",
}


@pytest.mark.parametrize("student", TIERS)
def test_tier(row, student: str) -> None:
    assert row(student)["tier"] == TIERS[student]


def test_tier_of_a_cohort_is_that_of_the_school_for_a_student_of_one(rows) -> None:
    assert rows["ninety", "cohort", "class ninety"]["tier"] == "moderate_chronic"


def test_nine_possible_units_five_missed_warn_early(row) -> None:
    assert row("nine_units")["has_early_warning"] is True
    assert row("nine_units")["attention_reasons"] == "early_warning"


def test_early_warning_stands_beside_the_tier_to_the_twentieth_unit(row) -> None:
    assert row("early_at_twenty_units")["has_early_warning"] is True
    assert row("early_over_at_twenty_one")["has_early_warning"] is False
    assert row("one_absence_is_no_warning")["has_early_warning"] is False


def test_one_tardy_is_present(row) -> None:
    assert (row("tardy")["missed_units"], row("tardy")["count_absences"]) == (0.0, 0)
    assert row("tardy")["count_tardy_sessions"] == 1


def test_half_a_day_misses_half_and_counts_as_an_absence(row) -> None:
    assert (row("half_day_last")["missed_units"], row("half_day_last")["count_streak_units"]) == (0.5, 1)
    assert row("half_of_two_periods")["count_streak_units"] == 1


def test_a_third_of_a_day_is_no_absence(row) -> None:
    assert row("third_is_no_absence")["count_absences"] == 0
    assert row("third_is_no_absence")["last_present_date"] == AS_OF


def test_unmapped_mark_leaves_the_rate_and_is_without_a_usable_mark(row) -> None:
    assert (row("unmapped")["attendance_rate"], row("unmapped")["count_possible_units"]) == (1.0, 19)
    assert row("unmapped")["count_sessions_without_mark"] == 1
    assert row("unmapped_beside_absence")["attendance_rate"] == 0.95  # 1 of 20, not of 21


def test_register_not_taken_lowers_coverage_and_leaves_the_rate(row) -> None:
    assert (row("not_taken")["attendance_rate"], row("not_taken")["coverage_share"]) == (1.0, 0.95)
    assert (row("not_taken")["count_sessions_not_taken"], row("not_taken")["count_sessions_without_mark"]) == (1, 0)
    assert (row("without_mark")["count_sessions_not_taken"], row("without_mark")["count_sessions_without_mark"]) == (
        0,
        1,
    )


def test_cancelled_sessions_and_marks_that_do_not_count_are_not_expected(row) -> None:
    assert (row("cancelled")["count_expected_sessions"], row("does_not_count")["count_expected_sessions"]) == (10, 10)


def test_joined_in_week_20_counts_the_own_window_only(row) -> None:
    assert (row("joined")["count_expected_units"], row("joined")["attendance_rate"]) == (10, 1.0)
    assert row("joined")["period_start_date"] == DAYS[100]


def test_left_in_week_12_is_kept_with_status_and_never_asks_for_attention(row) -> None:
    left = row("left")
    assert (left["status"], left["count_expected_units"], left["tier"]) == ("left", 60, "severe_chronic")
    assert (left["needs_attention"], left["attention_reasons"]) == (False, "")
    assert (left["needs_attention_since_date"], left["last_expected_date"]) == (None, DAYS[59])


def test_two_cohorts_with_different_calendars_holiday_and_future_date(row, rows) -> None:
    # day       1    2  3  4  5 6 7 8 9 10 11
    # morning   A    A  .  .  x . . . .  .  .
    # evening   A    .     .  A       x  .  A     a day's share: 1, 1/2, 0, 0, 1, 0, 0, 0, 0, 0, 1/2
    both = row("both")
    assert (both["count_expected_sessions"], both["count_expected_units"]) == (16, 11)
    assert (both["missed_units"], both["count_absences"]) == (3.0, 4)
    assert (both["count_streak_units"], both["streak_start_date"], both["last_absence_date"]) == (1, AS_OF, AS_OF)
    assert rows["both", "cohort", "morning"]["missed_units"] == 2.0
    assert rows["both", "cohort", "evening"]["count_possible_units"] == 6


def test_transfer_keeps_the_story_in_the_school_and_each_cohort_its_own(row, rows) -> None:
    moved = row("moved")
    assert (moved["status"], moved["count_possible_units"], moved["missed_units"]) == ("enrolled", 12, 3.0)
    assert (moved["first_expected_date"], moved["last_expected_date"]) == (DAYS[-12], None)
    assert rows["moved", "cohort", "former"]["status"] == "left"
    assert rows["moved", "cohort", "new"]["missed_units"] == 1.0


def test_student_on_a_roster_without_dates_and_marks_has_not_started(row, rows) -> None:
    listed = row("listed")
    assert (listed["status"], listed["tier"], listed["attendance_rate"]) == ("not_started", "too_early", None)
    assert (listed["count_expected_units"], listed["tier_since_date"]) == (0, None)
    assert ("named", "school", "") not in rows


STREAKS = {
    "streak": (3, False),
    "streak_plus": (2, True),
    "streak_plus_before": (2, True),
    "streak_plus_after": (2, True),
    "unknown_before_present_is_no_plus": (2, False),
    "weekend_in_streak": (3, False),
    "ninety": (0, False),
}


@pytest.mark.parametrize("student", STREAKS)
def test_streak(row, student: str) -> None:
    assert (row(student)["count_streak_units"], row(student)["is_streak_open"]) == STREAKS[student]


def test_streak_of_three_asks_for_attention_since_its_third_day(row) -> None:
    assert row("weekend_in_streak")["attention_reasons"] == "tier,early_warning,streak"  # 3 / 18 too
    assert row("weekend_in_streak")["needs_attention_since_date"] == DAYS[-2]  # two absences of 17: 11.8 %
    assert row("weekend_in_streak")["streak_start_date"] == DAYS[-3]


def test_tier_stands_since_the_unit_that_made_it(row) -> None:
    assert row("ninety")["tier_since_date"] == AS_OF  # the tenth unit: too early before
    assert (row("ninety")["previous_tier"], row("ninety")["tier_change"]) == ("too_early", "first")
    assert row("ninety_five")["tier_since_date"] == DAYS[-10]  # 1 of 10 is moderate, 1 of 11 at risk
    assert row("ninety_five")["tier_change"] == "same"
    assert row("half_day_last")["tier_change"] == "first"
    assert row("nine_units")["tier_change"] == "none"


def test_trend_is_not_shown_before_forty_possible_units(row) -> None:
    assert (row("trend_39")["last_window_rate"], row("trend_39")["trend_change"]) == (None, None)
    assert (row("trend_40")["previous_window_rate"], row("trend_40")["last_window_rate"]) == (0.8, 0.95)
    assert row("trend_40")["trend_change"] == pytest.approx(0.15)
    assert row("trend_skips_unknown")["last_window_rate"] == 0.95


def test_excused_absences_count_for_the_tier_and_the_split_is_shown(row) -> None:
    split = row("excused_split")
    assert (split["count_excused_sessions"], split["count_unexcused_sessions"], split["missed_units"]) == (2, 2, 3.5)
    assert split["tier"] == "moderate_chronic"  # 3.5 / 34


def test_room_left_now_and_to_the_end_of_the_year(row) -> None:
    # 1 of 25 missed. Now: 2 of 26 is over 5 %. Of 50 in the year, 2 missed is 4 %, 3 is 6 %: one more.
    room = row("room")
    assert (room["tier"], room["next_tier"], room["count_planned_units"]) == ("satisfactory", "at_risk", 25)
    assert (room["count_absences_to_next_tier"], room["count_absences_left_in_year"]) == (1, 1)
    assert room["best_reachable_rate"] == 0.98


def test_severe_has_no_next_tier_and_still_a_best_rate(row) -> None:
    severe = row("room_severe")
    assert (severe["next_tier"], severe["count_absences_to_next_tier"]) == (None, None)
    assert severe["best_reachable_rate"] == 0.8  # 5 of 25


def test_no_room_is_said_without_a_plan_or_a_tier(row) -> None:
    assert (row("ninety")["count_planned_units"], row("ninety")["best_reachable_rate"]) == (None, None)
    assert row("ninety")["count_absences_to_next_tier"] == 2  # 2 of 11 is 18 %, 3 of 12 is 25 %
    for student in ("nine_units", "withheld"):
        assert (row(student)["next_tier"], row(student)["count_absences_to_next_tier"]) == (None, None)


def test_every_row_names_its_date_year_policy_and_parts(rows) -> None:
    stamps = {tuple(row[name] for name in ("as_of_date", "school_year", "parts_per_unit")) for row in rows.values()}
    assert len(stamps) == 1
    assert next(iter(stamps))[:2] == (AS_OF, 2026)
    assert all(isinstance(row["period_start_date"], date) for row in rows.values())
