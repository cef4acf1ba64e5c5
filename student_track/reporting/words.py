"""Words and looks of the pages: one name, one sign and one colour for each tier and state, everywhere.

Words are marked for the catalogue here and translated where they are shown.
"""

from dataclasses import dataclass

from student_track.tier_names import TIER_NAMES
from student_track.translatable import N_


@dataclass(frozen=True)
class Look:
    """How a tier or a state is shown: its name, a sign that needs no colour, its colour on light and on dark ground."""

    name: str
    sign: str
    colour: str
    colour_on_dark: str


TIER_LOOKS = {
    "severe_chronic": Look(TIER_NAMES["severe_chronic"], "■", "#a3123a", "#ff9db5"),
    "moderate_chronic": Look(TIER_NAMES["moderate_chronic"], "◆", "#b4530a", "#ffb27d"),
    "at_risk": Look(TIER_NAMES["at_risk"], "▲", "#7a6400", "#f0cf65"),
    "satisfactory": Look(TIER_NAMES["satisfactory"], "●", "#256a4c", "#84d3ac"),
    "too_early": Look(TIER_NAMES["too_early"], "○", "#4b5563", "#b6bfca"),
    "withheld": Look(TIER_NAMES["withheld"], "?", "#5b5a7d", "#b9bfd6"),
}
"""Every tier, worst first."""

STATE_LOOKS = {
    "present": Look(N_("present"), "·", "#256a4c", "#84d3ac"),
    "absent": Look(N_("absent"), "✕", "#a3123a", "#ff9db5"),
    "partial": Look(N_("missed in part"), "½", "#8f4a00", "#ffb27d"),
    "unknown": Look(N_("unknown"), "?", "#5b5a7d", "#b9bfd6"),
    "not_expected": Look(N_("no session for the student"), "", "#4b5563", "#b6bfca"),
}
"""What became of a session for a student."""

CHANGES = {"worse": N_("worse"), "better": N_("better"), "first": N_("first tier"), "same": "", "none": ""}
REASONS = {"tier": N_("tier"), "early_warning": N_("early warning"), "streak": N_("streak")}
BANDS = {"low": N_("low"), "middle": N_("middle"), "high": N_("high")}
OUTCOMES = {
    "done": N_("done"),
    "held": N_("held"),
    "failed": N_("failed"),
    "skipped": N_("skipped"),
    "passed": N_("passed"),
    "refused": N_("refused"),
}
"""How a notebook of a run ended, and the gate's verdicts."""

DELIVERY_KINDS = {
    "digest": N_("digest to an owner"),
    "summary": N_("summary to an owner"),
    "resolve": N_("recoveries, in a thread"),
    "escalation": N_("escalation"),
    "update": N_("change of an earlier message"),
    "registers": N_("registers not taken"),
    "mend": N_("cells to mend"),
    "operator": N_("message to operators"),
    "heartbeat": N_("heartbeat"),
}
DELIVERY_STATES = {
    "held": N_("held: delivery is off"),
    "pending": N_("waiting to be sent"),
    "claimed": N_("being sent"),
    "sent": N_("sent"),
    "unknown": N_("answer lost, to be looked up"),
    "failed": N_("failed"),
}
PROBLEMS = {
    "unknown_mark": N_("this mark is not in the code table"),
    "unknown_student": N_("this student is on no roster"),
    "conflicting_marks": N_("two different marks for one student and session"),
    "bad_date": N_("this date cannot be told"),
    "missing_student": N_("no student stands in this row"),
    "missing_cohort": N_("no cohort stands in this row"),
    "bad_minutes": N_("these minutes are no number"),
    "unknown_calendar_type": N_("this kind of calendar entry is not known"),
    "unknown_weekday": N_("this is no weekday"),
    "left_before_joined": N_("the last day lies before the first"),
    "ends_before_it_starts": N_("this entry ends before it begins"),
    "error_value": N_("the spreadsheet shows an error here"),
    "unknown_dates": N_("these dates may be absences or not"),
    "doubtful_id": N_("this number may not be the id that was meant"),
}
"""Reasons of quarantine; one that is not listed is shown by its own name."""
LEVELS = {
    0: N_("no score: too few days, too small a class, or absent for too long"),
    1: N_("an order by published weights, and no percentage"),
    2: N_("the school's own model"),
    3: N_("the school's own model, proven over several terms"),
}
"""Levels of the ladder from which a dropout-risk score speaks."""
