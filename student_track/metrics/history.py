"""The period so far in a student's row: the tiers there were, and the weekdays."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from student_track.attendance import SCOPE


def tier_history(measured: DataFrame, parts_per_unit: int) -> DataFrame:
    """Return one row per student and scope with each tier that began to stand, and the counts after that unit.

    Oldest first; a tier that stood before comes again. ``measured`` are units with their running measures.
    """
    before = F.lag("tier").over(Window.partitionBy(*SCOPE).orderBy("unit_number"))
    began = measured.withColumn("before", before).where("before IS NULL OR before <> tier")
    entry = F.struct(
        "unit_number",
        F.col("unit_date").alias("since_date"),
        "tier",
        (F.col("missed_so_far") / F.lit(float(parts_per_unit))).alias("missed_units"),
        F.col("count_possible").alias("count_possible_units"),
    )
    return began.groupBy(*SCOPE).agg(F.sort_array(F.collect_list(entry)).alias("tier_history"))


def units_by_weekday(measured: DataFrame, parts_per_unit: int) -> DataFrame:
    """Return one row per student and scope with the weekdays that had a possible unit, Monday first.

    No row where there was none.
    """
    of_weekday = (
        measured.where("is_possible")
        .groupBy(*SCOPE, (F.weekday("unit_date") + 1).alias("weekday"))
        .agg(
            F.count("*").alias("count_possible_units"),
            (F.sum("missed_parts") / F.lit(float(parts_per_unit))).alias("missed_units"),
        )
    )
    entry = F.struct("weekday", "missed_units", "count_possible_units")
    return of_weekday.groupBy(*SCOPE).agg(F.sort_array(F.collect_list(entry)).alias("units_by_weekday"))
