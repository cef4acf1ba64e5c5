"""Gold: one row per cohort (or the school), period and as-of date."""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from student_track.attendance import in_each_scope, is_register_taken
from student_track.frames import frame_from_rows
from student_track.metrics.complements import Complements, Period
from student_track.metrics.student import Stamp
from student_track.policy import TIERS
from student_track.schemas import COHORT_METRICS

GROUP = ("scope", "cohort_id", "period_kind", "period_value")
WITHOUT_TIER = ("too_early", "withheld")


def in_each_period(rows: DataFrame, day: str, school_year: int) -> DataFrame:
    """Return the rows once for each period they fall into: the year to date, their month, week and weekday."""
    values = {
        "year_to_date": F.lit(str(school_year)),
        "month": F.date_format(day, "yyyy-MM"),
        "week": _week_of(day),
        "weekday": (F.weekday(day) + 1).cast("string"),
    }
    periods = [
        F.struct(F.lit(kind).alias("period_kind"), value.alias("period_value")) for kind, value in values.items()
    ]
    exploded = rows.withColumn("in_period", F.explode(F.array(*periods)))
    return exploded.select(*rows.columns, "in_period.period_kind", "in_period.period_value")


def _week_of(day: str) -> Column:
    """The ISO week, such as 2026-W38; its year is that of the week's Thursday."""
    thursday = F.date_add(F.col(day), 3 - F.weekday(day))
    return F.concat(F.year(thursday).cast("string"), F.lit("-W"), F.lpad(F.weekofyear(day).cast("string"), 2, "0"))


def count_registers(sessions: DataFrame, stamp: Stamp, blank_mark: str) -> DataFrame:
    """Return one row per group with the sessions held and the registers taken of them (by the blank rule)."""
    in_period = F.col("session_date").between(F.lit(stamp.from_date), F.lit(stamp.as_of_date))
    held = in_each_cohort(sessions.where(in_period & ~F.col("is_cancelled")))
    return (
        in_each_period(held, "session_date", stamp.school_year)
        .groupBy(*GROUP)
        .agg(
            F.count("*").alias("count_sessions"),
            F.count_if(is_register_taken(blank_mark)).alias("count_sessions_taken"),
            F.min("session_date").alias("period_start_date"),
            F.max("session_date").alias("period_end_date"),
        )
    )


def in_each_cohort(rows: DataFrame) -> DataFrame:
    """Return rows that have a cohort twice: for the whole school and for the cohort."""
    return in_each_scope(rows).drop("own_cohort_id")


def count_student_sessions(expected: DataFrame, stamp: Stamp) -> DataFrame:
    """Return one row per group with its students and their expected, known and missed sessions."""
    missed = F.col("is_known") & (F.col("missed_numerator") > 0)
    return (
        in_each_period(in_each_cohort(expected), "session_date", stamp.school_year)
        .groupBy(*GROUP)
        .agg(
            F.countDistinct("student_key").alias("count_students"),
            F.count("*").alias("count_expected_sessions"),
            F.count_if("is_known").alias("count_known_sessions"),
            F.count_if(missed & F.col("is_excused")).alias("count_excused_sessions"),
            F.count_if(missed & ~F.col("is_excused")).alias("count_unexcused_sessions"),
            F.count_if(F.col("is_known") & F.col("is_tardy")).alias("count_tardy_sessions"),
        )
    )


def count_units(units: DataFrame, stamp: Stamp) -> DataFrame:
    """Return one row per group with its students' possible units, what they missed of them, and the absences."""
    return (
        in_each_period(units, "unit_date", stamp.school_year)
        .groupBy(*GROUP)
        .agg(
            F.count_if("is_possible").alias("count_possible_units"),
            F.sum("missed_parts").alias("missed_parts"),
            F.count_if("is_absence").alias("count_absences"),
        )
    )


def count_tiers(students: DataFrame, stamp: Stamp, tier_scope: str) -> DataFrame:
    """Return one row per school or cohort, for the year to date, with the enrolled students in each tier.

    The tier is the student's in the whole school, or in the cohort where the policy says so (``tier_scope``).
    """
    in_tier = _members_with_tier(students.where("status = 'enrolled'"), tier_scope)
    counts = [F.count_if(F.col("tier") == name).alias(f"count_{name}") for name in (*TIERS, *WITHOUT_TIER)]
    since = F.col("needs_attention_since_date")
    grouped = in_tier.groupBy("scope", "cohort_id").agg(
        *counts,
        F.count_if("needs_attention").alias("count_needs_attention"),
        F.count_if(F.col("needs_attention") & (since == F.lit(stamp.as_of_date))).alias("count_new_attention"),
        F.count_if("needs_attention_week_before").alias("count_needs_attention_week_before"),
        F.count_if(F.col("needs_attention") & ~F.col("needs_attention_week_before")).alias(
            "count_new_attention_in_week"
        ),
        F.min(since).alias("longest_attention_since_date"),
    )
    year = {"period_kind": F.lit("year_to_date"), "period_value": F.lit(str(stamp.school_year))}
    return grouped.withColumns(year)


