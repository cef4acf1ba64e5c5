"""Stage: gold to answers for one who explores: tables of a day read once, questions to them, and panels that ask."""

from student_track.exploring.limits import limit_changes, moved_tier, tiers_at_limit
from student_track.exploring.panels import (
    cohort_choice,
    cohorts_choice,
    limit_choice,
    panel,
    period_choice,
    student_choice,
)
from student_track.exploring.people import marks_of, reasons_of, student_key_of, students_of
from student_track.exploring.periods import compared_cohorts
from student_track.exploring.school import School, read_school

__all__ = [
    "School",
    "cohort_choice",
    "cohorts_choice",
    "compared_cohorts",
    "limit_changes",
    "limit_choice",
    "marks_of",
    "moved_tier",
    "panel",
    "period_choice",
    "read_school",
    "reasons_of",
    "student_choice",
    "student_key_of",
    "students_of",
    "tiers_at_limit",
]
