"""Where the tables of a session lie, and the names it knows them by: a folder of Delta tables, or a workspace's schema.

A local lake is a folder; its tables are registered by their place. On Databricks tables are managed in Unity Catalog:
no place is ever named.
"""

import atexit
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from student_track.errors import OutsideServiceError, PipelineError
from student_track.schemas import TABLES
from student_track.settings import Settings
from student_track.sql_text import quoted

LEFT_BEHIND_SECONDS = 3600


@dataclass(frozen=True)
class Lake:
    """Where a session's tables lie. ``folder`` holds one folder per table; None where the workspace manages them."""

    engine: str
    schema_name: str
    folder: Path | None
    catalog: str | None = None


_lakes: "WeakKeyDictionary[SparkSession, Lake]" = WeakKeyDictionary()


def lake_of(session: SparkSession) -> Lake:
    """Return the lake the session was prepared for."""
    try:
        return _lakes[session]
    except KeyError:
        raise PipelineError("The session is not prepared: get it from student_track.session.spark(config).") from None


def is_prepared(session: SparkSession, config: Settings) -> bool:
    """Return whether the session serves the settings' lake already."""
    return _lakes.get(session) == _lake(config)


def prepare(session: SparkSession, config: Settings) -> None:
    """Make the settings' schema the current one and every table that exists there known by its bare name.

    Raises OutsideServiceError where the workspace does not let this user use its catalog or create the schema.
    """
    known, lake = _lakes.get(session), _lake(config)
    if lake.folder is None:
        _use_catalog(session, lake)
    else:
        config.lake_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        session.sql(f"CREATE DATABASE IF NOT EXISTS {lake.schema_name}")
    session.catalog.setCurrentDatabase(lake.schema_name)
    _lakes[session] = lake
    if lake.folder is None:
        return
    if known is not None or lake.engine == "spark":
        _forget_tables(session)
    for name in TABLES:
        if table_exists(session, name):
            register_table(session, name)


def _forget_tables(session: SparkSession) -> None:
    """A host's session may have served another lake before, and a server outlives its sessions; the files stay."""
    for row in session.sql("SHOW TABLES").collect():
        if row.tableName in TABLES:
            session.sql(f"DROP TABLE {row.tableName}")


def _lake(config: Settings) -> Lake:
    if config.engine == "databricks":
        return Lake(config.engine, config.schema_name, None, config.catalog)
    return Lake(config.engine, config.schema_name, config.lake_folder / config.schema_name)


def _use_catalog(session: SparkSession, lake: Lake) -> None:
    """Catalogs are made by administrators, so none is created here; the refusal says what to ask them for."""
    try:
        session.catalog.setCurrentCatalog(lake.catalog)
        session.sql(f"CREATE SCHEMA IF NOT EXISTS `{lake.schema_name}`")
    except PySparkException as error:
        reason = str(error).splitlines()[0][:200]
        raise OutsideServiceError(
            f"The catalog {lake.catalog} cannot be used, or its schema {lake.schema_name} not be created ({reason}). "
            f"Ask an administrator for: CREATE CATALOG IF NOT EXISTS {lake.catalog}; GRANT USE CATALOG, CREATE SCHEMA "
            f"ON CATALOG {lake.catalog} TO the user or service principal that the job runs as."
        ) from None


def table_folder(session: SparkSession, name: str) -> Path:
    """Return the folder of a table of a local lake."""
    folder = lake_of(session).folder
    if folder is None:
        raise PipelineError(f"{name}: is managed by the workspace, and lies in no folder of ours.")
    return folder / name


def table_exists(session: SparkSession, name: str) -> bool:
    """Return whether the lake holds the table."""
    if lake_of(session).folder is None:
        return session.catalog.tableExists(name)
    return (table_folder(session, name) / "_delta_log").is_dir()


def register_table(session: SparkSession, name: str) -> None:
    """Make an existing table of a local lake known to the session by its bare name."""
    session.sql(f"CREATE TABLE IF NOT EXISTS {name} USING delta{location_clause(session, name)}")


def location_clause(session: SparkSession, name: str) -> str:
    """Return the LOCATION of a table's CREATE statement; empty where the workspace decides."""
    lake = lake_of(session)
    if lake.folder is None:
        return ""
    folder = _plain_path(lake.folder) if lake.engine == "embedded" else lake.folder
    return f" LOCATION {quoted(folder / name)}"


def _plain_path(folder: Path) -> Path:
    """Return a path to the folder that holds no sign to be escaped in an address.

    Sail 0.7.2 escapes such signs twice: of a lake in "My school" the log went to "My%20school", the rows to
    "My%2520school". A link without them leads to the same folder.
    """
    if re.fullmatch(r"[A-Za-z0-9/._~-]+", str(folder)):
        return folder
    return _link_to(folder)


@cache
def _link_to(folder: Path) -> Path:
    """A link of this process alone, in a folder nobody else can write to, removed at its end."""
    place = Path(tempfile.mkdtemp(prefix="student-track-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)  # removes the link, not what it leads to
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    link = place / "tables"
    link.symlink_to(folder.absolute(), target_is_directory=True)
    return link


def staging_folder(session: SparkSession) -> Path | None:
    """Return the folder, beside the tables, for files that live as long as this process; None in a workspace."""
    tables = lake_of(session).folder
    if tables is None:
        return None
    folder = tables.parent / "staging" / str(os.getpid())
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
