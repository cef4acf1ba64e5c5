"""A student's weekday pattern, named only where chance is no explanation."""

import math
from fractions import Fraction

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track.attendance.units import SCOPE
from student_track.frames import frame_from_rows

MOST_UNITS = 10_000
"""Possible units of a student up to which chances are computed."""

NEARLY = 1e-9
"""Relative: a chance equal to the limit is within it, whatever the last digits of a sum of doubles."""


def weekday_patterns(units: DataFrame, up_to_chance: Fraction) -> DataFrame:
    """Return one row per student and scope with a weekday (1 Monday to 7) missed more often than chance explains.

    Of N possible units K are absences; n of the N fall on the weekday, and k of the K. By the exact one-sided
    hypergeometric test, the chance of k or more among n drawn from N, times the number of weekdays with a possible unit
    (Bonferroni), is at most ``up_to_chance``. Of several such weekdays the one furthest above its share is named.
    """
    counts = _counts_by_weekday(units)
    candidates = counts.where("absences > 1 AND absences * all_units > all_absences * units")
    chances = _with_chance(candidates)
    limit = F.lit(float(up_to_chance) * (1 + NEARLY))
    found = chances.where(F.col("chance") * F.col("count_weekdays") <= limit)
    above_share = F.col("absences") * F.col("all_units") - F.col("all_absences") * F.col("units")
    order = F.struct(above_share.alias("above_share"), (-F.col("weekday")).alias("earliest"))
    return found.groupBy(*SCOPE).agg(F.max_by("weekday", order).alias("absence_weekday"))


def _counts_by_weekday(units: DataFrame) -> DataFrame:
    """Possible units and absences of each weekday, beside those of all weekdays."""
    by_weekday = (
        units.where("is_possible")
        .groupBy(*SCOPE, (F.weekday("unit_date") + 1).alias("weekday"))
        .agg(F.count("*").alias("units"), F.count_if("is_absence").alias("absences"))
    )
    totals = by_weekday.groupBy(*SCOPE).agg(
        F.sum("units").alias("all_units"),
        F.sum("absences").alias("all_absences"),
        F.count("*").alias("count_weekdays"),
    )
    return by_weekday.join(totals, list(SCOPE))


def _with_chance(candidates: DataFrame) -> DataFrame:
    """Add the chance of so many absences or more on the weekday, summed over the numbers there could be.

    A number x has the chance C(K, x) C(N - K, n - x) / C(N, n): nine factorials, taken as logarithms from a list.
    """
    of_number = candidates.withColumn("x", F.expr("explode(sequence(absences, least(units, all_absences)))"))
    over = ("all_absences", "all_units - all_absences", "units", "all_units - units")
    under = ("x", "all_absences - x", "units - x", "all_units - all_absences - units + x", "all_units")
    signed = [(1.0, text) for text in over] + [(-1.0, text) for text in under]
    factors = [F.struct(F.lit(sign).alias("sign"), F.expr(text).alias("number")) for sign, text in signed]
    key = [*SCOPE, "weekday"]
    logarithms = (
        of_number.select(*key, "x", F.explode(F.array(*factors)).alias("factor"))
        .select(*key, "x", "factor.sign", "factor.number")
        .join(_log_factorials(candidates.sparkSession), "number")
        .groupBy(*key, "x")
        .agg(F.sum(F.col("sign") * F.col("log_factorial")).alias("logarithm"))
    )
    chances = logarithms.groupBy(*key).agg(F.sum(F.exp("logarithm")).alias("chance"))
    return candidates.join(chances, key)


def _log_factorials(spark: SparkSession) -> DataFrame:
    rows = [(number, math.lgamma(number + 1)) for number in range(MOST_UNITS + 1)]
    return frame_from_rows(
        spark, ("number", "log_factorial"), rows, {"number": pa.int64(), "log_factorial": pa.float64()}
    )
