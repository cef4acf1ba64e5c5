"""Silver: students, cohorts, enrolments, sessions, records and actions; what could not be understood."""

from student_track.schemas.columns import (
    CELL,
    COHORT_ID,
    SCHOOL_YEAR,
    SOURCE_ID,
    STUDENT_KEY,
    TAB,
    Column,
    Table,
    at,
    count,
    day,
    flag,
    text,
)

SHEET_TABS = Table(
    "sheet_tabs",
    "silver",
    "one row per source and tab, as silver holds it",
    ("source_id", "tab"),
    "02_clean_attendance_silver",
    (
        SOURCE_ID,
        TAB,
        text("kind", "attendance, roster, calendar, owners, actions, empty, ignored or gone"),
        text("layout", "long or wide, of an attendance tab"),
        Column("header_row", "int", "row taken for the header"),
        text("note", "what was recognised, ignored or asked for"),
        text("fingerprint", "content of the source, policy and contract that silver was built from"),
        count("count_marks", "marks found in the tab"),
        count("count_records", "marks that became an attendance record"),
        count("count_quarantined", "marks in quarantine"),
        count("count_duplicates", "marks equal to another of the same student and session"),
        flag("is_held", "too much quarantine: the tab's silver keeps its last good rows"),
        text("held_reason", "why the tab is held"),
        text("tab_id", "the tab's own id in a Google spreadsheet (sheetId), which a new title does not change"),
        text("settled_sessions", "fingerprints of the sessions whose marks all became records, blank-separated"),
    ),
)

STUDENTS = Table(
    "students",
    "silver",
    "one row per student",
    ("student_key",),
    "02_clean_attendance_silver",
    (
        STUDENT_KEY,
        text("student_id", "id as written in the sheet", is_personal=True),
        text("student_name", "name as written in the sheet", is_personal=True),
        flag("is_on_roster", "named on a roster, not only in an attendance tab"),
    ),
)

COHORTS = Table(
    "cohorts",
    "silver",
    "one row per cohort",
    ("cohort_id",),
    "02_clean_attendance_silver",
    (
        COHORT_ID,
        text("cohort_name", "name for people"),
        text("owner", "who looks after the cohort's students (e-mail or name)", is_personal=True),
        text("deputy", "who stands in for the owner", is_personal=True),
        text("teacher", "who takes the register", is_personal=True),
        flag("is_held", "the cohort's silver keeps its last good rows"),
        text("held_reason", "why the cohort is held"),
    ),
)

ENROLMENTS = Table(
    "enrolments",
    "silver",
    "one row per student, cohort and stint",
    ("student_key", "cohort_id", "stint"),
    "02_clean_attendance_silver",
    (
        STUDENT_KEY,
        COHORT_ID,
        Column("stint", "int", "number of the stay in the cohort, from 1"),
        day("first_expected_date", "declared first day, inclusive; null: from the first mark"),
        day("last_expected_date", "declared last day, inclusive; null: open or not declared"),
        text("source", "roster or marks"),
        flag("is_end_declared", "the roster has a column for the last day, so a blank one means still enrolled"),
    ),
)

SESSIONS = Table(
    "sessions",
    "silver",
    "one row per cohort, date and period",
    ("session_id",),
    "02_clean_attendance_silver",
    (
        text("session_id", "cohort|date, or cohort|date|period where the sheet has periods"),
        COHORT_ID,
        day("session_date", "local date of the session"),
        text("period", "period of the day as written; empty where the sheet has none"),
        text("term", "term: its name in the calendar, otherwise its number within the school year"),
        flag("is_taken", "any mark stands in the register"),
        flag("is_cancelled", "cancelled by the calendar or by the sheet"),
        flag("is_in_sheet", "the sheet has a row or column for the session"),
        flag("is_in_calendar", "the calendar plans the session"),
        SCHOOL_YEAR,
    ),
    partition="school_year",
)

ATTENDANCE_RECORDS = Table(
    "attendance_records",
    "silver",
    "one row per student and session that has a usable mark",
    ("student_key", "session_id"),
    "02_clean_attendance_silver",
    (
        STUDENT_KEY,
        text("session_id", "session of the mark"),
        COHORT_ID,
        day("session_date", "local date of the session"),
        text("period", "period of the day; empty where the sheet has none"),
        text("mark", "mark as written"),
        text("state", "present, absent or partial (unknown is derived, never recorded)"),
        Column("missed_numerator", "int", "missed fraction of the session: numerator"),
        Column("missed_denominator", "int", "missed fraction of the session: denominator"),
        flag("is_excused", "the absence is excused"),
        flag("is_tardy", "came late; counts as present"),
        flag("counts_in_rate", "false: the session is not expected of this student"),
        flag("is_inside_enrolment_window", "inside a declared window; where none is declared, true"),
        SOURCE_ID,
        TAB,
        CELL,
        SCHOOL_YEAR,
    ),
    partition="school_year",
)

QUARANTINE = Table(
    "quarantine",
    "silver",
    "one row per cell that could not be understood",
    ("source_id", "tab", "cell"),
    "02_clean_attendance_silver",
    (
        SOURCE_ID,
        TAB,
        CELL,
        text("raw_value", "text of the cell as displayed", is_personal=True),
        text("reason", "unknown_mark, unknown_student, bad_date, conflicting_marks, error_value, doubtful_id ..."),
        text("what_to_do", "what the sheet's owner can do"),
        count("count_marks", "marks that this cell keeps out of the records"),
        COHORT_ID,
        text("student_key", "student of the mark, where known"),
        text("session_id", "session of the mark, where known"),
        flag("is_resolved", "the cell was mended since"),
        at("first_seen_at", "when the cell was first found"),
        at("resolved_at", "when the cell was first found mended"),
    ),
)

ACTIONS = Table(
    "actions",
    "silver",
    "one row per call, letter, meeting or acknowledgement",
    ("action_id",),
    "02_clean_attendance_silver",
    (
        text("action_id", "source, tab and row of the entry"),
        STUDENT_KEY,
        day("action_date", "local date of the action"),
        text("kind", "call, letter, meeting, acknowledgement ..."),
        text("by", "who acted", is_personal=True),
        text("note", "free text; never sent and never a feature", is_personal=True),
    ),
)
