"""One cohort's students in a period, and one student's reasons and marks."""

from typing import Any

import pandas as pd

from student_track.errors import InputError
from student_track.exploring.periods import WHOLE_SCHOOL, Period
from student_track.exploring.school import School
from student_track.tier_names import TIER_NAMES

ATTENTION = {
    "tier": "{tier}: {missed:g} of {possible} possible {unit}s missed, since {since}",
    "early_warning": "{absences} absences in the first weeks",
    "streak": "absent on the last {streak} {unit}s",
}


def students_of(school: School, cohort: str, period: str) -> pd.DataFrame:
    """Return the students of a cohort, in order of need: where each stands to date, and the dates missed in a period.

    Raises InputError where there is no such cohort or period.
    """
    rows = school.students_in(cohort)
    missed = _dates_missed(school, school.period(period))
    return pd.DataFrame(
        {
            "student": rows["student"],
            "tier": rows["tier"].map(TIER_NAMES),
            "needs_attention_since": rows["attention_since"],
            "missed_units": rows["missed"],
            "possible_units": rows["count_possible_units"],
            "attendance_percent": rows["attendance_percent"],
            "streak": rows["streak"],
            "room_left": rows["count_absences_to_next_tier"],
            "dates_missed_in_period": [missed.get(key, 0) for key in rows["student_key"]],
        }
    ).reset_index(drop=True)


def student_key_of(school: School, cohort: str, student: str = "") -> str:
    """Return the key of a student of a cohort by the label shown; an empty one means the first in order of need.

    Raises InputError where the cohort has no such student.
    """
    rows = school.students_in(cohort)
    found = rows[rows["student"] == student] if student else rows
    if found.empty:
        raise InputError(
            f"There is no {student or 'student'!r} in {cohort}. Take a label from the table of the cohort."
        )
    return str(found["student_key"].iloc[0])


def reasons_of(school: School, student_key: str) -> pd.DataFrame:
    """Return one row per reason: why the student needs attention, and what the dropout-risk score rests on, by cohort.

    The two are never merged. Where there is no score, the row says why.
    """
    rows = school.students[school.students["student_key"] == student_key].to_dict("records")
    is_by_cohort = school.policy.tier_scope == "cohort"
    judged = [(row["cohort"], row) for row in rows] if is_by_cohort else [(WHOLE_SCHOOL, row) for row in rows[:1]]
    lines = [line for scope, row in judged for line in _attention(row, scope, school.policy.unit)]
    lines += [line for row in rows for line in _risk(row)]
    return pd.DataFrame(lines, columns=["about", "measured_in", "reason"])


def _attention(row: dict[str, Any], scope: str, unit: str) -> list[tuple[str, str, str]]:
    numbers = {
        "tier": TIER_NAMES[row["tier"]],
        "missed": row["missed"] or 0,
        "possible": row["count_possible_units"],
        "absences": row["count_absences"],
        "streak": row["streak"],
        "since": row["tier_since_date"],
        "unit": unit,
    }
    reasons = [name for name in (row["attention_reasons"] or "").split(",") if name and row["needs_attention"]]
    told = [ATTENTION[name].format(**numbers) for name in reasons]
    return [("attention", scope, text) for text in told or ["none: no attention is asked for"]]


def _risk(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    if row["band"] is None:
        return [("risk", row["cohort"], f"no score: {row['abstained_because'] or 'no model has scored this day'}")]
    reasons = list(row["risk_reasons"]) if row["risk_reasons"] is not None else []
    texts = reasons or ["nothing stands out against the class"]
    return [(f"risk, band {row['band']}", row["cohort"], text) for text in texts]


def marks_of(school: School, student_key: str, period: str) -> pd.DataFrame:
    """Return the marks of a student in a period that were not plain presence, the latest first, with their cells.

    Raises InputError where there is no such period.
    """
    own = _in_period(school.marks[school.marks["student_key"] == student_key], school.period(period))
    shown = own.rename(columns={"session_date": "date", "cohort_id": "cohort"})
    columns = ["date", "cohort", "mark", "state", "is_excused", "is_tardy", "tab", "cell"]
    return shown[columns].sort_values("date", ascending=False, kind="stable").reset_index(drop=True)


def _dates_missed(school: School, period: Period) -> dict[str, int]:
    """Dates missed in whole or part that count in the rate, by student."""
    marks = _in_period(school.marks, period)
    counts = marks["counts_in_rate"].astype(bool) & marks["is_inside_enrolment_window"].astype(bool)
    missed = marks[counts & marks["state"].isin(["absent", "partial"])]
    return missed.groupby("student_key")["session_date"].nunique().to_dict()


def _in_period(marks: pd.DataFrame, period: Period) -> pd.DataFrame:
    return marks[(marks["session_date"] >= period.first_date) & (marks["session_date"] <= period.last_date)]
