"""Words and looks of the pages: one name, one sign and one colour for each tier, everywhere."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TierLook:
    """How a tier is shown: its name, a sign that needs no colour, and its colour in charts."""

    name: str
    sign: str
    colour: str


TIER_LOOKS = {
    "severe_chronic": TierLook("Severe chronic", "■", "#a3123a"),
    "moderate_chronic": TierLook("Moderate chronic", "◆", "#c2570c"),
    "at_risk": TierLook("At risk", "▲", "#b58900"),
    "satisfactory": TierLook("Satisfactory", "●", "#2f7d5b"),
    "too_early": TierLook("Too early", "○", "#6b7280"),
    "withheld": TierLook("Withheld", "?", "#8b8fa3"),
}
"""Every tier, worst first."""

CHANGES = {"worse": "worse", "better": "better", "first": "first tier", "same": "", "none": ""}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
REASONS = {"tier": "tier", "early_warning": "early warning", "streak": "streak"}
