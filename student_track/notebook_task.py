"""One notebook of the run as a task of a Databricks job: the entry point ``run_notebook``.

The settings are resolved anew in every task, but from the job's own clock and run id, so that all tasks agree. A volume
takes whole files only: everything is written on the driver's disk first, and copied when the notebook has ended.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from student_track import pipeline, run_record, run_summary, session
from student_track.errors import CheckFailedError, PipelineError
from student_track.settings import Settings, check_inputs, load_settings

OUTCOME = "outcome"
"""The last task: no notebook, but the place where the job fails when something is held."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def main() -> None:
    """Run the task; an error meant for people is told without a traceback and fails the task with its exit code."""
    try:
        app(standalone_mode=False)  # a task that ends with SystemExit, even of 0, may be taken for failed
    except PipelineError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


@app.command()
def run_task(
    notebook: Annotated[str, typer.Argument(help="Notebook of the run, or `outcome`.")],
    settings: Annotated[str, typer.Option(help="The school's settings file.")] = "params/databricks.yml",
    as_of: Annotated[str, typer.Option("--as-of", help="Last date that counts, YYYY-MM-DD or auto.")] = "auto",
    catalog: Annotated[str | None, typer.Option(help="Catalog of the tables.")] = None,
    schema: Annotated[str | None, typer.Option(help="Schema of the tables.")] = None,
    run_id: Annotated[str | None, typer.Option("--run-id", help="The job's run id, one for all its tasks.")] = None,
    started_at: Annotated[str | None, typer.Option("--started-at", help="When the job started, in UTC.")] = None,
) -> None:
    """Run one notebook of the job, or say its outcome."""
    given = {"catalog": catalog, "schema": schema, "run_id": run_id, "read_at": started_at}
    config = load_settings(settings, as_of, **given)
    if notebook == OUTCOME:
        tell_outcome(config)
    else:
        run_one_notebook(config, pipeline.full_name(notebook))


def run_one_notebook(config: Settings, stem: str) -> None:
    """Run a notebook of the run, and publish its executed copy and its pages.

    Raises NotebookFailedError where it fails; the executed copy is published all the same.
    """
    os.umask(0o077)
    check_inputs(config)
    published = config.reports_folder
    with tempfile.TemporaryDirectory(prefix="student-track-") as local:
        os.environ["STUDENT_TRACK_REPORTS"] = local
        folder = run_record.open_run_folder(config)
        record = run_record.start_record(config)
        spark = session.spark(config)
        record.versions_before = run_record.table_versions(spark, stem)
        try:
            pipeline.run_notebook(spark, config, record, folder, stem, on_progress=lambda *done: None)
        finally:
            _publish(config, Path(local), published)


def tell_outcome(config: Settings) -> None:
    """Print what the run found; raise CheckFailedError where cohorts are held, as a run elsewhere would end with 3."""
    spark = session.spark(config)
    held = run_summary.held_cohorts(spark)
    day = config.as_of_date or run_summary.latest_as_of_date(spark) or config.today
    print(run_summary.summary(spark, config, day, held))
    if held:
        raise CheckFailedError(f"{len(held)} cohorts are held and show their last good data: {', '.join(held)}.")


def _publish(config: Settings, local: Path, published: Path) -> None:
    """Copy what the task wrote: its executed notebook beside those of the job's other tasks, and the site, whole."""
    run = published / "runs" / config.school_slug / config.run_id
    for file in sorted((config.runs_folder / ".running" / config.run_id).glob("*.ipynb")):
        run.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, run / file.name)
    pages = local / "site" / config.school_slug
    if pages.is_dir():
        site = published / "site" / config.school_slug
        shutil.copytree(pages, site, dirs_exist_ok=True, copy_function=shutil.copyfile)
        for page in site.glob("*.html"):
            if not (pages / page.name).exists():
                page.unlink()


if __name__ == "__main__":
    main()
