"""How each metric is worked out, in words; what stands in braces is the policy's."""

from typing import NamedTuple

PERIOD = "{period}"
OUTSIDE = "outside: unknown {units} are in neither part"
COUNTED = "counted on its own; {blank}"
NO_TIER = "null while too early or withheld"
RECORDS = "attendance_records, sessions, enrolments"
TIER_SOURCE = "CEDS 002022 (chronic absence), tiers as in EDU's seed"


class Definition(NamedTuple):
    """One metric's formula, its period, what becomes of the unknown, and where it comes from."""

    formula: str
    period: str = PERIOD
    unknown: str = OUTSIDE
    source: str = RECORDS


POSSIBLE = Definition("number of {units} of which at least {known_share} of the expected sessions are known")
MISSED = Definition("sum over possible {units} of missed fractions ÷ known sessions, in parts of a {unit}")
RATE = Definition("1 − missed {units} ÷ possible {units}")
ABSENCES = Definition("number of possible {units} of which at least {absence_share} is missed", source="CEDS 002022")
EXCUSED = Definition("sessions with a missed fraction above 0 and an excused code; counts for the tier all the same")
UNEXCUSED = Definition("sessions with a missed fraction above 0 and no excused code")
TARDY = Definition("sessions with a tardy code; a tardy is present")
KNOWN = Definition("expected sessions with a usable mark of the student", unknown=COUNTED)
COVERAGE = Definition("known ÷ expected sessions", unknown="this is its measure; {blank}")
EXPECTED = Definition(
    "sessions of the student's own cohorts, inside the own enrolment window, not cancelled, up to the as-of date, not "
    "marked with a code outside the rate; a window without a declared end closes after {closes_after} registers "
    "without a mark",
    unknown="included",
)
WINDOW = Definition(
    "1 − missed ÷ {trend} over the last {trend} possible {units}; null before {twice_trend}",
    "last {trend} possible {units}",
)
FORMER = "the same rules on the marks as known now, recomputed as of that day"
TIER_COUNT = Definition(
    "enrolled students by their tier in {tier_scope}", unknown="too early and withheld are counted on their own"
)

