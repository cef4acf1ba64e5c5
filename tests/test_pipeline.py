"""The runner: order, lock, manifest, resume, exit codes, and the sentences at the end."""

import json
import re
import stat

import pytest
from filelock import FileLock
from papermill.exceptions import PapermillExecutionError

from student_track import pipeline
from student_track.errors import InputError
from student_track.pipeline import NOTEBOOKS, choose_notebooks
from tests.lakes import UP_TO_METRICS, assert_equal_and_not_empty, rows, versions


def manifest_of(reports, school="school"):
    (path,) = (reports / "runs" / school).glob("2026-11-20/*/manifest.json")
    return path, json.loads(path.read_text())


def test_a_number_is_enough_to_name_a_notebook():
    assert choose_notebooks(start="03") == NOTEBOOKS[3:]
    assert choose_notebooks(only=("02", "attendance_dashboard")) == (NOTEBOOKS[2], "attendance_dashboard")


def test_an_unknown_notebook_is_refused_with_the_list():
    with pytest.raises(InputError, match="'99' is not a notebook of the run"):
        choose_notebooks(start="99")


def test_the_summary_says_what_a_head_teacher_asks(sample_run):
    text = (sample_run / "summary.txt").read_text()
    assert text.startswith("Sample School, as of Friday 20 November 2026")
    assert re.search(r"\d+ students enrolled; \d+ need attention, \d+ of them new that day\.", text)
    assert re.search(r"\d+ cells to mend: .*\w+ [A-Z]+\d+", text)
    assert re.search(r"Open the page: file://.*/reports/site/school/index\.html", text)


def test_every_executed_notebook_and_the_manifest_are_kept_owner_only(sample_run):
    path, manifest = manifest_of(sample_run / "reports")
    assert [record["notebook"] for record in manifest["notebooks"]] == list(NOTEBOOKS)
    assert {record["outcome"] for record in manifest["notebooks"]} == {"done"}
    assert {file.name for file in path.parent.iterdir()} == {
        "manifest.json",
        "settings.yml",
        *(f"{stem}.ipynb" for stem in NOTEBOOKS),
    }
    for file in [path.parent, *path.parent.iterdir()]:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name


def test_the_manifest_tells_versions_counts_and_policy(sample_run):
    _, manifest = manifest_of(sample_run / "reports")
    clean = next(record for record in manifest["notebooks"] if record["notebook"].startswith("02"))
    assert clean["counts"]["attendance_records"]["inserted"] == rows_in(sample_run, "attendance_records")
    assert clean["versions"]["attendance_records"] >= 1
    assert manifest["policy_version"] == "2026.1"
    assert manifest["as_of_date"] == "2026-11-20"
    assert manifest["outcome"] == "done"


def rows_in(sample_run, name):
    return sum(rows(sample_run / "lake" / "school", name).values())


def test_the_run_stands_in_pipeline_runs(sample_run):
    runs = rows(sample_run / "lake" / "school", "pipeline_runs")
    assert {row[0] for row in runs} == set(NOTEBOOKS)


def test_running_a_day_twice_leaves_equal_tables(sample_run, sample_lake, student_track):
    before = versions(sample_lake)
    code, _, _ = student_track("run", "--settings", "params/sample.yml")
    assert code == 0
    assert_equal_and_not_empty(sample_run / "lake" / "school", sample_lake)
    unchanged = {"raw_attendance", "attendance_records", "sessions", "students", "enrolments", "quarantine"}
    assert {name: versions(sample_lake)[name] for name in unchanged} == {name: before[name] for name in unchanged}


def test_a_second_run_at_once_is_refused(sample_lake, student_track):
    before = versions(sample_lake)
    with FileLock(sample_lake.parent / "school.lock"):
        code, _, complaint = student_track("run", "--settings", "params/sample.yml")
    assert code == 5
    assert "another run is writing this lake" in complaint
    assert versions(sample_lake) == before


def test_the_lock_is_free_again_after_a_run(sample_lake, student_track):
    student_track("run", "--settings", "params/sample.yml", "--only", "00")
    with FileLock(sample_lake.parent / "school.lock", timeout=0):
        pass


def test_only_runs_that_notebook_alone(sample_lake, student_track, tmp_path):
    code, _, _ = student_track("run", "--settings", "params/sample.yml", "--only", "04")
    assert code == 0
    _, manifest = manifest_of(tmp_path / "reports")
    assert [record["notebook"] for record in manifest["notebooks"]] == ["04_query_metric_attendance"]


@pytest.mark.soak
def test_an_older_as_of_date_is_added_and_the_others_stay(sample_run, sample_lake, student_track):
    code, said, _ = student_track("run", "--settings", "params/sample.yml", "--as-of", "2026-11-19", "--from", "03")
    assert code == 0
    assert "as of Thursday 19 November 2026" in said
    dates = {str(row[3]) for row in rows(sample_lake, "student_metrics")}
    assert dates == {"2026-11-19", "2026-11-20"}
    kept = {row for row in rows(sample_lake, "student_metrics") if str(row[3]) == "2026-11-20"}
    assert kept == set(rows(sample_run / "lake" / "school", "student_metrics"))


