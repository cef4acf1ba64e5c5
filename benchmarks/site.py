"""The site: a page for the school, each cohort and each student, by the dashboard's notebook; seconds, sizes, memory.

Each school is made and measured in one process and its site built in another, so that the peak is the site's alone.
Charts are drawn in a process beside it: its processor time is counted, its memory is the same for every school.
"""

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from in_process import run_notebook

from student_track import session
from student_track.reporting.drawing import RENDERER
from student_track.sample import School
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_tables
from student_track.settings import Settings, load_settings

SMALL, MIDDLE, LARGE = 420, 1_000, 5_000
TARGET_SECONDS = {SMALL: 5, LARGE: 60}
LARGEST_PAGE_KB = 150
MEASURED_BY = ("00_setup_infrastructure", "03_keymetrics_gold", "06_score_dropout_risk_gold")
Result = TypeVar("Result")


def main() -> None:
    peaks = {}
    for students in (SMALL, MIDDLE, LARGE):
        with tempfile.TemporaryDirectory() as folder:
            in_a_process_of_its_own(make_school, Path(folder), students)
            seconds, processor, pages, largest, peaks[students] = in_a_process_of_its_own(build_site, Path(folder))
        target = f"  (target {TARGET_SECONDS[students]} s)" if students in TARGET_SECONDS else ""
        print(f"site of {students} students, {pages} pages: {seconds:.1f} s{target}")
        print(f"  largest student page {largest / 1000:.0f} kB  (target {LARGEST_PAGE_KB})")
        print(f"  {processor:.1f} s of processor time, peak {peaks[students]:.0f} MiB")
    print(f"peak of {LARGE} students to that of {MIDDLE}: {peaks[LARGE] / peaks[MIDDLE]:.2f}")


def in_a_process_of_its_own(work: Callable[..., Result], *args: object) -> Result:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


def make_school(folder: Path, students: int) -> None:
    write_tables(folder / "school", school_of_tables(School(students)))
    spark = session.spark(settings_of(folder))
    for stem in MEASURED_BY:
        run_notebook(stem, folder, spark)


def build_site(folder: Path) -> tuple[float, float, int, int, float]:
    """Seconds by the clock and of the processor, pages, bytes of the largest student's, peak memory in MiB."""
    config = settings_of(folder)
    spark = session.spark(config)
    begin, busy = time.perf_counter(), processor_seconds()
    run_notebook("attendance_dashboard", folder, spark)
    seconds = time.perf_counter() - begin
    RENDERER.stop()
    processor = processor_seconds() - busy
    sizes = {path.name: path.stat().st_size for path in config.site_folder.iterdir()}
    largest = max(size for name, size in sizes.items() if name.startswith("student-"))
    return seconds, processor, len(sizes), largest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor_seconds() -> float:
    """Of this process and of those it started that have ended."""
    return sum(os.times()[:4])


def settings_of(folder: Path) -> Settings:
    os.environ |= {"STUDENT_TRACK_LAKE": str(folder / "school"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
    return load_settings("params/sample.yml")


if __name__ == "__main__":
    main()
