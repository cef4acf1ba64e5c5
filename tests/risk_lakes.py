"""Sample schools as tables, read the way training reads them."""

from functools import partial
from pathlib import Path

import pytest

from student_track import session
from student_track.frames import kept
from student_track.policy import load_policy
from student_track.risk import finished_terms, fix_as_of_date, list_periods, periods_of, read_history
from student_track.risk.rows import label_history
from student_track.risk.terms import Task
from student_track.risk.training import TrainingRows, collect_rows
from student_track.sample import School
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_tables
from student_track.settings import load_settings


def rows_of_lake(lake: Path) -> tuple[TrainingRows, Task]:
    """Return the labelled rows of a lake and the task they belong to: judge on the last finished term."""
    with pytest.MonkeyPatch.context() as environment:  # a test's own lake lies elsewhere
        environment.setenv("STUDENT_TRACK_LAKE", str(lake))
        return _read_rows()


def rows_of_school(folder: Path, school: School) -> tuple[TrainingRows, Task]:
    """Write the school's tables into the folder, which is new, and return its labelled rows and their task."""
    write_tables(folder, school_of_tables(school))
    return rows_of_lake(folder)


def _read_rows() -> tuple[TrainingRows, Task]:
    config = load_settings("params/sample.yml")
    spark, policy = session.spark(config), load_policy(config.policy_path)
    keep = partial(kept, spark)
    day = fix_as_of_date(spark, config.as_of_date, config.today)
    terms = finished_terms(spark.table("sessions"), day, policy.term_gap_days)
    task = Task(terms[:-1], terms[-1], "")
    periods = periods_of(task, list_periods(spark, policy, day))
    history = read_history(spark, policy, day, periods, keep)
    return collect_rows(label_history(history, policy, keep), task), task
