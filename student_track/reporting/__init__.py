"""Stage: gold to pages. Facts are the named queries' answers; pages are self-contained HTML."""

from student_track.page_names import FIX_IT, INDEX, cohort_file
from student_track.reporting.charts import as_svg, attendance_by_week, get_ready_to_draw, tiers_by_cohort
from student_track.reporting.facts import (
    Day,
    SchoolFacts,
    absence_dates,
    cohort_rosters,
    cohort_table,
    day_of,
    school_facts,
)
from student_track.reporting.fix_it import FixItLine, FixItList, fix_it_page, fix_it_rows
from student_track.reporting.frame import Frame, Rules, frame_of
from student_track.reporting.operations import OPERATIONS, OperationsFacts, operations_facts, operations_page
from student_track.reporting.session_state import student_sessions
from student_track.reporting.site import (
    cohort_page,
    cohort_pages,
    school_page,
    should_name_nobody,
    write_site,
)
from student_track.reporting.student_facts import each_student
from student_track.reporting.student_page import student_page, student_pages
from student_track.reporting.term import Term, TermSession, current_terms
from student_track.reporting.words import TIER_LOOKS

__all__ = [
    "FIX_IT",
    "INDEX",
    "OPERATIONS",
    "TIER_LOOKS",
    "Day",
    "FixItLine",
    "FixItList",
    "Frame",
    "OperationsFacts",
    "Rules",
    "SchoolFacts",
    "Term",
    "TermSession",
    "absence_dates",
    "as_svg",
    "attendance_by_week",
    "cohort_file",
    "cohort_page",
    "cohort_pages",
    "cohort_rosters",
    "cohort_table",
    "current_terms",
    "day_of",
    "each_student",
    "fix_it_page",
    "fix_it_rows",
    "frame_of",
    "get_ready_to_draw",
    "operations_facts",
    "operations_page",
    "school_facts",
    "school_page",
    "should_name_nobody",
    "student_page",
    "student_pages",
    "student_sessions",
    "tiers_by_cohort",
    "write_site",
]
