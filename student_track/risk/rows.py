"""From a history to labelled rows: the steps of training, one after another."""

from collections.abc import Callable

from pyspark.sql import DataFrame

from student_track.policy import Policy
from student_track.risk.features import features_at, running_features, students_at
from student_track.risk.history import History, Keep, measure_units
from student_track.risk.known import list_late_marks, without_late_marks
from student_track.risk.labels import label_rows, landmarks_with_window, list_exits
from student_track.risk.landmarks import held_units
from student_track.risk.scoring import with_abstention


def rows_at_landmarks(
    history: History, policy: Policy, landmarks_of: Callable[[DataFrame], DataFrame], keep: Keep
) -> tuple[DataFrame, DataFrame]:
    """Return one row per student at the landmarks made of the units held, with features, and the running features.

    The frames that several steps need are computed once, by ``keep``.
    """
    running = keep(running_features(keep(measure_units(history, policy)), policy.parts_per_unit))
    landmarks = keep(landmarks_of(keep(held_units(history, policy))))
    return features_at(keep(students_at(history.windows, landmarks)), running, policy.dropout_risk), running


def label_history(history: History, policy: Policy, keep: Keep, cells: DataFrame | None = None) -> DataFrame:
    """Return one row per student and weekly landmark that would be scored and whose outcome is known.

    With the ``cells`` of bronze, rows are left out that hold a mark read after their landmark.
    """
    rule = policy.dropout_risk
    students, running = rows_at_landmarks(history, policy, lambda held: landmarks_with_window(held, rule), keep)
    judged = keep(with_abstention(students, rule, policy.unit)).where("abstained_because IS NULL")
    labelled = label_rows(judged, running, list_exits(history.enrolments))
    if cells is None:
        return labelled
    return without_late_marks(keep(labelled), keep(list_late_marks(history.attendance_records, cells)))
