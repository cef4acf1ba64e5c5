"""What a run leaves behind: its owner-only folder, the manifest in it, and rows of ``pipeline_runs``."""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession

from student_track import tables
from student_track.owner_only_files import replace_whole
from student_track.policy import load_policy
from student_track.resources import PACKAGE_FOLDER, resource
from student_track.schemas import PIPELINE_RUNS, TABLES
from student_track.settings import Settings

MANIFEST = "manifest.json"
SETUP = "00_setup_infrastructure"
"""The one notebook that touches every table."""


@dataclass
class NotebookRecord:
    """How one notebook of a run went; ``versions`` are table versions after it, ``counts`` the rows it changed."""

    notebook: str
    outcome: str = "running"
    started_at: str = ""
    duration_seconds: float = 0.0
    versions: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    error: str = ""


@dataclass
class RunRecord:
    """A run's manifest: settings, inputs, table versions at its start, and one record per notebook."""

    run_id: str
    school: str
    as_of_date: str
    inputs_fingerprint: str
    settings: dict[str, Any]
    policy_version: str
    code_version: str
    versions_before: dict[str, int] = field(default_factory=dict)
    notebooks: list[NotebookRecord] = field(default_factory=list)
    outcome: str = "running"

    @property
    def versions(self) -> dict[str, int]:
        """Table versions as the run has left them so far."""
        ran = [notebook.versions for notebook in self.notebooks if notebook.versions]
        return ran[-1] if ran else self.versions_before

    def save(self, folder: Path) -> None:
        """Write the manifest into the run folder, whole or not at all."""
        replace_whole(folder / MANIFEST, json.dumps(asdict(self), indent=1).encode())


def start_record(config: Settings) -> RunRecord:
    """Return the record of a run that begins now."""
    return RunRecord(
        run_id=config.run_id,
        school=config.school_slug,
        as_of_date=config.as_of_date.isoformat() if config.as_of_date else "auto",
        inputs_fingerprint=inputs_fingerprint(config),
        settings=json.loads(config.as_text()),
        policy_version=load_policy(config.policy_path).version,
        code_version=package_version("student_track"),
    )


def open_run_folder(config: Settings) -> Path:
    """Return a new owner-only folder for the run, with the resolved settings in it."""
    folder = config.runs_folder / ".running" / config.run_id
    folder.mkdir(parents=True, mode=0o700)
    (folder / "settings.yml").write_text(config.as_text(), encoding="utf-8")
    return folder


def close_run_folder(config: Settings, folder: Path, as_of_date: str) -> Path:
    """Move a finished run to ``<as-of date>/<run>`` and return where it lies now."""
    target = config.runs_folder / as_of_date / config.run_id
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.move(folder, target)
    return target


def inputs_fingerprint(config: Settings) -> str:
    """Return a hash of all that decides a run's result: settings, day, sheets, policy, contract, notebooks, code."""
    settings = {key: value for key, value in json.loads(config.as_text()).items() if key not in ("run_id", "read_at")}
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for path in _input_files(config):
        status = path.stat()
        digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _input_files(config: Settings) -> list[Path]:
    own = sorted(config.lake_folder.glob("*.xlsx")) if config.is_sample else []  # the sample writes its own workbook
    sheets = [*own, *(path for path in config.sheet_paths if path.exists())]
    inside = [file for sheet in sheets for file in ([sheet] if sheet.is_file() else sorted(sheet.rglob("*")))]
    code = sorted(PACKAGE_FOLDER.rglob("*.py")) + sorted(resource("notebooks").glob("*.ipynb"))
    return [*inside, config.policy_path, config.sheet_contract_path, *code]


def notebooks_done_before(config: Settings, fingerprint: str) -> tuple[str, ...]:
    """Return the notebooks that the latest run of this lake finished, where it stopped half-way on equal inputs."""
    folders = sorted((config.runs_folder / ".running").glob(f"*/{MANIFEST}"), reverse=True)
    finished = sorted(config.runs_folder.glob(f"????-??-??/*/{MANIFEST}"), key=lambda path: path.parent.name)
    if not folders or (finished and finished[-1].parent.name > folders[0].parent.name):
        return ()
    latest = json.loads(folders[0].read_text(encoding="utf-8"))
    if latest["inputs_fingerprint"] != fingerprint:
        return ()
    return tuple(record["notebook"] for record in latest["notebooks"] if record["outcome"] in ("done", "skipped"))


def table_versions(spark: SparkSession, written_by: str | None = None) -> dict[str, int]:
    """Return the current version of every table that exists, or of those the notebook may touch: asking costs."""
    asked = [table.name for table in TABLES.values() if written_by in (None, SETUP, table.writer)]
    return {name: tables.version(spark, name) for name in asked if tables.exists(spark, name)}


def changed_rows(spark: SparkSession, before: dict[str, int], after: dict[str, int]) -> dict[str, dict[str, int]]:
    """Return, for every table with a new version, the rows its commits inserted, updated and deleted."""
    changed = {}
    for name, version in after.items():
        commits = version - before.get(name, -1)
        if commits:
            changed[name] = tables.rows_changed(spark, name, commits)
    return changed


def write_pipeline_run(spark: SparkSession, config: Settings, record: RunRecord, notebook: NotebookRecord) -> None:
    """Add the notebook's row to ``pipeline_runs``; a lake without that table (nothing set up yet) is left alone."""
    if not tables.exists(spark, PIPELINE_RUNS.name):
        return
    row = {
        "run_id": record.run_id,
        "notebook": notebook.notebook,
        "as_of_date": config.as_of_date,
        "outcome": notebook.outcome,
        "settings": json.dumps(record.settings),
        "versions": json.dumps(notebook.versions),
        "counts": json.dumps(notebook.counts),
        "policy_version": record.policy_version,
        "model_id": None,
        "code_version": record.code_version,
        "started_at": datetime.fromisoformat(notebook.started_at),
        "duration_seconds": notebook.duration_seconds,
    }
    types = {"as_of_date": pa.date32(), "started_at": pa.timestamp("us", tz="UTC"), "duration_seconds": pa.float64()}
    columns = {name: pa.array([value], types.get(name, pa.string())) for name, value in row.items()}
    tables.append(spark, PIPELINE_RUNS.name, spark.createDataFrame(pa.table(columns)))


def begin_notebook(record: RunRecord, stem: str) -> NotebookRecord:
    """Add and return the record of a notebook that starts now."""
    notebook = NotebookRecord(stem, started_at=datetime.now(UTC).isoformat())
    record.notebooks.append(notebook)
    return notebook


def remove_interrupted_runs(config: Settings, keep: Path) -> None:
    """Remove the folders of earlier runs that stopped half-way, once a later one has gone through."""
    for folder in (config.runs_folder / ".running").glob("*"):
        if folder != keep and folder.is_dir():
            shutil.rmtree(folder)
