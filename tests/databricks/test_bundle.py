"""The bundle, checked without a workspace: every rule holds for ours, and each finds the fault planted for it."""

import configparser
import copy
import zipfile
from pathlib import Path

import pytest
import typer.main
import yaml

from student_track.notebook_task import app
from student_track.pipeline import NOTEBOOKS
from tests.databricks.bundle_rules import Bundle, faults

ROOT = Path(__file__).parent.parent.parent


def read(name):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def bundle(built_wheel):
    with zipfile.ZipFile(built_wheel) as wheel:
        files = frozenset(wheel.namelist())
        (listed,) = [name for name in files if name.endswith("entry_points.txt")]
        scripts = configparser.ConfigParser()
        scripts.read_string(wheel.read(listed).decode())
    options = {option for parameter in typer.main.get_command(app).params for option in parameter.opts}
    return Bundle(
        main=read("databricks.yml"),
        resources=read("params/job_settings.yml"),
        notebooks=NOTEBOOKS,
        wheel_files=files,
        entry_points=frozenset(scripts["console_scripts"]),
        options=frozenset(options),
    )


def test_the_bundle_has_no_fault(bundle):
    assert faults(bundle) == []


def test_the_bundle_includes_the_job_and_builds_the_wheel_its_environment_names(bundle):
    assert bundle.main["include"] == ["params/job_settings.yml"]
    assert bundle.main["artifacts"]["student_track"]["build"] == "python -m build --wheel"
    assert bundle.job["environments"][0]["spec"]["dependencies"] == ["../dist/*.whl"]
    assert set(bundle.main["targets"]) == {"dev", "prod"}


def test_the_order_is_the_one_of_the_run(bundle):
    before = {
        task["task_key"]: [other["task_key"] for other in task.get("depends_on", ())] for task in bundle.job["tasks"]
    }
    assert before["attendance_dashboard"] == ["04_query_metric_attendance", "06_score_dropout_risk_gold"]
    assert before["06_score_dropout_risk_gold"] == ["05_train_dropout_risk"]
    assert before["05_train_dropout_risk"] == before["04_query_metric_attendance"] == ["03_keymetrics_gold"]
    assert before["07_send_alerts"] == ["attendance_dashboard"]


def task(job, key):
    return next(task for task in job["tasks"] if task["task_key"] == key)


def own_command(job, key):
    """A command of the task alone: in the file, all tasks share one."""
    task(job, key)["python_wheel_task"] = copy.deepcopy(task(job, key)["python_wheel_task"])
    return task(job, key)["python_wheel_task"]


def say_cron(job, text):
    job["schedule"]["quartz_cron_expression"] = text


FAULTS = {
    "an unknown field": (lambda job: job.update(max_concurent_runs=1), ".max_concurent_runs is no field"),
    "a wrong enum": (lambda job: job["schedule"].update(pause_status="OFF"), ".schedule.pause_status is no field"),
    "a missing notebook": (lambda job: job["tasks"].pop(3), "the tasks are not the notebooks of the run"),
    "an unknown environment": (
        lambda job: task(job, "07_send_alerts").update(environment_key="default"),
        "07_send_alerts: unknown environment_key default",
    ),
    "a dangling reference": (
        lambda job: task(job, "07_send_alerts").update(depends_on=[{"task_key": "dashboard"}]),
        "07_send_alerts: depends on dashboard, which is no task",
    ),
    "a cycle": (
        lambda job: task(job, "00_setup_infrastructure").update(depends_on=[{"task_key": "outcome"}]),
        "the tasks wait for each other",
    ),
    "a task nobody waits for": (
        lambda job: task(job, "attendance_dashboard").update(depends_on=[{"task_key": "06_score_dropout_risk_gold"}]),
        "outcome does not wait for 04_query_metric_attendance",
    ),
    "an unknown job parameter": (
        lambda job: own_command(job, "outcome")["parameters"].append("{{job.parameters.day}}"),
        "{{job.parameters.day}}: no job parameter",
    ),
    "an unknown variable": (
        lambda job: job["email_notifications"].update(on_failure=["${var.email}"]),
        "there is no variable email",
    ),
    "an unknown resource": (
        lambda job: job["parameters"][1].update(default="${resources.schemas.silver.name}"),
        "there is no such resource",
    ),
    "a nonsense cron": (lambda job: say_cron(job, "30 5 * * MON-FRI"), "no Quartz expression"),
    "both days said": (lambda job: say_cron(job, "0 30 5 * * MON-FRI"), "no Quartz expression"),
    "an hour of 25": (lambda job: say_cron(job, "0 30 25 ? * MON-FRI"), "no Quartz expression"),
    "an unknown time zone": (lambda job: job["schedule"].update(timezone_id="Europe/Londn"), "no time zone"),
    "an unknown entry point": (
        lambda job: own_command(job, "outcome").update(entry_point="run_notebok"),
        "the wheel has no entry point run_notebok",
    ),
    "an unknown option": (
        lambda job: own_command(job, "outcome")["parameters"].append("--school"),
        "the entry point has no option --school",
    ),
    "two runs at once": (lambda job: job.update(max_concurrent_runs=2), "two runs of the job"),
    "nobody is told": (lambda job: job["email_notifications"].update(on_failure=[]), "nobody hears"),
    "a task never tried again": (lambda job: task(job, "03_keymetrics_gold").pop("max_retries"), "03_keymetrics_gold:"),
}


@pytest.mark.parametrize(("plant", "found"), FAULTS.values(), ids=FAULTS.keys())
def test_each_rule_finds_its_fault(bundle, plant, found):
    plant(bundle.job)
    assert any(found in fault for fault in faults(bundle)), faults(bundle)


def test_an_unknown_field_of_the_dashboard_is_found(bundle):
    bundle.resources["resources"]["dashboards"]["attendance_dashboard"]["data_set_catalog"] = "student_system"
    assert faults(bundle) == ["dashboards.attendance_dashboard: data_set_catalog is no field"]


def test_a_notebook_that_the_wheel_lacks_is_found(bundle):
    lost = "student_track/project_files/notebooks/07_send_alerts.ipynb"
    object.__setattr__(bundle, "wheel_files", bundle.wheel_files - {lost})
    assert faults(bundle) == ["07_send_alerts: the wheel has no such notebook"]
