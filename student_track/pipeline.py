"""Runs the notebooks in their order, in one process, and tells people what came of it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import papermill
from filelock import AcquireReturnProxy, FileLock, Timeout
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from pyspark.sql import SparkSession

from student_track import run_record, run_summary, session
from student_track.errors import InputError, LakeLockedError, OutsideServiceError, PipelineError, StorageError
from student_track.resources import project_root, resource
from student_track.run_record import NotebookRecord, RunRecord
from student_track.settings import Settings

NOTEBOOKS = (
    "00_setup_infrastructure",
    "01_ingest_attendance_bronze",
    "02_clean_attendance_silver",
    "03_keymetrics_gold",
    "04_query_metric_attendance",
    "05_train_dropout_risk",
    "06_score_dropout_risk_gold",
    "attendance_dashboard",
    "07_send_alerts",
)
"""The notebooks of a run, in their order."""

OnProgress = Callable[[str, int, int], None]
"""Called with the notebook, the number of its cells that are done, and their number."""

FULL_DISK = "No space left on device"
ENGINE_GONE = "RetriesExceeded"
"""What PySpark raises when the server of a session is gone for good."""


@dataclass(frozen=True)
class RunResult:
    """What a run came to: where it lies, its record, the cohorts held, and the sentences for people."""

    folder: Path
    record: RunRecord
    held: tuple[str, ...]
    summary: str


class NotebookFailedError(PipelineError):
    """A notebook ended with an error; its kind decides the exit code."""

    def __init__(self, notebook: str, message: str, exit_code: int, folder: Path) -> None:
        copy = folder / f"{notebook}.ipynb"
        super().__init__(f"{message}\nIt happened in {notebook}; its executed copy is {copy}.")
        self.exit_code = exit_code


def choose_notebooks(start: str | None = None, only: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the notebooks to run, in order; a number such as ``03`` is enough for a name.

    Raises InputError where a name is no notebook of the run.
    """
    if only:
        wanted = {full_name(name) for name in only}
        return tuple(name for name in NOTEBOOKS if name in wanted)
    return NOTEBOOKS[NOTEBOOKS.index(full_name(start)) :] if start else NOTEBOOKS


def run(config: Settings, notebooks: tuple[str, ...], resume: bool, on_progress: OnProgress) -> RunResult:
    """Run the notebooks on the settings' lake, one run at a time, and return the result.

    With ``resume``, notebooks that an interrupted run on equal inputs had finished are skipped. Raises
    LakeLockedError where another run writes the lake, NotebookFailedError where a notebook fails.
    """
    os.umask(0o077)  # all that is written from here on holds people's data
    with _lock(config):
        record = run_record.start_record(config)
        done = run_record.notebooks_done_before(config, record.inputs_fingerprint) if resume else ()
        folder = run_record.open_run_folder(config)
        spark = session.spark(config)
        record.versions_before = run_record.table_versions(spark)
        for stem in notebooks:
            if stem in done:
                record.notebooks.append(NotebookRecord(stem, outcome="skipped"))
            else:
                run_notebook(spark, config, record, folder, stem, on_progress)
        return _finish(spark, config, record, folder)


def run_notebook(
    spark: SparkSession, config: Settings, record: RunRecord, folder: Path, stem: str, on_progress: OnProgress
) -> None:
    """Run one notebook into the run's folder, and write down how it went; raise NotebookFailedError where it fails."""
    before, begin = record.versions, time.perf_counter()
    notebook = run_record.begin_notebook(record, stem)
    try:
        _execute(spark, folder, stem, on_progress)
        notebook.outcome = "done"
    except Exception as error:
        notebook.outcome, notebook.error = "failed", str(error).splitlines()[0][:300]
        raise _for_people(error, stem, folder) from error
    finally:
        notebook.duration_seconds = round(time.perf_counter() - begin, 3)
        notebook.versions = before | run_record.table_versions(spark, stem)
        notebook.counts = run_record.changed_rows(spark, before, notebook.versions)
        record.save(folder)
    run_record.write_pipeline_run(spark, config, record, notebook)


def _execute(spark: SparkSession, folder: Path, stem: str, on_progress: OnProgress) -> None:
    papermill.execute_notebook(
        str(resource(f"notebooks/{stem}.ipynb")),
        str(folder / f"{stem}.ipynb"),
        parameters={"settings": str(folder / "settings.yml")},
        engine_name="in_process",
        progress_bar=False,
        cwd=str(project_root()),
        spark=spark,
        on_cell=lambda done, total: on_progress(stem, done, total),
    )


def _finish(spark: SparkSession, config: Settings, record: RunRecord, folder: Path) -> RunResult:
    held = run_summary.held_cohorts(spark)
    as_of_date = config.as_of_date or run_summary.latest_as_of_date(spark) or config.today
    record.outcome, record.as_of_date = "held" if held else "done", as_of_date.isoformat()
    record.save(folder)
    run_record.remove_interrupted_runs(config, keep=folder)
    folder = run_record.close_run_folder(config, folder, record.as_of_date)
    return RunResult(folder, record, held, run_summary.summary(spark, config, as_of_date, held))


def full_name(name: str) -> str:
    """Return the notebook of the run that a name or a number means; raise InputError where it means none."""
    matches = [notebook for notebook in NOTEBOOKS if notebook == name or notebook.startswith(f"{name}_")]
    if len(matches) != 1:
        raise InputError(f"{name!r} is not a notebook of the run. They are: {', '.join(NOTEBOOKS)}.")
    return matches[0]


def _lock(config: Settings) -> AcquireReturnProxy:
    path = config.lake_folder.parent / f"{config.school_slug}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(path).acquire(blocking=False)
    except Timeout:
        raise LakeLockedError(
            f"{config.lake_folder}: another run is writing this lake. Wait for it to end and start again."
        ) from None


def _for_people(error: Exception, stem: str, folder: Path) -> PipelineError:
    """Say what ended the notebook, with the exit code of the error's kind."""
    text = str(error)
    if FULL_DISK in text:
        full = "The disk is full: free some space and start again. Every table is at its old or its new version."
        return NotebookFailedError(stem, full, StorageError.exit_code, folder)
    if isinstance(error, PapermillExecutionError) and error.ename == ENGINE_GONE:
        gone = "The engine does not answer any more: was its server ended, or has it run out of memory? Start again."
        return NotebookFailedError(stem, gone, OutsideServiceError.exit_code, folder)
    if isinstance(error, PapermillExecutionError):
        kinds = {kind.__name__: kind for kind in _kinds(PipelineError)}
        kind = kinds.get(error.ename)
        message = error.evalue if kind else f"{error.ename}: {error.evalue}"
        return NotebookFailedError(stem, message, kind.exit_code if kind else 1, folder)
    if isinstance(error, CellTimeoutError | DeadKernelError):
        return NotebookFailedError(stem, f"The kernel gave up: {text}", 1, folder)
    return error if isinstance(error, PipelineError) else NotebookFailedError(stem, text, 1, folder)


def _kinds(base: type[PipelineError]) -> list[type[PipelineError]]:
    return [kind for child in base.__subclasses__() for kind in (child, *_kinds(child))]
