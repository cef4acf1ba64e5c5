"""Reading and cleaning sheets: a wide year, the next day of it, a long sheet of a million marks, a grid too large.

Notebooks 01 and 02 run in this process, as the runner runs them; the million marks run in a process of their own, whose
largest memory the system tells.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from in_process import run_notebook

from student_track import session
from student_track.settings import load_settings

ROOT = Path(__file__).parent.parent
STUDENTS, SESSIONS = 400, 200
LONG_MARKS = 1_000_000
TARGET_YEAR_SECONDS, TARGET_NEXT_DAY_SHARE, TARGET_LONG_GIB = 3.0, 0.5, 2.0
MARKS = ("P",) * 18 + ("A", "L")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--long", help="only read this long sheet, and print the largest memory")
    chosen = options.parse_args()
    if chosen.long:
        seconds = read_and_clean(Path(chosen.long))
        print(f"{seconds:.1f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f}")
        return
    with tempfile.TemporaryDirectory() as folder:
        measure_wide_year(Path(folder) / "wide")
        measure_million_marks(Path(folder) / "long")


def measure_wide_year(folder: Path) -> None:
    """A first run warms the engine and the imports, which a daily run pays once and not for each sheet."""
    sheet, days = prepared(folder) / "register.xlsx", school_days(SESSIONS + 1)
    write_wide(prepared(folder / "warm") / "small.xlsx", days[:5], students=20)
    read_and_clean(folder / "warm" / "small.xlsx")
    write_wide(sheet, days[:-1])
    year = read_and_clean(sheet)
    write_wide(sheet, days)
    next_day = read_and_clean(sheet)
    size = f"{STUDENTS} students x {SESSIONS} sessions, wide:"
    print(f"{size}  {year:6.2f} s  (target {TARGET_YEAR_SECONDS} s or less)")
    share = next_day / year
    print(
        f"the next day, one column more:       {next_day:6.2f} s  ratio {share:.2f}  (target {TARGET_NEXT_DAY_SHARE})"
    )


def measure_million_marks(folder: Path) -> None:
    sheet = prepared(folder) / "long.csv"
    write_long(sheet)
    command = [sys.executable, __file__, "--long", str(sheet)]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    seconds, gib = map(float, printed.split())
    print(f"a long sheet of {LONG_MARKS} marks:       {seconds:6.1f} s  {gib:.2f} GiB  (target {TARGET_LONG_GIB} GiB)")


def read_and_clean(sheet: Path) -> float:
    """Seconds of the notebooks 01 and 02 on the sheet's own lake."""
    os.environ["STUDENT_TRACK_LAKE"] = str(sheet.parent / "lake" / "school")
    settings = sheet.parent / "settings.yml"
    settings.write_text(f'sheet: "{sheet}"\ntoday: "2027-07-31"\n', encoding="utf-8")
    spark = session.spark(load_settings(settings))
    run_notebook("00_setup_infrastructure", settings.parent, spark, settings=str(settings))
    begin = time.perf_counter()
    for stem in ("01_ingest_attendance_bronze", "02_clean_attendance_silver"):
        run_notebook(stem, settings.parent, spark, settings=str(settings))
    return time.perf_counter() - begin


def prepared(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def school_days(count: int) -> list[date]:
    days = (date(2026, 9, 1) + timedelta(number) for number in range(2 * count))
    return [day for day in days if day.weekday() < 5][:count]


def write_wide(path: Path, days: list[date], students: int = STUDENTS) -> None:
    chosen = random.Random(1)
    marks = {day: [chosen.choice(MARKS) for _ in range(students)] for day in days}
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("7A")
    sheet.append(["Student id", *days])
    for number in range(students):
        sheet.append([f"{number:05d}", *(marks[day][number] for day in days)])
    book.save(path)


def write_long(path: Path) -> None:
    chosen, days = random.Random(2), school_days(SESSIONS)
    students = LONG_MARKS // len(days)
    with path.open("w", encoding="utf-8") as file:
        file.write("student id,class,date,mark\n")
        for number in range(students):
            lines = (f"{number:05d},C{number % 40},{day},{chosen.choice(MARKS)}\n" for day in days)
            file.writelines(lines)


if __name__ == "__main__":
    main()
