"""Features: one function for training and scoring. What was known of a student at a landmark, and nothing later.

The set, and the sign each weight is held to, come from a comparison on public course data: windows, weighted means and
streaks of one's own units, and one's own recent rate against the class.
"""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from student_track.policy import RiskPolicy
from student_track.risk.history import OWN_UNITS

WINDOWS = (5, 10, 20)
HALF_LIVES = (3, 10)
FIRST_UNITS = 4
LEAST_CLASS_DEVIATION = 0.05
DECIMALS = 9
"""Features are rounded: engines differ in the last digits of a sum, and the model must not."""

EXPONENT_OFFSET = 2500
"""Keeps the weights of a weighted mean inside a double's range, for up to 5,000 units of a student in a period."""


@dataclass(frozen=True)
class Feature:
    """A column of the model: the sign its weight may have (0: either), and the family its reasons are told under."""

    name: str
    sign: int
    family: str


FEATURES = (
    Feature("rate_all", -1, "overall"),
    Feature("rate_5", -1, "recent"),
    Feature("rate_10", -1, "recent"),
    Feature("rate_20", -1, "recent"),
    Feature("ewma_3", -1, "recent"),
    Feature("ewma_10", -1, "recent"),
    Feature("log_streak", 1, "streak"),
    Feature("log_longest_streak", 1, "streak"),
    Feature("class_z", -1, "class"),
    Feature("first_rate", -1, "start"),
    Feature("late_share", 1, "lateness"),
    Feature("week", 0, "season"),
)
FEATURE_NAMES = tuple(feature.name for feature in FEATURES)
FAMILIES = ("recent", "streak", "overall", "class", "start", "lateness")
"""Families that reasons are told of, in the order in which equal contributions are told. The week of the term is
nobody's reason: it is the same for a whole class."""


def running_features(measured: DataFrame, parts_per_unit: int) -> DataFrame:
    """Return the measured units with every feature of the student alone, as it stood after each unit.

    Windows are over possible units, and as long as there are units for; an unknown unit keeps what stood before it.
    """
    so_far = Window.partitionBy(*OWN_UNITS).orderBy("unit_number")
    so_far = so_far.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    possible = measured.where("is_possible").select(
        *OWN_UNITS,
        "count_possible",
        _round(1 - F.col("missed_so_far") / _whole("count_possible", parts_per_unit)).alias("rate_all"),
        *(_rate_of_last(units, parts_per_unit).alias(f"rate_{units}") for units in WINDOWS),
        *(_weighted_rate(half_life, so_far, parts_per_unit).alias(f"ewma_{half_life}") for half_life in HALF_LIVES),
        _rate_of_first(so_far, parts_per_unit).alias("first_rate"),
        _since("count_absences", 10).alias("count_absences_10"),
        F.sum(F.expr(f"CASE WHEN count_possible <= {FIRST_UNITS} AND is_absence THEN 1 ELSE 0 END"))
        .over(so_far)
        .alias("count_first_absences"),
    )
    is_present = F.col("is_possible") & ~F.col("is_absence")
    late = F.expr("coalesce(count_tardy_sessions / nullif(count_known_sessions, 0L), 0D)")
    running = {
        "count_longest_streak": F.max("count_streak_units").over(so_far),
        "first_unit_date": F.min("unit_date").over(so_far),
        "last_present_date": F.max(F.when(is_present, F.col("unit_date"))).over(so_far),
        "late_share": _round(late),
    }
    return measured.withColumns(running).join(possible, [*OWN_UNITS, "count_possible"], "left")


def students_at(windows: DataFrame, landmarks: DataFrame) -> DataFrame:
    """Return one row per student and landmark of a class that the student belonged to on that date.

    ``goes_on`` is false on what was known to be the last day.
    """
    rows = windows.where("first_expected_date IS NOT NULL").join(landmarks, "cohort_id")
    is_open = F.col("last_expected_date").isNull()
    own = rows.where(F.col("first_expected_date") <= F.col("landmark_date"))
    own = own.where(is_open | (F.col("last_expected_date") >= F.col("landmark_date")))
    goes_on = F.bool_or(is_open | (F.col("last_expected_date") > F.col("landmark_date")))
    return own.groupBy("student_key", *landmarks.columns).agg(goes_on.alias("goes_on"))


