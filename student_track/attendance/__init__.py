"""Domain: what attendance means. Windows, expected and possible units, tiers, streaks, room left; frame to frame."""

from student_track.attendance.cohort_rules import by_rules, judged, measured_units
from student_track.attendance.dates import dates_missed, latest_register_date, school_day_before, school_year_of
from student_track.attendance.ladder import missing_rungs
from student_track.attendance.measures import (
    TOO_EARLY,
    WITHHELD,
    AttentionRule,
    TierRule,
    running_measures,
    tier_of_share,
)
from student_track.attendance.room import planned_units, room_left
from student_track.attendance.units import SCOPE, in_each_scope, refuse_overfull_units, units
from student_track.attendance.weekdays import weekday_patterns
from student_track.attendance.windows import enrolment_windows, expected_sessions, is_register_taken

__all__ = [
    "SCOPE",
    "TOO_EARLY",
    "WITHHELD",
    "AttentionRule",
    "TierRule",
    "by_rules",
    "dates_missed",
    "enrolment_windows",
    "expected_sessions",
    "in_each_scope",
    "is_register_taken",
    "judged",
    "latest_register_date",
    "measured_units",
    "missing_rungs",
    "planned_units",
    "refuse_overfull_units",
    "room_left",
    "running_measures",
    "school_day_before",
    "school_year_of",
    "tier_of_share",
    "units",
    "weekday_patterns",
]