OF_STUDENTS: dict[str, Definition] = {
    "count_expected_sessions": EXPECTED,
    "count_known_sessions": KNOWN,
    "count_sessions_not_taken": Definition("expected sessions without any mark in the register", unknown=COUNTED),
    "count_sessions_without_mark": Definition("expected sessions taken, less the known ones", unknown=COUNTED),
    "coverage_share": COVERAGE,
    "count_expected_units": Definition("{units} with an expected session", unknown="included"),
    "count_possible_units": POSSIBLE,
    "count_unknown_units": Definition("expected {units} less possible ones", unknown=COUNTED),
    "missed_parts": MISSED,
    "missed_units": Definition("missed_parts ÷ parts_per_unit, for display"),
    "attendance_rate": RATE,
    "count_absences": ABSENCES,
    "count_excused_sessions": EXCUSED,
    "count_unexcused_sessions": UNEXCUSED,
    "count_tardy_sessions": TARDY,
    "tier": Definition(
        "by the share of possible {units} missed (table above), compared as integers; too early before {tier_from} "
        "possible {units}",
        unknown="withheld where more than {withheld_share} of the last {withheld_window} expected {units} are unknown",
        source=TIER_SOURCE,
    ),
    "tier_since_date": Definition("date of the first {unit} of the unbroken run in which the tier has stood"),
    "previous_tier": Definition(FORMER, "{period}, as of the school day before"),
    "tier_change": Definition("tier against previous_tier", "the school day before to the as-of date"),
    "previous_week_tier": Definition(FORMER, "{period}, as of the latest school day a week or more before"),
    "tier_change_in_week": Definition("tier against previous_week_tier", "a week before to the as-of date"),
    "needs_attention_week_before": Definition(
        "what asks for attention (see needs_attention) held then: recomputed by the rules of today from the marks "
        "known today",
        "{period}, as of the latest school day a week or more before",
    ),
    "has_early_warning": Definition(
        "{early_absences} or more absences through the first {early_units} expected {units}, beside the tier",
        "first {early_units} expected {units}",
        "an unknown {unit} is one of the first, and no absence",
        "counts of early absences (Olson 2014)",
    ),
    "needs_attention": Definition(
        "enrolled, and the tier is one of {attention}, or early warning holds, or the streak is {streak} or more"
    ),
    "attention_reasons": Definition("which of the three hold"),
    "needs_attention_since_date": Definition("date of the first {unit} of the unbroken run in which any of them held"),
    "count_streak_units": Definition(
        "absences since the last possible {unit} that was none, across weekends, holidays, cohorts, excused or not",
        unknown='neither breaks nor extends; shown with "+" where one lies in between',
    ),
    "is_streak_open": Definition(
        "an unknown {unit} lies after the last possible one that was no absence", unknown="this is its measure"
    ),
    "streak_start_date": Definition("date of the first absence of the current streak"),
    "count_longest_streak_units": Definition("longest streak that stood after any {unit}"),
    "last_absence_date": Definition("latest {unit} that is an absence"),
    "last_present_date": Definition("latest possible {unit} that is no absence"),
    "last_window_rate": WINDOW,
    "previous_window_rate": WINDOW._replace(period="the {trend} possible {units} before those"),
    "trend_change": Definition("last_window_rate − previous_window_rate", "last {trend} against the {trend} before"),
    "count_absences_to_next_tier": Definition(
        "fewest whole {units} missed from now on, one after the other, with which the next tier's limit is {reached}",
        unknown=NO_TIER,
    ),
    "next_tier": Definition("the next worse tier", unknown=NO_TIER),
    "count_planned_units": Definition(
        "{units} of the calendar after the as-of date, in the cohorts of open enrolments",
        "after the as-of date to the end of the period",
        "null where any of these cohorts has no calendar",
        "sessions of the Calendar tab",
    ),
    "count_absences_left_in_year": Definition(
        "most of the planned {units} that can be missed with the next tier's limit not {reached} at the end",
        "to the end of the period",
        NO_TIER + ", or without a plan",
    ),
    "best_reachable_rate": Definition(
        "1 − missed ÷ (possible + planned)", "to the end of the period", NO_TIER + ", or without a plan"
    ),
    "count_projected_units": Definition(
        "possible + planned {units}", "to the end of the period", NO_TIER + ", or without a plan"
    ),
    "projected_missed_units": Definition(
        "missed so far + share missed so far × planned. Assumes that the share missed so far goes on and that every "
        "planned {unit} is held and known; the projected share is therefore the share missed so far",
        "to the end of the period",
        NO_TIER + ", or without a plan",
    ),
    "position_in_cohort_share": Definition(
        "students with a lower rate ÷ other students, of those enrolled in the cohort with one; null in the school's "
        "row and in a cohort of fewer than {least}"
    ),
    "count_absences_in_first_units": Definition(
        "absences among the first {early_units} expected {units}",
        "first {early_units} expected {units}",
        "an unknown {unit} is one of the first, and no absence",
        "counts of early absences (Olson 2014)",
    ),
    "absence_weekday": Definition(
        "exact one-sided hypergeometric test of absences on a weekday among possible {units}, times the number of "
        "weekdays (Bonferroni), at most {chance}; of several the one furthest above its share. Long runs of absence "
        "do not count against it, so it is a reason to ask, not a finding"
    ),
    "missing_rungs": Definition(
        "rungs of the ladder (table above) due longer than allowed, in expected {units}, with no action of their kinds "
        "dated from the day they were due",
        unknown="null where the sheet has no actions, and for those not enrolled",
        source="actions",
    ),
    "missing_rung_due_date": Definition(
        "earliest date since which a missing rung has been due", unknown="as missing_rungs", source="actions"
    ),
    "tier_history": Definition(
        "the tier after each {unit} where it is another than before, with missed and possible {units} up to then"
    ),
    "units_by_weekday": Definition("missed and possible {units} by their weekday"),
}

OF_COHORTS: dict[str, Definition] = {
    "count_students": Definition("students with an expected session", "that of the row", "included"),
    "count_sessions": Definition("sessions not cancelled", "that of the row", "included"),
    "count_sessions_taken": Definition("of them those with any mark in the register", "that of the row", "{blank}"),
    **{
        name: definition._replace(period="that of the row")
        for name, definition in {
            "count_expected_sessions": EXPECTED,
            "count_known_sessions": KNOWN,
            "coverage_share": COVERAGE,
            "count_possible_units": POSSIBLE,
            "missed_parts": MISSED,
            "attendance_rate": RATE,
            "count_absences": ABSENCES,
            "count_excused_sessions": EXCUSED,
            "count_unexcused_sessions": UNEXCUSED,
            "count_tardy_sessions": TARDY,
        }.items()
    },
    **{
        f"count_{tier}": TIER_COUNT
        for tier in ("satisfactory", "at_risk", "moderate_chronic", "severe_chronic", "too_early", "withheld")
    },
    "count_needs_attention": Definition("enrolled students with needs_attention in {tier_scope}"),
    "count_new_attention": Definition("of them those whose attention began on the as-of date", "the as-of date"),
    "count_needs_attention_week_before": Definition(
        "enrolled students with needs_attention_week_before in {tier_scope}", "a week before the as-of date"
    ),
    "count_new_attention_in_week": Definition(
        "of those who need attention, those with needs_attention_week_before false",
        "a week before to the as-of date",
    ),
    "longest_attention_since_date": Definition("earliest needs_attention_since_date of them"),
    "is_suppressed": Definition(
        "fewer than {least} students (in the year's row also enrolled ones), or so few could be worked out of sums or "
        "differences of what is shown",
        "that of the row",
        "included",
        "complementary suppression",
    ),
}