def _members_with_tier(enrolled: DataFrame, tier_scope: str) -> DataFrame:
    """Each enrolled student in the school and in every own cohort, with the tier the policy goes by.

    Where tiers are the cohorts', a student of two cohorts counts in the school once for each.
    """
    members = enrolled.select("student_key", "scope", "cohort_id")
    judged = enrolled.where(F.col("scope") == tier_scope)
    attention = ("needs_attention", "needs_attention_since_date", "needs_attention_week_before")
    judged = judged.select("student_key", "cohort_id", "tier", *attention)
    if tier_scope == "school":
        return members.join(judged.drop("cohort_id"), "student_key")
    own = members.where("scope = 'cohort'").join(judged, ["student_key", "cohort_id"])
    return own.unionByName(own.withColumns({"scope": F.lit("school"), "cohort_id": F.lit("")}))


def cohort_metrics(
    registers: DataFrame, sessions: DataFrame, units: DataFrame, tiers: DataFrame, stamp: Stamp, suppress_below: int
) -> DataFrame:
    """Return the rows of ``cohort_metrics`` from its parts, each of one row per group; small groups are marked.

    What is to be hidden besides them, ``suppress_complements`` marks.
    """
    rows = registers
    for part in (sessions, units, tiers):
        rows = rows.join(part, list(GROUP), "left")
    is_year = F.col("period_kind") == "year_to_date"
    of_year = [name for name in tiers.columns if name.startswith("count_")]
    counts = [name for name in rows.columns if name.startswith("count_") and name not in of_year]
    rows = rows.fillna(0, subset=[*counts, "missed_parts"])
    rows = rows.withColumns({name: F.when(is_year, F.coalesce(name, F.lit(0))) for name in of_year})
    return rows.withColumns(
        {
            "as_of_date": F.lit(stamp.as_of_date),
            "school_year": F.lit(stamp.school_year),
            "parts_per_unit": F.lit(stamp.parts_per_unit),
            "policy_version": F.lit(stamp.policy_version),
            "coverage_share": F.expr("count_known_sessions / NULLIF(count_expected_sessions, 0L)"),
            "attendance_rate": F.expr(
                f"1D - missed_parts / ({stamp.parts_per_unit}D * NULLIF(count_possible_units, 0L))"
            ),
            "is_suppressed": _size() < suppress_below,
        }
    ).select(*COHORT_METRICS.column_names)


def suppress_complements(rows: DataFrame, expected: DataFrame, stamp: Stamp, suppress_below: int) -> DataFrame:
    """Return the rows of ``cohort_metrics`` with every group marked that a small one could be worked out from.

    The groups and the days of each cohort are few: they are looked at here and not by the engine.
    """
    group = ("cohort_id", "period_kind", "period_value")
    found = rows.select(*group, "is_suppressed", "count_students", _size().alias("size")).collect()
    sizes = {(row.cohort_id, (row.period_kind, row.period_value)): row.size for row in found}
    # A cohort whose students have all left is small too: what they missed could be had from the school's total.
    own = [row for row in found if row.is_suppressed and row.count_students]
    small = {(row.cohort_id, (row.period_kind, row.period_value)) for row in own}
    if not small:
        return rows
    hidden = Complements(sizes, small, _calendars(expected, stamp), suppress_below).hidden()
    names = ("cohort_id", "period_kind", "period_value")
    marked = frame_from_rows(rows.sparkSession, names, [(cohort, *period) for cohort, period in sorted(hidden)])
    marked = marked.withColumn("is_hidden", F.lit(True))
    is_suppressed = F.col("is_suppressed") | F.coalesce("is_hidden", F.lit(False))
    joined = rows.join(marked, list(names), "left").withColumn("is_suppressed", is_suppressed)
    return joined.select(*COHORT_METRICS.column_names)


def _calendars(expected: DataFrame, stamp: Stamp) -> dict[str, dict[date, frozenset[Period]]]:
    """The days on which anybody was expected, by cohort, each with the periods it falls into."""
    days = expected.select("cohort_id", "session_date").distinct()
    calendars: dict[str, dict[date, set[Period]]] = {}
    for row in in_each_period(days, "session_date", stamp.school_year).collect():
        of_cohort = calendars.setdefault(row.cohort_id, {})
        of_cohort.setdefault(row.session_date, set()).add((row.period_kind, row.period_value))
    return {cohort: {day: frozenset(own) for day, own in days.items()} for cohort, days in calendars.items()}


def _size() -> Column:
    """Students of a group; in the year's row the enrolled ones where they are fewer, for tiers are theirs alone."""
    enrolled = sum((F.col(f"count_{name}") for name in (*TIERS, *WITHOUT_TIER)), F.lit(0))
    return F.coalesce(F.least("count_students", enrolled), F.lit(0))
