"""Pseudonyms: what stands for a student inside, in logs, file names and the model."""

from student_track.privacy.labels import student_anchor, student_label
from student_track.privacy.pseudonyms import student_key

__all__ = ["student_anchor", "student_key", "student_label"]
