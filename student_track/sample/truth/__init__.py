"""The truth about a sample school: what its pipeline must find, in plain Python that shares no code with it.

Of the package it uses the generator and the files' places alone; the policy is read as the YAML it is.
"""

from student_track.sample.truth.cohorts import TrueCohorts
from student_track.sample.truth.files import write_truth
from student_track.sample.truth.records import TrueSchool, school_of_sheet, school_of_tables
from student_track.sample.truth.risk import true_drop_offs, true_risks
from student_track.sample.truth.rules import Rules, read_rules
from student_track.sample.truth.students import TrueStudent, as_of_today, true_student
from student_track.sample.truth.walk import AsOf

__all__ = [
    "AsOf",
    "Rules",
    "TrueCohorts",
    "TrueSchool",
    "TrueStudent",
    "as_of_today",
    "read_rules",
    "school_of_sheet",
    "school_of_tables",
    "true_drop_offs",
    "true_risks",
    "true_student",
    "write_truth",
]
