"""Stage: bronze cells to silver. Each step gives a frame; the notebook calls them one by one."""

from student_track.clean.holds import held_cohorts, tabs_frame
from student_track.clean.marks import (
    attendance_records,
    code_frame,
    judge_marks,
    problems_of_cells,
    problems_of_marks,
)
from student_track.clean.people import actions_frame, cohorts_frame, enrolments_frame, roster_keys, students_frame
from student_track.clean.plan import Plan, plan_reading
from student_track.clean.provenance import why
from student_track.clean.quarantine import quarantine_frame
from student_track.clean.reading import Reading, marks_frame, read_tabs
from student_track.clean.scope import Scope, scope_of, without_held
from student_track.clean.sessions import YearRule, calendar_of, registers_marked, scope_cohorts, sessions_frame
from student_track.clean.settled import Settled, settled_sessions, tabs_in_work, with_settled

__all__ = [
    "Plan",
    "Reading",
    "Scope",
    "Settled",
    "YearRule",
    "actions_frame",
    "attendance_records",
    "calendar_of",
    "code_frame",
    "cohorts_frame",
    "enrolments_frame",
    "held_cohorts",
    "judge_marks",
    "marks_frame",
    "plan_reading",
    "problems_of_cells",
    "problems_of_marks",
    "quarantine_frame",
    "read_tabs",
    "registers_marked",
    "roster_keys",
    "scope_cohorts",
    "scope_of",
    "sessions_frame",
    "settled_sessions",
    "students_frame",
    "tabs_frame",
    "tabs_in_work",
    "why",
    "with_settled",
    "without_held",
]
