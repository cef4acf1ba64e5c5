"""Every table of the lake, declared once: columns, comments, grain, key, writer, retention.

``00_setup_infrastructure`` creates and migrates the lake from this list; nothing else states a schema.
"""

from student_track.schemas.bronze import RAW_ATTENDANCE
from student_track.schemas.columns import Column, Table
from student_track.schemas.gold_metrics import COHORT_METRICS, STUDENT_METRICS
from student_track.schemas.gold_operations import ALERT_EPISODES, ALERT_OUTBOX, PIPELINE_RUNS
from student_track.schemas.gold_risk import DROPOUT_RISK, RISK_MODEL_METRICS, RISK_MODELS
from student_track.schemas.silver import (
    ACTIONS,
    ATTENDANCE_RECORDS,
    COHORTS,
    ENROLMENTS,
    QUARANTINE,
    SESSIONS,
    SHEET_TABS,
    STUDENTS,
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        RAW_ATTENDANCE,
        SHEET_TABS,
        STUDENTS,
        COHORTS,
        ENROLMENTS,
        SESSIONS,
        ATTENDANCE_RECORDS,
        QUARANTINE,
        ACTIONS,
        STUDENT_METRICS,
        COHORT_METRICS,
        DROPOUT_RISK,
        RISK_MODELS,
        RISK_MODEL_METRICS,
        ALERT_EPISODES,
        ALERT_OUTBOX,
        PIPELINE_RUNS,
    )
}

__all__ = [
    "ACTIONS",
    "ALERT_EPISODES",
    "ALERT_OUTBOX",
    "ATTENDANCE_RECORDS",
    "COHORTS",
    "COHORT_METRICS",
    "DROPOUT_RISK",
    "ENROLMENTS",
    "PIPELINE_RUNS",
    "QUARANTINE",
    "RAW_ATTENDANCE",
    "RISK_MODELS",
    "RISK_MODEL_METRICS",
    "SESSIONS",
    "SHEET_TABS",
    "STUDENTS",
    "STUDENT_METRICS",
    "TABLES",
    "Column",
    "Table",
]
