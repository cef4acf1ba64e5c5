"""Stage: the risk of dropping off. Training, the gate a model has to pass, and the scores of an as-of date."""

from student_track.risk.answers import answer_in, question_of
from student_track.risk.audit import read_groups
from student_track.risk.drift import tenths_of_models
from student_track.risk.evaluation import Question, evaluate
from student_track.risk.features import FEATURE_NAMES, features_at, running_features, students_at
from student_track.risk.gate import judge
from student_track.risk.history import fix_as_of_date, list_periods, measure_units, read_history
from student_track.risk.judgement import PASSED, REFUSED, SKIPPED, Judgement
from student_track.risk.known import list_late_marks, without_late_marks
from student_track.risk.labels import LABELS, label_definition, label_rows, landmarks_with_window, list_exits
from student_track.risk.landmarks import dates_to_compare, held_units, landmarks_on
from student_track.risk.outcomes import (
    dates_to_follow_up,
    follow_up,
    follow_up_metrics,
    matured_scores,
    rows_of_follow_up,
)
from student_track.risk.reasons import MOST_REASONS, with_reasons
from student_track.risk.records import risk_model_metrics, risk_models, rows_of_models
from student_track.risk.scoring import (
    BANDS,
    choose_scorer,
    dropout_risk,
    with_abstention,
    with_band,
    with_score,
)
from student_track.risk.terms import finished_terms, periods_of, plan_training
from student_track.risk.training import collect_rows, label_balance

__all__ = [
    "BANDS",
    "FEATURE_NAMES",
    "LABELS",
    "MOST_REASONS",
    "PASSED",
    "REFUSED",
    "SKIPPED",
    "Judgement",
    "Question",
    "answer_in",
    "choose_scorer",
    "collect_rows",
    "dates_to_compare",
    "dates_to_follow_up",
    "dropout_risk",
    "evaluate",
    "features_at",
    "finished_terms",
    "fix_as_of_date",
    "follow_up",
    "follow_up_metrics",
    "held_units",
    "judge",
    "label_balance",
    "label_definition",
    "label_rows",
    "landmarks_on",
    "landmarks_with_window",
    "list_exits",
    "list_late_marks",
    "list_periods",
    "matured_scores",
    "measure_units",
    "periods_of",
    "plan_training",
    "question_of",
    "read_groups",
    "read_history",
    "risk_model_metrics",
    "risk_models",
    "rows_of_follow_up",
    "rows_of_models",
    "running_features",
    "students_at",
    "tenths_of_models",
    "with_abstention",
    "with_band",
    "with_reasons",
    "with_score",
    "without_late_marks",
]
