"""The figures of ``student_metrics`` that cost the most, by polars: what the engine's speed is measured against.

Days as units, the tiers' limits of the policy as it is, stays with declared ends; every school year at once, or one.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

KEY = ["school_year", "student_key", "scope", "cohort_id"]
WITHHELD_WINDOW, FROM_POSSIBLE = 20, 10
FIGURES = (
    "count_expected_units",
    "count_possible_units",
    "missed_parts",
    "count_absences",
    "count_excused_sessions",
    "count_unexcused_sessions",
    "count_tardy_sessions",
    "tier",
    "tier_since_date",
    "count_streak_units",
    "is_streak_open",
    "streak_start_date",
    "count_longest_streak_units",
    "last_absence_date",
    "last_present_date",
)


@dataclass(frozen=True)
class Tables:
    """The silver tables of a lake, unread."""

    enrolments: pl.LazyFrame
    sessions: pl.LazyFrame
    records: pl.LazyFrame

    @classmethod
    def of(cls, lake: Path, school_year: int | None = None) -> "Tables":
        """Return the tables of a lake; sessions and records of one school year where it is named."""
        folder = lake / "attendance"
        own = pl.lit(True) if school_year is None else pl.col("school_year") == school_year
        sessions, records = (
            pl.scan_delta(str(folder / name)).filter(own) for name in ("sessions", "attendance_records")
        )
        return cls(pl.scan_delta(str(folder / "enrolments")), sessions, records)


def student_figures(tables: Tables, as_of: date, parts: int) -> pl.DataFrame:
    """Return one row per school year, student and scope, as the year stood at its end or at the as-of date."""
    expected = _expected(tables, as_of)
    rows = pl.concat(
        [
            expected.with_columns(scope=pl.lit("school"), cohort_id=pl.lit("")),
            expected.with_columns(scope=pl.lit("cohort")),
        ]
    ).select(*KEY, pl.exclude(*KEY))
    running = _running(_units(rows, parts), parts)
    return _last(running).drop("group").join(_sessions(rows), on=KEY).collect()


def _expected(tables: Tables, as_of: date) -> pl.LazyFrame:
    held = tables.sessions.filter(~pl.col("is_cancelled") & (pl.col("session_date") <= as_of)).select(
        "school_year", "cohort_id", "session_id", "session_date"
    )
    stays = tables.enrolments.select("student_key", "cohort_id", "first_expected_date", "last_expected_date")
    own = stays.join(held, on="cohort_id").filter(
        (pl.col("session_date") >= pl.col("first_expected_date"))
        & (pl.col("last_expected_date").is_null() | (pl.col("session_date") <= pl.col("last_expected_date")))
    )
    own = own.drop("first_expected_date", "last_expected_date").unique()
    marks = tables.records.select(
        "student_key",
        "session_id",
        "missed_numerator",
        "missed_denominator",
        "is_excused",
        "is_tardy",
        "counts_in_rate",
        is_known=pl.lit(True),
    )
    marked = own.join(marks, on=["student_key", "session_id"], how="left")
    return marked.filter(pl.col("counts_in_rate").fill_null(True)).with_columns(pl.col("is_known").fill_null(False))


def _units(rows: pl.LazyFrame, parts: int) -> pl.LazyFrame:
    missed = parts * pl.col("missed_numerator").cast(pl.Int64) // pl.col("missed_denominator")
    days = rows.group_by(*KEY, "session_date").agg(
        count_expected=pl.len().cast(pl.Int64),
        count_known=pl.col("is_known").sum().cast(pl.Int64),
        missed=missed.sum(),
    )
    is_possible = (pl.col("count_known") > 0) & (2 * pl.col("count_known") >= pl.col("count_expected"))
    share = pl.when("is_possible").then(pl.col("missed") // pl.col("count_known")).otherwise(0)
    measured = days.with_columns(is_possible=is_possible).with_columns(missed_parts=share)
    is_absence = pl.col("is_possible") & (2 * pl.col("missed_parts") >= parts)
    in_order = measured.with_columns(is_absence=is_absence).sort(*KEY, "session_date")
    return in_order.with_columns(group=pl.struct(KEY).rle_id())  # one number is a quicker key of windows than four


def _running(units: pl.LazyFrame, parts: int) -> pl.LazyFrame:
    counted = units.with_columns(
        unit_number=pl.int_range(1, pl.len() + 1).over("group"),
        possible=pl.col("is_possible").cast(pl.Int64).cum_sum().over("group"),
        missed_so_far=pl.col("missed_parts").cum_sum().over("group"),
        absences=pl.col("is_absence").cast(pl.Int64).cum_sum().over("group"),
        unknown=(~pl.col("is_possible")).cast(pl.Int64).cum_sum().over("group"),
        is_present=pl.col("is_possible") & ~pl.col("is_absence"),
    )
    at_present = {
        f"{name}_at_present": pl.when("is_present")
        .then(pl.col(name))
        .cum_max()
        .forward_fill()
        .over("group")
        .fill_null(0)
        for name in ("absences", "unknown")
    }
    in_window = pl.col("unknown") - pl.col("unknown").shift(WITHHELD_WINDOW).over("group").fill_null(0)
    streaks = counted.with_columns(**at_present, unknown_in_window=in_window).with_columns(
        streak=pl.col("absences") - pl.col("absences_at_present"), tier=_tier(parts)
    )
    began = pl.col("tier").shift(1).over("group").is_null() | (pl.col("tier") != pl.col("tier").shift(1).over("group"))
    return streaks.with_columns(
        tier_since=pl.when(began).then(pl.col("session_date")).forward_fill().over("group"),
        streak_start=pl.when(pl.col("is_absence") & (pl.col("streak") == 1))
        .then(pl.col("session_date"))
        .forward_fill()
        .over("group"),
    )


def _tier(parts: int) -> pl.Expr:
    window = pl.min_horizontal("unit_number", pl.lit(WITHHELD_WINDOW))
    is_withheld = (window >= FROM_POSSIBLE) & (pl.col("unknown_in_window") * 10 > window)
    label = pl.when(pl.col("possible") < FROM_POSSIBLE).then(pl.lit("too_early")).when(is_withheld)
    label = label.then(pl.lit("withheld"))
    for name, percent in (("severe_chronic", 20), ("moderate_chronic", 10), ("at_risk", 5)):
        label = label.when(pl.col("missed_so_far") * 100 >= pl.col("possible") * parts * percent).then(pl.lit(name))
    return label.otherwise(pl.lit("satisfactory"))


def _last(running: pl.LazyFrame) -> pl.LazyFrame:
    is_streak = pl.col("streak") > 0
    return running.group_by("group", maintain_order=True).agg(
        pl.col(KEY).first(),
        count_expected_units=pl.len().cast(pl.Int64),
        count_possible_units=pl.col("possible").last(),
        missed_parts=pl.col("missed_so_far").last(),
        count_absences=pl.col("absences").last(),
        tier=pl.col("tier").last(),
        tier_since_date=pl.col("tier_since").last(),
        count_streak_units=pl.col("streak").last(),
        is_streak_open=(is_streak & (pl.col("unknown") > pl.col("unknown_at_present"))).last(),
        streak_start_date=pl.when(is_streak).then(pl.col("streak_start")).last(),
        count_longest_streak_units=pl.col("streak").max(),
        last_absence_date=pl.col("session_date").filter("is_absence").last(),
        last_present_date=pl.col("session_date").filter("is_present").last(),
    )


def _sessions(rows: pl.LazyFrame) -> pl.LazyFrame:
    is_missed = pl.col("missed_numerator").fill_null(0) > 0
    return rows.group_by(KEY).agg(
        count_excused_sessions=(is_missed & pl.col("is_excused")).sum().cast(pl.Int64),
        count_unexcused_sessions=(is_missed & ~pl.col("is_excused")).sum().cast(pl.Int64),
        count_tardy_sessions=pl.col("is_tardy").sum().cast(pl.Int64),
    )