def features_at(students: DataFrame, running: DataFrame, rule: RiskPolicy) -> DataFrame:
    """Return the students at their landmarks with every feature, the tier, and whether they are in the risk set.

    The risk set: goes on, was present once, and lately. The class is those of the cohort in the risk set.
    """
    found = last_unit_up_to(students, running, "landmark_date")
    columns = [name for name in running.columns if name not in (*found.columns, "scope")]
    rows = found.join(running.select(*OWN_UNITS, "unit_number", *columns), [*OWN_UNITS, "unit_number"], "left")
    weeks = F.expr("datediff(landmark_date, term_start_date) DIV 7")
    rows = rows.withColumns(
        {
            "log_streak": _round(F.log1p("count_streak_units")),
            "log_longest_streak": _round(F.log1p("count_longest_streak")),
            "week": weeks.cast("double"),
            "count_weeks": F.expr("coalesce(datediff(landmark_date, first_unit_date) DIV 7, 0)"),
            "is_in_risk_set": F.coalesce(F.col("goes_on") & _is_seen_lately(rule), F.lit(False)),
        }
    )
    return _against_class(rows)


def last_unit_up_to(rows: DataFrame, units: DataFrame, date_column: str) -> DataFrame:
    """Return the rows with ``unit_number``, the student's last unit up to the date; null before the first.

    One pass over units and dates in their order, so that the work grows with their number and not with their product.
    """
    marks = units.select(*OWN_UNITS, F.col("unit_date").alias("day"), F.lit(0).alias("kind"), "unit_number")
    asked = rows.select(*OWN_UNITS, F.col(date_column).alias("day")).distinct()
    asked = asked.withColumns({"kind": F.lit(1), "unit_number": F.lit(None).cast("bigint")})
    in_order = Window.partitionBy(*OWN_UNITS).orderBy("day", "kind", "unit_number")
    in_order = in_order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    latest = marks.unionByName(asked).withColumn("latest", F.max("unit_number").over(in_order)).where("kind = 1")
    answers = latest.select(*OWN_UNITS, F.col("day").alias(date_column), F.col("latest").alias("unit_number"))
    return rows.join(answers, [*OWN_UNITS, date_column])


def _is_seen_lately(rule: RiskPolicy) -> Column:
    """Present within the last weeks, or within the last units: whichever reaches further back."""
    since = F.expr(f"date_sub(landmark_date, {7 * rule.seen_lately_weeks})")
    within_units = F.col("count_streak_units") < rule.seen_lately_units
    was_present = F.col("last_present_date").isNotNull()
    return was_present & ((F.col("last_present_date") > since) | within_units)


def _against_class(rows: DataFrame) -> DataFrame:
    """Add the size of the class and one's own recent rate against it, in deviations of the class."""
    at = ["cohort_id", "landmark_date"]
    members = rows.where("is_in_risk_set").groupBy(*at)
    of_class = members.agg(
        F.count("*").alias("count_class"),
        F.avg("rate_10").alias("class_mean"),
        F.stddev_pop("rate_10").alias("class_deviation"),
        F.sum("count_absences_10").alias("class_absences_10"),
    )
    z = (F.col("rate_10") - F.col("class_mean")) / F.greatest("class_deviation", F.lit(LEAST_CLASS_DEVIATION))
    joined = rows.join(of_class, at, "left").withColumn("class_z", _round(z))
    return joined.fillna(0, subset=["count_class"]).drop("class_mean", "class_deviation")


def _since(column: str, units: int) -> Column:
    """What a running count has grown by over the last so many possible units."""
    before = F.lag(column, units).over(Window.partitionBy(*OWN_UNITS).orderBy("unit_number"))
    return F.col(column) - F.coalesce(before, F.lit(0))


def _rate_of_last(units: int, parts_per_unit: int) -> Column:
    count = F.least(F.col("count_possible"), F.lit(units))
    return _round(1 - _since("missed_so_far", units) / (count * F.lit(float(parts_per_unit))))


def _rate_of_first(so_far: Window, parts_per_unit: int) -> Column:
    missed = F.sum(F.expr(f"CASE WHEN count_possible <= {FIRST_UNITS} THEN missed_parts ELSE 0L END")).over(so_far)
    count = F.least(F.col("count_possible"), F.lit(FIRST_UNITS))
    return _round(1 - missed / (count * F.lit(float(parts_per_unit))))


def _weighted_rate(half_life: int, so_far: Window, parts_per_unit: int) -> Column:
    """The mean rate in which a unit weighs half as much as one ``half_life`` units later."""
    weight = F.expr(f"pow(2D, (count_possible - {EXPONENT_OFFSET}) / {half_life}D)")
    missed = F.sum(F.col("missed_parts") / F.lit(float(parts_per_unit)) * weight).over(so_far)
    return _round(1 - missed / F.sum(weight).over(so_far))


def _whole(count: str, parts_per_unit: int) -> Column:
    return F.col(count) * F.lit(float(parts_per_unit))


def _round(column: Column) -> Column:
    return F.round(column, DECIMALS)
