"""Stage: the sample school, fictional and seeded."""

from student_track.sample.school import SAMPLE_TODAY
from student_track.sample.workbook import ensure_sample_workbook, write_sample_workbook

__all__ = ["SAMPLE_TODAY", "ensure_sample_workbook", "write_sample_workbook"]
