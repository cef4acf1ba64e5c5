"""Stage: the sample school, fictional and seeded, and the truth about it."""

from student_track.sample.calendar import SAMPLE_TODAY
from student_track.sample.effects import Effects, effect_names
from student_track.sample.school import School, chosen_school
from student_track.sample.workbook import ensure_sample_workbook, write_sample_workbook
from student_track.sample.writing import write_school

__all__ = [
    "SAMPLE_TODAY",
    "Effects",
    "School",
    "chosen_school",
    "effect_names",
    "ensure_sample_workbook",
    "write_sample_workbook",
    "write_school",
]
