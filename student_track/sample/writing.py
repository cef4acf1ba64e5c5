"""A sample school written where it is asked for: as a workbook or as tables, with the truth beside it."""

from collections.abc import Iterator
from pathlib import Path

from student_track.sample.calendar import SAMPLE_TODAY
from student_track.sample.school import School
from student_track.sample.truth import read_rules, school_of_sheet, school_of_tables, write_truth
from student_track.sample.workbook import write_sample_workbook


def write_school(
    school: School, workbook: Path, tables_folder: Path | None, truth_folder: Path | None, policy: Path
) -> Iterator[str]:
    """Write the workbook, or with ``tables_folder`` the tables instead, and the truth; yield what was written."""
    if tables_folder is None:
        write_sample_workbook(workbook, school)
        yield f"The sample school's workbook: {workbook}"
    else:
        from student_track.sample.tables import write_tables  # its imports cost a second that a workbook need not pay

        count = write_tables(tables_folder, school_of_tables(school))
        yield f"The sample school's tables: {tables_folder} ({count} attendance records)"
    if truth_folder is not None:
        true = school_of_sheet(school) if tables_folder is None else school_of_tables(school)
        count = write_truth(truth_folder, true, read_rules(policy), SAMPLE_TODAY)
        yield f"What is true of its {count} students: {truth_folder}"
