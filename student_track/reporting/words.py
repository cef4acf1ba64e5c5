"""Words and looks of the pages: one name, one sign and one colour for each tier, everywhere."""

from dataclasses import dataclass

from student_track.tier_names import TIER_NAMES


@dataclass(frozen=True)
class TierLook:
    """How a tier is shown: its name, a sign that needs no colour, and its colour in charts."""

    name: str
    sign: str
    colour: str


TIER_LOOKS = {
    "severe_chronic": TierLook(TIER_NAMES["severe_chronic"], "■", "#a3123a"),
    "moderate_chronic": TierLook(TIER_NAMES["moderate_chronic"], "◆", "#c2570c"),
    "at_risk": TierLook(TIER_NAMES["at_risk"], "▲", "#b58900"),
    "satisfactory": TierLook(TIER_NAMES["satisfactory"], "●", "#2f7d5b"),
    "too_early": TierLook(TIER_NAMES["too_early"], "○", "#6b7280"),
    "withheld": TierLook(TIER_NAMES["withheld"], "?", "#8b8fa3"),
}
"""Every tier, worst first."""

CHANGES = {"worse": "worse", "better": "better", "first": "first tier", "same": "", "none": ""}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
REASONS = {"tier": "tier", "early_warning": "early warning", "streak": "streak"}
PROBLEMS = {
    "unknown_mark": "this mark is not in the code table",
    "unknown_student": "this student is on no roster",
    "conflicting_marks": "two different marks for one student and session",
    "bad_date": "this date cannot be told",
    "missing_student": "no student stands in this row",
    "missing_cohort": "no cohort stands in this row",
    "bad_minutes": "these minutes are no number",
    "unknown_calendar_type": "this kind of calendar entry is not known",
    "unknown_weekday": "this is no weekday",
    "error_value": "the spreadsheet shows an error here",
    "doubtful_id": "this number may be an id that lost its leading zeros",
}
"""Reasons of quarantine; one that is not listed is shown by its own name."""
