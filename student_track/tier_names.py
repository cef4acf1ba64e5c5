"""Names of the tiers for people: the same on pages and in messages."""

TIER_NAMES = {
    "severe_chronic": "Severe chronic",
    "moderate_chronic": "Moderate chronic",
    "at_risk": "At risk",
    "satisfactory": "Satisfactory",
    "too_early": "Too early",
    "withheld": "Withheld",
}
"""Every tier, worst first."""
