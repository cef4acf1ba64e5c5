"""Names of the tiers for people: the same on pages and in messages."""

from student_track.translatable import N_

TIER_NAMES = {
    "severe_chronic": N_("Severe chronic"),
    "moderate_chronic": N_("Moderate chronic"),
    "at_risk": N_("At risk"),
    "satisfactory": N_("Satisfactory"),
    "too_early": N_("Too early"),
    "withheld": N_("Withheld"),
}
"""Every tier, worst first."""
