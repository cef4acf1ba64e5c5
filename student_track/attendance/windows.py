"""Enrolment windows and the sessions they expect, as seen from an as-of date."""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

STAY = ("student_key", "cohort_id", "stint")


def enrolment_windows(
    enrolments: DataFrame,
    records: DataFrame,
    sessions: DataFrame,
    quarantine: DataFrame,
    as_of_date: date,
    closes_after_registers: int,
) -> DataFrame:
    """Return one row per enrolment seen at the as-of date, with its window (both ends inclusive, null: open).

    Declared dates come first. An undeclared start is the first mark in the cohort; an undeclared end is the last mark,
    once so many later registers of the cohort were taken without one; a mark in quarantine is one too: somebody marked
    the student. A declared end after the as-of date is not yet known, so the window is open. A roster student without
    any date has no window yet: both dates are null.
    """
    seen = enrolments.where(F.col("first_expected_date").isNull() | (F.col("first_expected_date") <= F.lit(as_of_date)))
    marks = _first_and_last_mark(seen, records, sessions, quarantine, as_of_date)
    marked = seen.join(marks, [*STAY], "left").join(_later_registers(marks, sessions, as_of_date), [*STAY], "left")
    start = F.coalesce("first_expected_date", "first_mark_date")
    declared_end = F.when(F.col("last_expected_date") <= F.lit(as_of_date), F.col("last_expected_date"))
    is_closed = ~F.col("is_end_declared") & (F.col("count_later_registers") >= closes_after_registers)
    windows = marked.select(
        "student_key",
        "cohort_id",
        "stint",
        start.alias("first_expected_date"),
        F.coalesce(declared_end, F.when(is_closed, F.col("last_mark_date"))).alias("last_expected_date"),
        F.col("source"),
    )
    return windows.where(F.col("first_expected_date").isNotNull() | (F.col("source") == "roster"))


def _first_and_last_mark(
    enrolments: DataFrame, records: DataFrame, sessions: DataFrame, quarantine: DataFrame, as_of_date: date
) -> DataFrame:
    """The first usable and the last mark of each stay, up to the as-of date and from its declared first day on."""
    usable = records.select("student_key", "cohort_id", "session_date", F.lit(True).alias("is_usable"))
    spoiled = quarantine.where("NOT is_resolved").select("student_key", "session_id")
    spoiled = spoiled.join(sessions.select("session_id", "cohort_id", "session_date"), "session_id")
    spoiled = spoiled.select("student_key", "cohort_id", "session_date", F.lit(False).alias("is_usable"))
    marks = usable.unionByName(spoiled).where(F.col("session_date") <= F.lit(as_of_date))
    of_stay = enrolments.select(*STAY, "first_expected_date").join(marks, ["student_key", "cohort_id"])
    declared = of_stay.where(
        F.col("first_expected_date").isNull() | (F.col("session_date") >= F.col("first_expected_date"))
    )
    return declared.groupBy(*STAY).agg(
        F.min(F.when(F.col("is_usable"), F.col("session_date"))).alias("first_mark_date"),
        F.max("session_date").alias("last_mark_date"),
    )


def _later_registers(marks: DataFrame, sessions: DataFrame, as_of_date: date) -> DataFrame:
    """Registers of the cohort taken after a student's last mark there, up to the as-of date."""
    taken = sessions.where(F.col("is_taken") & ~F.col("is_cancelled") & (F.col("session_date") <= F.lit(as_of_date)))
    later = marks.join(taken.select("cohort_id", "session_date"), "cohort_id").where("session_date > last_mark_date")
    return later.groupBy(*STAY).agg(F.count("*").alias("count_later_registers"))


def expected_sessions(
    windows: DataFrame,
    sessions: DataFrame,
    records: DataFrame,
    quarantine: DataFrame,
    from_date: date,
    as_of_date: date,
    blank_mark: str,
) -> DataFrame:
    """Return one row per student and expected session from ``from_date`` to the as-of date, both inclusive.

    ``is_known`` says whether a usable mark stands there (or the blank rule gives one); an unknown session says by
    ``is_taken`` which of the two kinds it is. Missed fractions are ``missed_numerator`` / ``missed_denominator``.
    """
    in_period = F.col("session_date").between(F.lit(from_date), F.lit(as_of_date))
    held = sessions.where(in_period & ~F.col("is_cancelled")).withColumn("is_taken", is_register_taken(blank_mark))
    held = held.select("cohort_id", "session_id", "session_date", "period", "is_taken")
    own = windows.join(held, "cohort_id").where(
        (F.col("session_date") >= F.col("first_expected_date"))
        & (F.col("last_expected_date").isNull() | (F.col("session_date") <= F.col("last_expected_date")))
    )
    own = own.select("student_key", "cohort_id", "session_id", "session_date", "period", "is_taken").distinct()
    marked = own.join(_marks(records, from_date, as_of_date), ["student_key", "session_id"], "left")
    marked = marked.where(F.col("counts_in_rate").isNull() | F.col("counts_in_rate"))
    return _with_blank_rule(marked, quarantine, blank_mark)


def is_register_taken(blank_mark: str) -> Column:
    """Return whether a session's register was taken. Under a blank rule, a column of the sheet is one by itself."""
    return F.col("is_taken") if blank_mark == "unknown" else F.col("is_taken") | F.col("is_in_sheet")


def _marks(records: DataFrame, from_date: date, as_of_date: date) -> DataFrame:
    columns = ("missed_numerator", "missed_denominator", "is_excused", "is_tardy", "counts_in_rate")
    in_period = records.where(F.col("session_date").between(F.lit(from_date), F.lit(as_of_date)))
    return in_period.select("student_key", "session_id", *columns, F.lit(True).alias("has_mark"))


def _with_blank_rule(marked: DataFrame, quarantine: DataFrame, blank_mark: str) -> DataFrame:
    has_mark = F.coalesce("has_mark", F.lit(False))
    if blank_mark == "unknown":
        is_blank = F.lit(False)
    else:
        spoiled = quarantine.where("NOT is_resolved AND student_key IS NOT NULL AND session_id IS NOT NULL")
        spoiled = spoiled.select("student_key", "session_id", F.lit(True).alias("is_spoiled")).distinct()
        marked = marked.join(spoiled, ["student_key", "session_id"], "left")
        is_blank = ~has_mark & F.col("is_taken") & F.col("is_spoiled").isNull()
    missed_by_blank = F.lit(1 if blank_mark == "absent" else 0)
    return marked.select(
        "student_key",
        "cohort_id",
        "session_id",
        "session_date",
        "period",
        "is_taken",
        (has_mark | is_blank).alias("is_known"),
        F.when(is_blank, missed_by_blank).otherwise(F.coalesce("missed_numerator", F.lit(0))).alias("missed_numerator"),
        F.coalesce("missed_denominator", F.lit(1)).alias("missed_denominator"),
        F.coalesce("is_excused", F.lit(False)).alias("is_excused"),
        F.coalesce("is_tardy", F.lit(False)).alias("is_tardy"),
    )
