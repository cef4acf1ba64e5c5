"""The pages of a lake, rendered in the test's own process: the facts are at hand beside the pages."""

from dataclasses import dataclass

from pyspark.sql import SparkSession

from student_track import reporting
from student_track.policy import load_policy
from student_track.reporting import OperationsFacts, Rules, SchoolFacts, Term
from student_track.reporting.facts import Row
from student_track.reporting.student_facts import StudentFacts
from student_track.settings import Settings


@dataclass(frozen=True)
class Rendered:
    """The pages by kind, and what they were made of."""

    pages: dict[str, str]
    values: dict[str, object]
    facts: SchoolFacts
    operations: OperationsFacts
    roster: list[Row]
    term: Term
    student: StudentFacts
    rules: Rules
    trend_units: int
    spark: SparkSession


def rendered(spark: SparkSession, config: Settings, cohort: str) -> Rendered:
    """Return one page of each kind for the latest day of the lake."""
    policy = load_policy(config.policy_path)
    day = reporting.day_of(spark.table("student_metrics"), None, policy)
    facts = reporting.school_facts(spark, day, policy)
    frame = reporting.frame_of(config, policy, day, facts)
    operations = reporting.operations_facts(spark, day)
    roster = reporting.cohort_rosters(spark, day)[cohort]
    attended = reporting.student_sessions(spark, day, frame.from_date)
    term = reporting.current_terms(spark, day, attended)[cohort]
    dates = reporting.absence_dates(spark, day, latest=6)
    students = reporting.each_student(spark, day, attended)
    student = max(students, key=lambda one: (len(one.effects), one.student_key))
    pages = {
        "school": reporting.school_page(frame, facts),
        "operations": reporting.operations_page(frame, operations, facts),
        "fix_it": reporting.fix_it_page(frame, reporting.fix_it_rows(spark)),
        "student": reporting.student_page(frame, student),
        "cohort": reporting.cohort_page(frame, cohort, roster, dates, None, term),
    }
    values = {**day.values, "suppress_below": policy.suppress_groups_below}
    return Rendered(
        pages, values, facts, operations, roster, term, student, frame.rules, policy.trend_window_units, spark
    )
