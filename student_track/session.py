"""The one place that makes a Spark session: the one handed over by the host, otherwise the engine of the settings."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from student_track import lake
from student_track.deadline import within
from student_track.errors import InputError, OutsideServiceError
from student_track.settings import Settings

SESSION_CONFIGURATION = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
CONNECT_SECONDS = 8
"""A server that has not answered by then is taken for dead: within ten seconds the run says so."""

_handed_over: list[SparkSession] = []
_own_sessions: dict[tuple[str, Path], SparkSession] = {}
_servers: dict[str, Any] = {}
_made: list[SparkSession] = []
"""Every session of this process, so that none is collected before its end: PySpark 4.0 then shuts the one thread pool
that releases the results of all sessions, and waits for it while others are being answered; that can stand still."""


def spark(config: Settings) -> SparkSession:
    """Return the session for the settings' lake, with every table that exists there known by its bare name.

    A session handed over comes first; otherwise the engine of the settings is started once per process. Raises
    OutsideServiceError where the engine does not come up or does not answer.
    """
    session = _handed_over[-1] if _handed_over else _own_session(config)
    if not lake.is_prepared(session, config):
        for key, value in SESSION_CONFIGURATION.items():
            session.conf.set(key, value)
        lake.prepare(session, config)
    return session


@contextmanager
def handed_over(session: SparkSession) -> Iterator[None]:
    """Let :func:`spark` return this session, and build none, for as long as the block lasts."""
    _handed_over.append(session)
    try:
        yield
    finally:
        _handed_over.pop()


def _own_session(config: Settings) -> SparkSession:
    """One client session per engine and lake, for the embedded engine's catalog belongs to the session."""
    place = (config.engine, config.lake_folder)
    if place not in _own_sessions:
        os.environ["SPARK_CONNECT_PROGRESS_BAR_ENABLED"] = "0"
        _own_sessions[place] = _SESSIONS[config.engine](config)
    return _own_sessions[place]


def _embedded_session(config: Settings) -> SparkSession:
    """Its answers are not asked for in a way that outlives a broken line: within one process none breaks, and a small
    question took 5 ms instead of 2."""
    session = _connected(_started("embedded", lambda: _start_embedded(config)))
    session.client.disable_reattachable_execute()
    return session


def _spark_session(config: Settings) -> SparkSession:
    """The cluster behind ``SPARK_REMOTE``, otherwise a server of this process's own."""
    from student_track import spark_server  # needs what only the engine `spark` needs

    address = os.environ.get("SPARK_REMOTE")
    return _connected(address or _started("spark", lambda: spark_server.start(config.engine_memory_gib)))


def _workspace_session(config: Settings) -> SparkSession:
    """The session of the Databricks workspace that this process runs in."""
    if "DATABRICKS_RUNTIME_VERSION" not in os.environ:
        raise InputError(
            "`engine: databricks` is for a job or notebook inside a Databricks workspace, and this is none. "
            "Here, use `engine: embedded` or `engine: spark`."
        )
    return SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()


_SESSIONS: dict[str, Callable[[Settings], SparkSession]] = {
    "embedded": _embedded_session,
    "spark": _spark_session,
    "databricks": _workspace_session,
}


def _started(engine: str, start: Callable[[], str]) -> str:
    """The address of an engine of this process, started at its first use."""
    if engine not in _servers:
        _servers[engine] = start()
    return _servers[engine]


def _start_embedded(config: Settings) -> str:
    """Start Sail inside this process, on loopback and a free port, and return its address."""
    memory = int(config.engine_memory_gib * 2**30)
    os.environ["SAIL_RUNTIME__MEMORY_POOL__TYPE"] = '"fair"'
    os.environ["SAIL_RUNTIME__MEMORY_POOL__FAIR__MAX_SIZE"] = str(memory)
    os.environ.setdefault("RUST_LOG", "error")
    from pysail.spark import SparkConnectServer  # reads the environment when first imported

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _servers["embedded server"] = server  # it lives as long as it is referred to
    _, port = server.listening_address
    return f"sc://localhost:{port}"


def _connected(address: str) -> SparkSession:
    """A session of the server at an address that has answered; raises OutsideServiceError where it has not in time."""
    host = urlsplit(address).hostname or ""
    port = urlsplit(address).port or 15002
    try:
        socket.create_connection((host, port), CONNECT_SECONDS / 2).close()
        return within(CONNECT_SECONDS, lambda: _new_session(address))
    except (OSError, TimeoutError, PySparkException) as error:
        raise OutsideServiceError(
            f"No Spark answers at {host}:{port} ({type(error).__name__}). Is the server of SPARK_REMOTE running, and "
            "its address right? Without SPARK_REMOTE, `engine: spark` starts one of its own."
        ) from None


def _new_session(address: str) -> SparkSession:
    from pyspark.sql.connect.client.retries import DefaultPolicy

    session = SparkSession.builder.remote(address).create()
    _made.append(session)
    session.client.set_retry_policies([DefaultPolicy(max_retries=4, initial_backoff=200, max_backoff=2000)])
    session.version  # noqa: B018 - asks the server
    return session
