"""The main job on the sample school: on each engine by the runner, beside the same notebooks by plain papermill.

All start from an empty lake and are whole processes; the figures are wall seconds. The slow ones are run once, for they
take minutes.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from student_track.pipeline import NOTEBOOKS

ROOT = Path(__file__).parent.parent
ROUNDS = 2
TARGET_SECONDS, TARGET_TO_KERNELS, TARGET_TO_SPARK_EACH = 15.0, 0.5, 0.1


def main() -> None:
    embedded, kernels = [], []
    for _ in range(ROUNDS):
        embedded.append(timed(run_with_the_runner("embedded")))
        kernels.append(timed(run_with_plain_papermill("embedded")))
    own = statistics.median(embedded)
    print(
        f"embedded, one process:                {row(embedded)}  (target {TARGET_SECONDS:.0f} s or less on two cores)"
    )
    print(f"plain papermill, a kernel each:       {row(kernels)}")
    ratios = [one / other for one, other in zip(embedded, kernels, strict=True)]
    print(f"ratio of the two:                     {row(ratios)}  (target {TARGET_TO_KERNELS} or less)", flush=True)
    spark = timed(run_with_the_runner("spark"))
    print(f"spark, one process:                   {spark:8.2f}  embedded to it: {own / spark:.3f}", flush=True)
    each = timed(run_with_plain_papermill("spark"))
    print(f"plain papermill, kernel, Spark each:  {each:8.2f}")
    print(f"embedded to the last:                 {own / each:8.3f}  (target {TARGET_TO_SPARK_EACH} or less)")


Job = Callable[[Path, dict[str, str]], None]


def timed(job: Job) -> float:
    """Wall seconds of a job on an empty lake of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"STUDENT_TRACK_LAKE": f"{folder}/lake/sample", "STUDENT_TRACK_REPORTS": f"{folder}/reports"}
        begin = time.perf_counter()
        job(Path(folder), {**os.environ, **environment})
        return time.perf_counter() - begin


def run_with_the_runner(engine: str) -> Job:
    options = ["--settings", "params/sample.yml", "--engine", engine]
    return lambda folder, environment: call([sys.executable, "-m", "student_track.cli", "run", *options], environment)


def run_with_plain_papermill(engine: str) -> Job:
    def job(folder: Path, environment: dict[str, str]) -> None:
        settings = folder / "sample.yml"
        sample = (ROOT / "params" / "sample.yml").read_text(encoding="utf-8")
        settings.write_text(f'{sample}\nengine: "{engine}"\n', encoding="utf-8")
        for stem in NOTEBOOKS:
            paths = [f"notebooks/{stem}.ipynb", str(folder / f"{stem}.ipynb"), "-p", "settings", str(settings)]
            call([sys.executable, "-m", "papermill", "--no-progress-bar", *paths], environment)

    return job


def call(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def row(values: list[float]) -> str:
    return f"min {min(values):6.2f}  median {statistics.median(values):6.2f}  max {max(values):6.2f}"


if __name__ == "__main__":
    main()
