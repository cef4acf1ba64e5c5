"""The next day of a large school with ten years of history, beside the same school with the current years alone.

No step of the daily path may read all history: the ratio of the two is what tells. Former years are the last whole one
again, with other students, each a year of 364 days earlier. Notebooks run in this process, as the runner runs them.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, write_deltalake
from in_process import run_notebook

from student_track import session
from student_track.lake_key import SAMPLE_KEY
from student_track.privacy import student_key
from student_track.sample import School
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_tables
from student_track.settings import load_settings

LAST_WHOLE_YEAR, FORMER_YEARS, ROUNDS, TARGET = 2025, 8, 3, 1.2
DAILY = ("03_keymetrics_gold", "04_query_metric_attendance", "attendance_dashboard")
KEYED = ("student_key", "student_id")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--students", type=int, default=5000)
    students = options.parse_args().students
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder) / "short" / "school", Path(folder) / "long" / "school"
        count = write_tables(short, school_of_tables(School(students)))
        shutil.copytree(short, long)
        total = count + sum(add_year(long, number) for number in range(1, FORMER_YEARS + 1))
        print(f"{students} students: {count} records of this year and the last, {total} with {FORMER_YEARS} years more")
        compare(short, long)


def compare(short: Path, long: Path) -> None:
    """Turn by turn, so that what disturbs the machine disturbs both."""
    for lake in (short, long):
        seconds_of_a_day(lake)
    rounds = [(seconds_of_a_day(short), seconds_of_a_day(long)) for _ in range(ROUNDS)]
    for stem in DAILY:
        own, with_history = (statistics.median(day[stem] for day in days) for days in zip(*rounds, strict=True))
        print(f"{stem:30} {own:6.2f} s  with ten years {with_history:6.2f} s  ratio {with_history / own:.2f}")
    ratio = statistics.median(sum(long.values()) / sum(short.values()) for short, long in rounds)
    print(f"the day's work, with ten years to without: {ratio:.2f}  (target {TARGET} or less)")


def seconds_of_a_day(lake: Path) -> dict[str, float]:
    """Seconds of each notebook that reads silver and gold on a school day."""
    run_one("00_setup_infrastructure", lake)
    return {stem: run_one(stem, lake) for stem in DAILY}


def run_one(stem: str, lake: Path, **parameters: str) -> float:
    """Run a notebook on a lake of the sample school; return its seconds, those of the session's start left out."""
    os.environ |= {"STUDENT_TRACK_LAKE": str(lake), "STUDENT_TRACK_REPORTS": str(lake.parent / "reports")}
    spark = session.spark(load_settings("params/sample.yml"))
    begin = time.perf_counter()
    run_notebook(stem, lake.parent, spark, **parameters)
    return time.perf_counter() - begin


def add_year(lake: Path, number: int) -> int:
    """Add the last whole year once more, so many years earlier and with students of its own; return its records."""
    for name in ("sessions", "attendance_records"):
        rows = DeltaTable(table(lake, name)).to_pyarrow_table(filters=[("school_year", "=", LAST_WHOLE_YEAR)])
        year = earlier(rows, number)
        append(lake, name, year)
    for name in ("students", "enrolments"):
        append(lake, name, earlier(of_sample(lake, name), number))
    return year.num_rows


def of_sample(lake: Path, name: str) -> pa.Table:
    """The rows of the sample itself, whose stays end with the year here: who left a year ago is no student now."""
    rows = DeltaTable(table(lake, name)).to_pyarrow_table()
    own = rows.filter(pc.equal(pc.utf8_length(rows["student_key"]), len(student_key(SAMPLE_KEY, "1"))))
    if name == "enrolments":
        end = pa.scalar(date(LAST_WHOLE_YEAR + 1, 7, 31), pa.date32())
        ends = pc.min_element_wise(pc.coalesce(own["last_expected_date"], end), end)
        own = own.set_column(own.column_names.index("last_expected_date"), "last_expected_date", ends)
        own = own.filter(pc.less_equal(own["first_expected_date"], end))
    return own


def earlier(rows: pa.Table, number: int) -> pa.Table:
    """The rows with every date so many years earlier and every student another one."""
    for place, field in enumerate(rows.schema):
        values = rows[field.name]
        if pa.types.is_date(field.type):
            days = pc.subtract(values.cast(pa.int32()), pa.scalar(364 * number, pa.int32()))
            rows = rows.set_column(place, field, days.cast(pa.date32()))
        elif field.name in KEYED:
            rows = rows.set_column(place, field, pc.binary_join_element_wise(values, f"y{number}", "-"))
        elif field.name == "school_year":
            rows = rows.set_column(place, field, pc.subtract(values, number).cast(field.type))
    if "session_id" in rows.column_names:
        ids = pc.binary_join_element_wise(rows["cohort_id"], pc.strftime(rows["session_date"], "%Y-%m-%d"), "|")
        rows = rows.set_column(rows.column_names.index("session_id"), "session_id", ids)
    return rows


def table(lake: Path, name: str) -> str:
    return str(lake / "attendance" / name)


def append(lake: Path, name: str, rows: pa.Table) -> None:
    partitions = DeltaTable(table(lake, name)).metadata().partition_columns
    write_deltalake(table(lake, name), rows, mode="append", partition_by=partitions or None)


if __name__ == "__main__":
    main()
