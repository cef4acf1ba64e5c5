"""Pseudonyms: what stands for a student inside, in logs, file names and the model."""

from student_track.privacy.pseudonyms import student_key

__all__ = ["student_key"]
