"""What was known at a landmark: marks that came to the sheet long after their date were not.

Bronze holds when each version of a cell was read. Where many dates came in one reading (a history loaded in bulk, or
cells that moved when a column was inserted) it cannot tell when a mark was entered: such marks count as known on their
date.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

KNOWN_WITHIN_DAYS = 7
"""A mark read up to a week after its date is the register's usual delay."""

BULK_FROM_DATES = 10
"""A reading that brings a tab marks of so many older dates is no correction of single marks."""

CELL = ["source_id", "tab", "cell"]


def list_late_marks(records: DataFrame, cells: DataFrame) -> DataFrame:
    """Return one row per student, cohort, session date and date of reading of a mark entered or changed late."""
    latest = cells.where("row > 0").groupBy(*CELL).agg(F.max("read_at").alias("read_at"))
    marks = records.select("student_key", "cohort_id", "session_date", *CELL).join(latest, CELL)
    dated = marks.withColumn("read_date", F.to_date("read_at"))
    delayed = dated.where(F.datediff("read_date", "session_date") > KNOWN_WITHIN_DAYS)
    reading = ["source_id", "tab", "read_at"]
    dates = delayed.groupBy(*reading).agg(F.countDistinct("session_date").alias("count_dates"))
    late = delayed.join(dates.where(F.col("count_dates") < BULK_FROM_DATES), reading)
    return late.select("student_key", "cohort_id", "session_date", "read_date").distinct()


def without_late_marks(rows: DataFrame, late: DataFrame) -> DataFrame:
    """Return the rows in whose features nothing stands that was read after their landmark."""
    key = ["student_key", "cohort_id", "landmark_date"]
    pairs = rows.select(*key).join(late, ["student_key", "cohort_id"])
    is_unknown = (F.col("session_date") <= F.col("landmark_date")) & (F.col("landmark_date") < F.col("read_date"))
    return rows.join(pairs.where(is_unknown).select(*key).distinct(), key, "left_anti")