def test_a_dry_run_says_the_plan_and_writes_nothing(own_lake, student_track, tmp_path):
    code, said, _ = student_track("run", "--settings", "params/sample.yml", "--dry-run")
    assert code == 0
    assert all(stem in said for stem in NOTEBOOKS)
    assert not own_lake.exists()
    assert not (tmp_path / "reports").exists()


@pytest.mark.soak
def test_a_failed_run_resumes_at_the_failed_notebook(sample_lake, student_track, tmp_path, monkeypatch):
    (sample_lake / "attendance" / "student_metrics" / "_delta_log" / "_last_checkpoint").unlink(missing_ok=True)
    broken = pipeline._execute

    def fail_at_metrics(spark, folder, stem, on_progress):
        if stem.startswith("03"):
            raise OSError("the power went out")
        broken(spark, folder, stem, on_progress)

    monkeypatch.setattr(pipeline, "_execute", fail_at_metrics)
    code, _, complaint = student_track("run", "--settings", "params/sample.yml")
    assert code == 1
    assert "It happened in 03_keymetrics_gold" in complaint
    monkeypatch.setattr(pipeline, "_execute", broken)
    code, _, _ = student_track("run", "--settings", "params/sample.yml")
    assert code == 0
    _, manifest = manifest_of(tmp_path / "reports")
    outcomes = {record["notebook"][:2]: record["outcome"] for record in manifest["notebooks"]}
    later = {stem[:2]: "done" for stem in NOTEBOOKS[3:]}
    assert outcomes == {"00": "skipped", "01": "skipped", "02": "skipped", **later}
    assert not list((tmp_path / "reports" / "runs" / "school" / ".running").iterdir())


def test_a_finished_run_is_not_resumed(sample_lake, student_track, tmp_path):
    student_track("run", "--settings", "params/sample.yml", "--only", "00")
    _, manifest = manifest_of(tmp_path / "reports")
    assert [record["outcome"] for record in manifest["notebooks"]] == ["done"]


def write_register(folder, students):
    """A long CSV: so many students, ten days each."""
    days = [f"2026-09-{day:02d}" for day in (*range(7, 12), *range(14, 19))]
    lines = [f"{student:03d},7A,{day},P" for student in range(students) for day in days]
    folder.mkdir(exist_ok=True)
    (folder / "register.csv").write_text("\n".join(["id,class,date,mark", *lines]))


def test_a_mass_deletion_is_held_said_aloud_and_ends_with_three(student_track, tmp_path, own_lake):
    sheets = tmp_path / "sheets"
    write_register(sheets, students=12)
    assert student_track("run", "--sheet", str(sheets), *UP_TO_METRICS)[0] == 0
    write_register(sheets, students=2)
    code, said, _ = student_track("run", "--sheet", str(sheets), *UP_TO_METRICS)
    assert code == 3
    assert "Held, showing the last good data: 7A" in said
    assert sum(rows(own_lake, "attendance_records").values()) == 120
    outcomes = {row[2] for row in rows(own_lake, "pipeline_runs")}
    assert outcomes == {"done"}
    again = student_track("run", "--sheet", str(sheets), *UP_TO_METRICS)
    assert again[0] == 3  # until somebody mends it or confirms it


@pytest.mark.soak
def test_a_loss_a_person_confirms_is_taken(student_track, tmp_path, own_lake):
    sheets, settings = tmp_path / "sheets", tmp_path / "hill.yml"
    write_register(sheets, students=12)
    student_track("run", "--sheet", str(sheets), *UP_TO_METRICS)
    write_register(sheets, students=2)
    settings.write_text(f'sheet: "{sheets}"\naccept_record_loss_in: ["7A"]\n')
    assert student_track("run", "--settings", str(settings), *UP_TO_METRICS)[0] == 0
    assert sum(rows(own_lake, "attendance_records").values()) == 20


@pytest.mark.parametrize(
    ("ename", "code"),
    [
        ("InputError", 2),
        ("CheckFailedError", 3),
        ("OutsideServiceError", 4),
        ("SchemaMismatchError", 1),
        ("KeyError", 1),
    ],
)
def test_the_kind_of_a_notebooks_error_is_the_exit_code(ename, code, tmp_path):
    error = PapermillExecutionError(3, 1, "source", ename, "what happened", [])
    told = pipeline._for_people(error, "03_keymetrics_gold", tmp_path)
    assert told.exit_code == code
    assert "what happened" in str(told)


def test_an_engine_that_is_gone_is_an_outside_service(tmp_path):
    error = PapermillExecutionError(3, 1, "source", "RetriesExceeded", "[RETRIES_EXCEEDED] The maximum number ...", [])
    told = pipeline._for_people(error, "03_keymetrics_gold", tmp_path)
    assert told.exit_code == 4
    assert "The engine does not answer any more" in str(told)
