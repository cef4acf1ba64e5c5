"""The main job on the sample school, beside the same notebooks by plain papermill with a kernel each.

Both start from an empty lake and are whole processes; the figures are wall seconds of alternating rounds.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from student_track.pipeline import NOTEBOOKS

ROOT = Path(__file__).parent.parent
ROUNDS = 3
TARGET_RATIO, TARGET_SECONDS = 0.5, 15.0


def main() -> None:
    own, plain = [], []
    for _ in range(ROUNDS):
        own.append(timed(run_with_the_runner))
        plain.append(timed(run_with_plain_papermill))
    ratios = [one / other for one, other in zip(own, plain, strict=True)]
    print(f"main job, one process:         {row(own)}  (target {TARGET_SECONDS:.0f} s or less on two cores)")
    print(f"plain papermill, kernel each:  {row(plain)}")
    print(f"ratio:                         {row(ratios)}  (target {TARGET_RATIO} or less)")


def timed(job) -> float:
    """Wall seconds of a job on an empty lake of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"STUDENT_TRACK_LAKE": f"{folder}/lake/sample", "STUDENT_TRACK_REPORTS": f"{folder}/reports"}
        begin = time.perf_counter()
        job(Path(folder), {**os.environ, **environment})
        return time.perf_counter() - begin


def run_with_the_runner(folder: Path, environment: dict[str, str]) -> None:
    call([sys.executable, "-m", "student_track.cli", "run", "--settings", "params/sample.yml"], environment)


def run_with_plain_papermill(folder: Path, environment: dict[str, str]) -> None:
    for stem in NOTEBOOKS:
        paths = [f"notebooks/{stem}.ipynb", str(folder / f"{stem}.ipynb")]
        call([sys.executable, "-m", "papermill", "--no-progress-bar", *paths], environment)


def call(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def row(values: list[float]) -> str:
    return f"min {min(values):6.2f}  median {statistics.median(values):6.2f}  max {max(values):6.2f}"


if __name__ == "__main__":
    main()
