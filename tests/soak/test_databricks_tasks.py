"""Every task of the Databricks job, by its own command line, from the installed wheel, outside the checkout.

The workspace is a Spark with Delta that manages the tables itself; the test environment is copied without the checkout,
and the wheel is installed into the copy without its dependencies.
"""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
import yaml
from pyspark.sql import SparkSession

from student_track import spark_server
from tests.lakes import ROOT, assert_equal_and_not_empty

pytestmark = pytest.mark.soak

VALUES = {
    "job.parameters.settings": "params/databricks.yml",
    "job.parameters.as_of_date": "auto",
    "job.parameters.catalog": "spark_catalog",
    "job.parameters.schema": "attendance",
    "job.run_id": "415",
    "job.start_time.iso_datetime": "2026-11-20T05:30:00Z",
}


@pytest.fixture(scope="module")
def environment(built_wheel, tmp_path_factory):
    """Folder of programs of a copy of the test environment, with the wheel and not the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "copied.pth").write_text(sysconfig.get_path("purelib"))  # its own .pth, the checkout's, is not followed
    install = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--no-deps"]
    subprocess.run([*install, "--quiet", "--disable-pip-version-check", str(built_wheel)], check=True)
    return folder / "bin"


@pytest.fixture(scope="module")
def workspace():
    """Variables by which a process finds the workspace's session."""
    address = spark_server.start(memory_gib=3)
    token = os.environ[spark_server.TOKEN_VARIABLE]
    return {"SPARK_REMOTE": address, spark_server.TOKEN_VARIABLE: token, "DATABRICKS_RUNTIME_VERSION": "17.3"}


def command_of(task: dict) -> list[str]:
    """The task's command line, its references filled in as the job does it."""
    words = [task["python_wheel_task"]["entry_point"], *task["python_wheel_task"]["parameters"]]
    values = {**VALUES, "task.name": task["task_key"]}
    return [values[word.strip("{}")] if word.startswith("{{") else word for word in words]


@pytest.mark.timeout(1500)
def test_every_task_does_its_notebook(environment, workspace, sample_run, tmp_path):
    job = yaml.safe_load((ROOT / "params" / "job_settings.yml").read_text())["resources"]["jobs"][
        "student_track_system"
    ]
    volume = tmp_path / "volume"
    places = {"STUDENT_TRACK_LAKE": str(volume / "lake" / "school"), "STUDENT_TRACK_REPORTS": str(volume)}
    for task in job["tasks"]:
        entry_point, *parameters = command_of(task)
        done = subprocess.run(
            [str(environment / entry_point), *parameters],
            cwd=tmp_path,
            env={**os.environ, **workspace, **places},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{task['task_key']}: {done.stdout}{done.stderr}"
    assert done.stdout.splitlines()[:-1] == (sample_run / "summary.txt").read_text().splitlines()[:-1]
    notebooks = {f"{task['task_key']}.ipynb" for task in job["tasks"][:-1]}
    assert {path.name for path in (volume / "runs" / "school" / "415").iterdir()} == notebooks
    assert (volume / "site" / "school" / "index.html").is_file()
    assert not (volume / "lake" / "school" / "attendance").exists()
    assert_equal_and_not_empty(sample_run / "lake" / "school", managed_lake(workspace, tmp_path))


def managed_lake(workspace, tmp_path: Path) -> Path:
    """The tables that the workspace manages, as a lake that can be read."""
    spark = SparkSession.builder.remote(workspace["SPARK_REMOTE"]).create()
    lake = tmp_path / "managed"
    lake.mkdir()
    (lake / "attendance").symlink_to(
        Path(spark.conf.get("spark.sql.warehouse.dir").removeprefix("file:")) / "attendance.db"
    )
    return lake
