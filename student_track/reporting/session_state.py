"""What became of a session for a student: one of four states."""

from pyspark.sql import Column
from pyspark.sql import functions as F

NOT_EXPECTED = "not_expected"
"""Stands where no session was expected of the student."""


def session_state() -> Column:
    """Return the state of an expected session: unknown, present, absent, or partial where a part of it was missed."""
    missed = F.col("missed_numerator")
    return (
        F.when(~F.col("is_known"), F.lit("unknown"))
        .when(missed == 0, F.lit("present"))
        .when(missed >= F.col("missed_denominator"), F.lit("absent"))
        .otherwise(F.lit("partial"))
    )
