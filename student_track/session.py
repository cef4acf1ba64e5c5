"""The one place that makes a Spark session: the one handed over by the host, otherwise the engine of the settings."""

import atexit
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from student_track.errors import PipelineError
from student_track.schemas import TABLES
from student_track.settings import Settings
from student_track.sql_text import quoted

SESSION_CONFIGURATION = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}

LEFT_BEHIND_SECONDS = 3600

_handed_over: list[SparkSession] = []
_own_sessions: dict[Path, SparkSession] = {}
_table_folders: dict[str, Path] = {}
_embedded: list[Any] = []


def spark(config: Settings) -> SparkSession:
    """Return the session for the settings' lake, with every table that exists there known by its bare name.

    A session handed over comes first; otherwise the embedded engine is started once per process.
    """
    session = _handed_over[-1] if _handed_over else _own_session(config)
    _prepare(session, config)
    return session


@contextmanager
def handed_over(session: SparkSession) -> Iterator[None]:
    """Let :func:`spark` return this session, and build none, for as long as the block lasts."""
    _handed_over.append(session)
    try:
        yield
    finally:
        _handed_over.pop()


def table_folder(session: SparkSession, name: str) -> Path:
    """Return the folder of a table in the lake the session was prepared for."""
    try:
        return _table_folders[session.session_id] / name
    except KeyError:
        raise PipelineError("The session is not prepared: get it from student_track.session.spark(config).") from None


def staging_folder(session: SparkSession) -> Path:
    """Return the folder, beside the tables, for files that live as long as this process."""
    folder = _table_folders[session.session_id].parent / "staging" / str(os.getpid())
    if not folder.is_dir():
        folder.mkdir(parents=True, mode=0o700)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _remove_left_behind(folder.parent)
    return folder


def _remove_left_behind(staging: Path) -> None:
    """Remove what a killed process could not remove itself."""
    for folder in staging.iterdir():
        if not Path(f"/proc/{folder.name}").exists() and time.time() - folder.stat().st_mtime > LEFT_BEHIND_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def register_table(session: SparkSession, name: str) -> None:
    """Make an existing table of the lake known to the session by its bare name."""
    location = quoted(table_folder(session, name))
    session.sql(f"CREATE TABLE IF NOT EXISTS {name} USING delta LOCATION {location}")


def table_exists(session: SparkSession, name: str) -> bool:
    """Return whether the lake holds the table."""
    return (table_folder(session, name) / "_delta_log").is_dir()


def _own_session(config: Settings) -> SparkSession:
    """One client session per lake, for the engine's catalog belongs to the session."""
    lake = config.lake_folder
    if lake not in _own_sessions:
        _own_sessions[lake] = SparkSession.builder.remote(_start_embedded(config)).create()
    return _own_sessions[lake]


def _start_embedded(config: Settings) -> str:
    """Start Sail inside this process, on loopback and a free port, and return its address."""
    if not _embedded:
        memory = int(config.engine_memory_gib * 2**30)
        os.environ["SAIL_RUNTIME__MEMORY_POOL__TYPE"] = '"fair"'
        os.environ["SAIL_RUNTIME__MEMORY_POOL__FAIR__MAX_SIZE"] = str(memory)
        os.environ.setdefault("RUST_LOG", "error")
        os.environ["SPARK_CONNECT_PROGRESS_BAR_ENABLED"] = "0"
        from pysail.spark import SparkConnectServer  # reads the environment when first imported

        server = SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        _embedded.append(server)
    _, port = _embedded[0].listening_address
    return f"sc://localhost:{port}"


def _prepare(session: SparkSession, config: Settings) -> None:
    folder = config.lake_folder / config.schema_name
    known = _table_folders.get(session.session_id)
    if known == folder:
        return
    config.lake_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for key, value in SESSION_CONFIGURATION.items():
        session.conf.set(key, value)
    session.sql(f"CREATE DATABASE IF NOT EXISTS {config.schema_name}")
    session.catalog.setCurrentDatabase(config.schema_name)
    if known is not None:  # the host's session served another lake before; its files stay
        for name in TABLES:
            session.sql(f"DROP TABLE IF EXISTS {name}")
    _table_folders[session.session_id] = folder
    for name in TABLES:
        if table_exists(session, name):
            register_table(session, name)
