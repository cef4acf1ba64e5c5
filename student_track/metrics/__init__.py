"""Stage: silver to gold. Each step is frame to frame; the notebook calls them one by one."""

from student_track.metrics.cohort import (
    cohort_metrics,
    count_registers,
    count_student_sessions,
    count_tiers,
    count_units,
    suppress_complements,
)
from student_track.metrics.measure import (
    Measured,
    Silver,
    day_before,
    former_standings,
    make_stamp,
    measure,
    read_silver,
    refuse_unknown_cohorts,
    week_before,
)
from student_track.metrics.policy_difference import policy_difference
from student_track.metrics.student import (
    Stamp,
    count_sessions,
    describe_enrolment,
    last_standings,
    rungs_missing,
    student_metrics,
    summarise_units,
)

__all__ = [
    "Measured",
    "Silver",
    "Stamp",
    "cohort_metrics",
    "count_registers",
    "count_sessions",
    "count_student_sessions",
    "count_tiers",
    "count_units",
    "day_before",
    "describe_enrolment",
    "former_standings",
    "last_standings",
    "make_stamp",
    "measure",
    "policy_difference",
    "read_silver",
    "refuse_unknown_cohorts",
    "rungs_missing",
    "student_metrics",
    "summarise_units",
    "suppress_complements",
    "week_before",
]
