"""What the explorer reads of one day, once: every question after that is a choice of rows."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track import queries
from student_track.errors import InputError
from student_track.exploring.periods import Period, read_periods
from student_track.policy import Policy
from student_track.privacy import student_label

MARKS = (
    *("student_key", "session_date", "cohort_id", "mark", "state", "is_excused", "is_tardy"),
    *("counts_in_rate", "is_inside_enrolment_window", "tab", "cell"),
)


SHOWN = (
    "round(100 * attendance_rate, 1) AS attendance_percent",
    "round(missed_units, 2) AS missed",
    "concat(count_streak_units, if(is_streak_open, '+', '')) AS streak",
    "if(needs_attention, needs_attention_since_date, NULL) AS attention_since",
)
"""Numbers of a student as they are shown."""


@dataclass(frozen=True)
class School:
    """A day of the school: its students, cohorts by period and marks as pandas frames, and the gold rows behind them.

    ``students`` has one row per student and cohort, in order of need; ``cohorts`` one per cohort and period that may be
    shown without names; ``marks`` every mark of the period that counts that was not plain presence.
    """

    as_of_date: date
    policy: Policy
    gold: DataFrame
    students: pd.DataFrame
    cohorts: pd.DataFrame
    marks: pd.DataFrame
    periods: dict[str, Period]

    @property
    def cohort_names(self) -> list[str]:
        """Cohorts that students are of, in order."""
        return sorted(self.students["cohort"].unique())

    def period(self, name: str) -> Period:
        """Return a period by its name; raise InputError where there is none, with those there are."""
        if name not in self.periods:
            raise InputError(f"There is no period {name!r}. There are: {', '.join(self.periods)}.")
        return self.periods[name]

    def students_in(self, cohort: str) -> pd.DataFrame:
        """Return the students of a cohort, in order of need; raise InputError where there is no such cohort."""
        if cohort not in self.cohort_names:
            raise InputError(f"There is no cohort {cohort!r}. There are: {', '.join(self.cohort_names)}.")
        return self.students[self.students["cohort"] == cohort]


def read_school(spark: SparkSession, policy: Policy, as_of_date: date | None, *, with_names: bool = False) -> School:
    """Return the given day, else the latest there are metrics for; students by label, with names only if asked for.

    Raises InputError where there are no metrics for it.
    """
    day, school_year = queries.measured_day(spark, as_of_date)
    asked = queries.ask(spark, "cohort_roster", **queries.values_of(policy, day, school_year))
    roster = queries.exact_values(asked.where("status = 'enrolled'").selectExpr("*", *SHOWN))
    labels = [student_label(key) for key in roster["student_key"]]
    if with_names:
        labels = [f"{label} · {name}" for label, name in zip(labels, roster["student_name"], strict=True)]
    cohorts, periods = read_periods(spark, policy, day)
    return School(
        as_of_date=day,
        policy=policy,
        gold=spark.table("student_metrics").where((F.col("as_of_date") == F.lit(day)) & F.expr("status = 'enrolled'")),
        students=roster.drop(columns=["student_name", "student_id"]).assign(student=labels),
        cohorts=cohorts,
        marks=_marks(spark, policy, day, school_year),
        periods=periods,
    )


def _marks(spark: SparkSession, policy: Policy, day: date, school_year: int) -> pd.DataFrame:
    counts = F.col("school_year").between(*policy.school_years(school_year))
    records = spark.table("attendance_records").where(counts & (F.col("session_date") <= F.lit(day)))
    told = records.where("state <> 'present' OR is_tardy").orderBy("session_date", "cohort_id", "cell")
    return queries.exact_values(told.select(*MARKS))
