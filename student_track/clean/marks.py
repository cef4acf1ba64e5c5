"""Marks judged one by one: record, duplicate, or quarantine with the reason and what to do."""

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from student_track.clean.reading import Reading
from student_track.frames import frame_from_rows
from student_track.policy import Policy
from student_track.schemas import ATTENDANCE_RECORDS
from student_track.translatable import N_

ADVICE = {
    "unknown_student": N_("add the student to the roster, or correct the id"),
    "unknown_mark": N_("write a mark of the code table, or add this one to the policy"),
    "conflicting_marks": N_("two different marks stand for this student and session: keep the right one"),
}

STUDENT_SESSION = ("student_key", "session_id")


def code_frame(spark: SparkSession, policy: Policy) -> DataFrame:
    """Return one row per code of the policy: state, missed fraction, and what it counts for."""
    rows = [
        (
            *(name, code.state, code.missed_share.numerator, code.missed_share.denominator),
            *(code.is_excused, code.is_tardy, code.counts_in_rate, code.cancels_session),
        )
        for name, code in policy.codes.items()
    ]
    names = ("code", "state", "missed_numerator", "missed_denominator")
    flags = ("is_excused", "is_tardy", "counts_in_rate", "cancels_session")
    types = {"missed_numerator": pa.int32(), "missed_denominator": pa.int32()} | {name: pa.bool_() for name in flags}
    return frame_from_rows(spark, (*names, *flags), rows, types)


def judge_marks(marks: DataFrame, roster_keys: DataFrame | None) -> DataFrame:
    """Return the marks with ``verdict``: record, duplicate, or the reason why it goes to quarantine.

    A student who is on no roster (where there is one) comes before an unknown mark, and that before a conflict. Of
    equal marks for one student and session the first in the sheet's order is the record.
    """
    if roster_keys is None:
        known = marks.withColumn("is_student_known", F.lit(True))
    else:
        on_roster = roster_keys.select("student_key", F.lit(True).alias("is_student_known")).distinct()
        known = marks.join(on_roster, "student_key", "left")
    own = F.when(F.col("is_student_known").isNull(), F.lit("unknown_student")).when(
        F.col("code").isNull(), F.lit("unknown_mark")
    )
    judged = known.withColumn("own_reason", own)
    usable = judged.where("own_reason IS NULL").groupBy(*STUDENT_SESSION).agg(F.count("*").alias("marks"))
    repeated = usable.where("marks > 1").select(*STUDENT_SESSION)
    alone = judged.join(repeated, [*STUDENT_SESSION], "left_anti")
    alone = alone.withColumn("verdict", F.coalesce("own_reason", F.lit("record")))
    several = _judge_together(judged.join(repeated, [*STUDENT_SESSION], "left_semi"))
    return alone.unionByName(several).drop("own_reason", "is_student_known")


def _judge_together(judged: DataFrame) -> DataFrame:
    """The marks of students who have several usable ones for a session, with their verdicts."""
    same = Window.partitionBy(*STUDENT_SESSION, F.col("own_reason").isNull())
    in_order = same.orderBy("source_id", "tab", "row", "column")
    compared = judged.withColumns(
        {
            "first_code": F.min("code").over(same),
            "last_code": F.max("code").over(same),
            "place": F.row_number().over(in_order),
        }
    )
    verdict = (
        F.when(F.col("own_reason").isNotNull(), F.col("own_reason"))
        .when(F.col("first_code") != F.col("last_code"), F.lit("conflicting_marks"))
        .when(F.col("place") > 1, F.lit("duplicate"))
        .otherwise(F.lit("record"))
    )
    return compared.withColumn("verdict", verdict).drop("first_code", "last_code", "place")


def attendance_records(judged: DataFrame, codes: DataFrame, sessions: DataFrame, enrolments: DataFrame) -> DataFrame:
    """Return the rows of ``attendance_records``: one per student and session that has a usable mark."""
    usable = judged.where("verdict = 'record'").join(F.broadcast(codes), "code")
    dated = usable.join(sessions.select("session_id", "school_year"), "session_id")
    inside = _inside_declared_window(dated, enrolments)
    return (
        dated.join(inside, ["student_key", "session_id"], "left")
        .select(
            *(
                name
                for name in ATTENDANCE_RECORDS.column_names
                if name not in ("is_inside_enrolment_window", "school_year")
            ),
            F.coalesce("is_inside", F.lit(False)).alias("is_inside_enrolment_window"),
            "school_year",
        )
        .select(*ATTENDANCE_RECORDS.column_names)
    )


def _inside_declared_window(records: DataFrame, enrolments: DataFrame) -> DataFrame:
    """Student and session of every record inside a window of the student in the cohort; undeclared ends are open."""
    day = F.col("session_date")
    started = F.col("first_expected_date").isNull() | (day >= F.col("first_expected_date"))
    not_ended = F.col("last_expected_date").isNull() | (day <= F.col("last_expected_date"))
    windows = enrolments.select("student_key", "cohort_id", "first_expected_date", "last_expected_date")
    both = records.select("student_key", "cohort_id", "session_id", "session_date").join(
        windows, ["student_key", "cohort_id"]
    )
    return (
        both.where(started & not_ended).select("student_key", "session_id", F.lit(True).alias("is_inside")).distinct()
    )


def problems_of_marks(judged: DataFrame) -> DataFrame:
    """Return one row per cell of the sheet that keeps marks out: reason, advice, and how many.

    An unknown student's cell stands once for all the marks in its row.
    """
    bad = judged.where("verdict NOT IN ('record', 'duplicate')")
    is_student = F.col("verdict") == "unknown_student"
    placed = bad.select(
        *("source_id", "tab", "cohort_id"),
        F.when(is_student, F.col("student_cell")).otherwise(F.col("cell")).alias("cell"),
        F.when(is_student, F.col("student_id")).otherwise(F.col("mark")).alias("raw_value"),
        F.col("verdict").alias("reason"),
        F.when(~is_student, F.col("student_key")).alias("student_key"),
        F.when(~is_student, F.col("session_id")).alias("session_id"),
    )
    advice = F.create_map(*(F.lit(word) for pair in ADVICE.items() for word in pair))[F.col("reason")]
    keys = ("source_id", "tab", "cell", "raw_value", "reason", "cohort_id", "student_key", "session_id")
    return placed.groupBy(*keys).agg(F.count("*").alias("count_marks")).withColumn("what_to_do", advice)


def problems_of_cells(spark: SparkSession, reading: Reading) -> DataFrame:
    """Return one row per cell that reading the tabs already refused."""
    names = ("source_id", "tab", "cell", "raw_value", "reason", "what_to_do", "count_marks", "cohort_id")
    rows = [tuple(problem) for tab in reading.tabs for problem in tab.problems]
    frame = frame_from_rows(spark, names, rows, {"count_marks": pa.int64()})
    return frame.withColumns({"student_key": F.lit(None).cast("string"), "session_id": F.lit(None).cast("string")})
