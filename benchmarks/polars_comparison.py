"""The next day, and a backfill of ten years, of a large school beside polars doing the heaviest of the same figures.

The next day is notebook 03; polars builds all ten years anew, as a script without tables of its own would each morning.
The backfill is notebook 03 once for the last day of every school year, beside polars and delta-rs for all of them.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import polars as pl
from deltalake import DeltaTable, write_deltalake
from history import FORMER_YEARS, add_year, run_one, table
from polars_metrics import FIGURES, KEY, Tables, student_figures

from student_track.policy import load_policy
from student_track.resources import resource
from student_track.sample import School
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_tables

ROUNDS, DAY_TARGET, BACKFILL_TARGET = 3, 0.5, 2.0
METRICS = "03_keymetrics_gold"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--students", type=int, default=5000)
    options.add_argument("--lake", type=Path, help="do one part alone, in a process of its own")
    options.add_argument("--part", choices=PARTS)
    given = options.parse_args()
    if given.part:
        PARTS[given.part](given.lake)
    else:
        compare(given.students)


def compare(students: int) -> None:
    """Every part in a process of its own, so that the memory told is its own; the day's rounds turn by turn."""
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder) / "school"
        count = write_tables(lake, school_of_tables(School(students)))
        count += sum(add_year(lake, number) for number in range(1, FORMER_YEARS + 1))
        print(f"{students} students, {count} records of ten years")
        days = [(run_part(lake, "day"), run_part(lake, "rebuild")) for _ in range(ROUNDS)]
        tell("the next day to a rebuild by polars", *map(statistics.median, zip(*days, strict=True)), DAY_TARGET)
        backfill = run_part(lake, "backfill"), run_part(lake, "polars_backfill")
        tell("a backfill of ten years to polars with delta-rs", *backfill, BACKFILL_TARGET)


def tell(what: str, own: float, other: float, target: float) -> None:
    print(f"{what}: {own:.1f} s to {other:.1f} s, ratio {own / other:.2f}  (target {target} or less)")


def run_part(lake: Path, part: str) -> float:
    """Run a part in a process of its own; return the seconds it says."""
    command = [sys.executable, __file__, "--lake", str(lake), "--part", part]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    print(said.rstrip())
    return float(said.split()[1])


def say(part: str, seconds: float) -> None:
    kilobytes = max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    print(f"{part:16} {seconds:7.2f} s, at most {kilobytes / 2**20:.2f} GiB")


def day(lake: Path) -> None:
    """Notebook 03 for the latest day; a first run, which warms the engine, is not counted for either."""
    run_one("00_setup_infrastructure", lake)
    run_one(METRICS, lake)
    say("day", run_one(METRICS, lake))


def backfill(lake: Path) -> None:
    """Notebook 03 for the last day of every school year."""
    run_one("00_setup_infrastructure", lake)
    say("backfill", sum(run_one(METRICS, lake, as_of_date=str(end)) for end in ends_of_years(lake)))


def rebuild(lake: Path) -> None:
    """All ten years by polars, nothing kept."""
    figures_of(lake, latest(lake))
    begin = time.perf_counter()
    figures_of(lake, latest(lake))
    say("rebuild", time.perf_counter() - begin)


def polars_backfill(lake: Path) -> None:
    """All ten years by polars, written by delta-rs; then the figures of the years are compared with the notebook's."""
    begin = time.perf_counter()
    figures = figures_of(lake, latest(lake))
    target = lake.parent / "by_polars"
    write_deltalake(str(target), figures.to_arrow(), mode="overwrite", partition_by=["school_year"])
    say("polars_backfill", time.perf_counter() - begin)
    compare_figures(lake, figures)


def figures_of(lake: Path, as_of: date) -> pl.DataFrame:
    return student_figures(Tables.of(lake), as_of, parts_per_unit())


def compare_figures(lake: Path, figures: pl.DataFrame) -> None:
    """Raise where a figure of polars is not that of ``student_metrics``: otherwise the speeds would tell nothing."""
    ends = [*ends_of_years(lake)]
    gold = pl.scan_delta(table(lake, "student_metrics")).filter(pl.col("as_of_date").is_in(ends))
    own = gold.filter(pl.col("count_expected_units") > 0).select(*KEY, *FIGURES).collect()
    both = own.join(figures, on=KEY, how="full", suffix="_polars", coalesce=True)
    for name in FIGURES:
        different = both.filter(~pl.col(name).eq_missing(pl.col(f"{name}_polars")))
        if different.height:
            raise SystemExit(
                f"{name}: {different.height} of {both.height} rows differ, as in {different.row(0, named=True)}"
            )
    print(f"{both.height} rows of {len(FIGURES)} figures are equal")


def latest(lake: Path) -> date:
    return max(ends_of_years(lake))


def ends_of_years(lake: Path) -> list[date]:
    """The last date with a register taken of every school year, oldest first."""
    sessions = DeltaTable(table(lake, "sessions")).to_pyarrow_table(
        columns=["school_year", "session_date", "is_taken", "is_cancelled"]
    )
    held = sessions.to_pandas().query("is_taken and not is_cancelled")
    return sorted(held.groupby("school_year").session_date.max())


def parts_per_unit() -> int:
    return load_policy(resource("params/policy.yml")).parts_per_unit


PARTS = {"day": day, "rebuild": rebuild, "backfill": backfill, "polars_backfill": polars_backfill}

if __name__ == "__main__":
    main()
