"""Quarantine: what could not be understood, since when, and what was mended."""

from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.clean.reading import Reading
from student_track.frames import kept
from student_track.schemas import QUARANTINE

KEY = list(QUARANTINE.key)


def quarantine_frame(spark: SparkSession, reading: Reading, problems: DataFrame, read_at: datetime) -> DataFrame:
    """Return the rows of ``quarantine`` for the sources read again.

    A cell found before keeps the time it was first seen; one that is no problem any more is marked as mended.
    """
    former = kept(spark, spark.table("quarantine").where(F.col("source_id").isin(list(reading.plan.read_again))))
    still_open = former.where("NOT is_resolved").select(*KEY, F.col("first_seen_at").alias("seen_before_at"))
    found = problems.join(still_open, KEY, "left").withColumns(
        {
            "is_resolved": F.lit(False),
            "first_seen_at": F.coalesce("seen_before_at", F.lit(read_at)),
            "resolved_at": F.lit(None).cast("timestamp"),
        }
    )
    mended = former.join(problems.select(*KEY), KEY, "left_anti").withColumns(
        {
            "resolved_at": F.coalesce("resolved_at", F.lit(read_at)),
            "is_resolved": F.lit(True),
        }
    )
    names = QUARANTINE.column_names
    return found.select(*names).unionByName(mended.select(*names))
