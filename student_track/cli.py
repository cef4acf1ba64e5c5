"""The command ``student-track``."""

import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from student_track.chosen_settings import (
    LakeOption,
    SettingsOption,
    settings_of_lake,
    settings_of_run,
    settings_to_read,
)
from student_track.errors import InputError, PipelineError
from student_track.exporting import commands
from student_track.notebook_progress import notebook_progress
from student_track.report_command import notebook_report
from student_track.resources import shipped_files, shipped_root
from student_track.settings import Settings, check_inputs, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

SheetOption = Annotated[list[str] | None, typer.Option(help="Spreadsheet file, folder or Google Sheet; repeatable.")]


def main() -> None:
    """Run the command; an error meant for people is told without a traceback, and its kind is the exit code."""
    try:
        app(standalone_mode=True)
    except PipelineError as error:
        Console(stderr=True).print(str(error), style="bold", markup=False, highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)


@app.callback(invoke_without_command=False)
def _root() -> None:
    """Attendance sheets to tiers, pages and alerts, by notebooks."""


@app.command()
def run(
    sheet: SheetOption = None,
    settings: SettingsOption = None,
    as_of: Annotated[str, typer.Option("--as-of", help="Last date that counts, YYYY-MM-DD.")] = "auto",
    lake: LakeOption = None,
    engine: Annotated[str | None, typer.Option(help="embedded or spark; instead of the settings' engine.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First notebook to run, such as 03.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run this notebook alone; repeatable.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
) -> None:
    """Run the notebooks in order: a spreadsheet becomes tables, tiers and pages."""
    # jsonschema would take a second to load a check of web addresses, which no notebook needs
    sys.modules.setdefault("rfc3987_syntax", None)
    from student_track import pipeline  # the engine's imports cost a second that `--help` need not pay

    config = settings_of_run(sheet, settings, as_of, lake, engine)
    check_inputs(config)
    notebooks = pipeline.choose_notebooks(start, tuple(only or ()))
    if dry_run:
        _tell_plan(config, notebooks)
        return
    with notebook_progress() as on_progress:
        result = pipeline.run(config, notebooks, resume=not (start or only), on_progress=on_progress)
    typer.echo(result.summary)
    if result.held:
        raise typer.Exit(3)


@app.command()
def inspect(sheet: SheetOption = None, settings: SettingsOption = None) -> None:
    """Say what each tab of a spreadsheet is taken for, what is ignored and why, and how to change that."""
    from student_track.ingest import inspect_sheets
    from student_track.sample import ensure_sample_workbook

    config = settings_of_run(sheet, settings, "auto", None, None)
    check_inputs(config)
    files = (ensure_sample_workbook(config.lake_folder),) if config.is_sample else config.sheet_paths
    typer.echo(inspect_sheets(config, files))


@app.command()
def why(
    student: Annotated[str, typer.Argument(help="The student's id, as in the sheet.")],
    date: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The date of the session.")],
    settings: SettingsOption = None,
    lake: LakeOption = None,
) -> None:
    """Show where a mark comes from: the cell, its versions, and when each was read."""
    from student_track import session
    from student_track.clean import why as told
    from student_track.lake_key import student_key_secret

    config = settings_to_read(settings, lake)
    typer.echo(told(session.spark(config), student_key_secret(config), student, date.date()))


policy_app = typer.Typer(no_args_is_help=True)
app.add_typer(policy_app, name="policy", help="Policies compared.")


@policy_app.callback()
def _policy() -> None:
    """Compare attendance policies."""


@policy_app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="The policy as it is.")],
    new: Annotated[Path, typer.Argument(help="The policy as it would be.")],
    settings: SettingsOption = None,
    as_of: Annotated[str, typer.Option("--as-of", help="Last date that counts, YYYY-MM-DD.")] = "auto",
    lake: LakeOption = None,
) -> None:
    """Say which keys of two policies differ, and whose label would change."""
    from student_track import session
    from student_track.metrics import policy_difference
    from student_track.policy import load_policy

    policies = load_policy(old), load_policy(new)
    config = settings_to_read(settings, lake, as_of)
    typer.echo(policy_difference(session.spark(config), *policies, config.as_of_date, config.today))


alerts_app = typer.Typer(no_args_is_help=True)
app.add_typer(alerts_app, name="alerts", help="Alerts, before they are sent.")


@alerts_app.callback()
def _alerts() -> None:
    """Look at alerts."""


@alerts_app.command()
def preview(
    settings: SettingsOption = None,
    as_of: Annotated[str, typer.Option("--as-of", help="Last date that counts, YYYY-MM-DD.")] = "auto",
    lake: LakeOption = None,
    page: Annotated[Path | None, typer.Option("--html", help="Write a page instead of telling.")] = None,
) -> None:
    """Show the messages the next run would send; nothing is written to a table, and nothing is sent."""
    from student_track import alerting, session
    from student_track.lake_key import student_key_secret
    from student_track.policy import load_policy

    config = settings_to_read(settings, lake, as_of)
    policy, secret = load_policy(config.policy_path), student_key_secret(config)
    previews = alerting.preview_messages(session.spark(config), config, policy, secret)
    if page is None:
        typer.echo(alerting.as_terminal_text(previews))
        return
    alerting.write_page(previews, page, config.school_name)
    typer.echo(f"{len(previews)} messages: {page}. Nothing was sent.")


risk_app = typer.Typer(no_args_is_help=True)
app.add_typer(risk_app, name="risk", help="The dropout-risk score judged.")


@risk_app.callback()
def _risk() -> None:
    """Judge the dropout-risk score."""


@risk_app.command("evaluate")
def evaluate_risk(  # noqa: PLR0913, PLR0917 - each an option of the command
    train: Annotated[list[str], typer.Option(help="Cohorts or terms to train on; repeatable, or with commas.")],
    test: Annotated[list[str], typer.Option(help="Cohorts or terms to judge by; repeatable, or with commas.")],
    label: Annotated[str, typer.Option(help="new_dropoff or dropoff.")] = "new_dropoff",
    horizon: Annotated[int | None, typer.Option(min=1, help="Units the label looks ahead.")] = None,
    capacity: Annotated[str | None, typer.Option(help='Share of each class that is named, such as "10 %".')] = None,
    format: Annotated[str, typer.Option(help="table or json.")] = "table",
    settings: SettingsOption = None,
    as_of: Annotated[str, typer.Option("--as-of", help="Last date that counts, YYYY-MM-DD.")] = "auto",
    lake: LakeOption = None,
) -> None:
    """Judge the models, the threshold label and the plain scores on unseen rows; nothing is written."""
    from student_track import risk, session
    from student_track.policy import load_policy

    question = risk.question_of(train, test, label, horizon, capacity)
    shown = risk.answer_in(format)
    config = settings_to_read(settings, lake, as_of)
    policy = load_policy(config.policy_path)
    typer.echo(shown(risk.evaluate(session.spark(config), policy, question, config.as_of_date, config.today)), nl=False)


@app.command()
def sample(
    file: Annotated[Path, typer.Argument(help="Where to write the workbook.")] = Path("sample-school.xlsx"),
    students: Annotated[int, typer.Option(min=30, help="Number of students.")] = 400,
    seed: Annotated[int | None, typer.Option(help="Another number is another school.")] = None,
    switch_on: Annotated[list[str] | None, typer.Option("--with", help="Switch an effect on; repeatable.")] = None,
    switch_off: Annotated[list[str] | None, typer.Option("--without", help="Switch one off; repeatable.")] = None,
    effects: Annotated[str, typer.Option(help="Effects to start from: usual, all or noise_only.")] = "usual",
    tables_folder: Annotated[
        Path | None, typer.Option("--tables", help="A new lake of tables, and no workbook.")
    ] = None,
    truth: Annotated[Path | None, typer.Option(help="Folder for what is true of the school, as CSV files.")] = None,
) -> None:
    """Write the sample school's workbook: fictional, seeded, the same every time; each of its effects is a switch."""
    from student_track.sample import chosen_school, write_school

    school = chosen_school(students, seed, effects, switch_on or (), switch_off or ())
    for line in write_school(school, file, tables_folder, truth, load_settings().policy_path):
        typer.echo(line)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="A SELECT over the tables, by their bare names.")],
    format: Annotated[str, typer.Option(help="table, csv or json.")] = "table",
    lake: LakeOption = None,
) -> None:
    """Show the result of a query over a lake's tables."""
    from student_track import query_output

    typer.echo(query_output.answer(settings_of_lake(lake), query, format), nl=False)


@app.command()
def ask(
    name: Annotated[str | None, typer.Argument(help="Name of the question; without one, all are listed.")] = None,
    cohort: Annotated[str | None, typer.Option(help="Only this cohort, or its students.")] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="A date there are metrics for; auto: the latest.")] = "auto",
    format: Annotated[str, typer.Option(help="table, csv or json.")] = "table",
    settings: SettingsOption = None,
    lake: LakeOption = None,
) -> None:
    """Answer one of the questions staff ask, each a short query in reports/queries; without a name, list them."""
    from student_track import query_output

    if name is None:
        typer.echo(query_output.list_of_questions(format), nl=False)
        return
    config = settings_to_read(settings, lake, as_of)
    typer.echo(query_output.answer_by_name(config, name, cohort, format), nl=False)


app.command()(commands.export)
app.command()(commands.template)
app.command()(notebook_report)


@app.command()
def tables(
    lake: LakeOption = None,
    format: Annotated[str, typer.Option(help="table, csv or json.")] = "table",
) -> None:
    """List a lake's tables: rows, version, and what one row is."""
    from student_track import query_output

    typer.echo(query_output.list_of_tables(settings_of_lake(lake), format), nl=False)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context, settings: SettingsOption = "params/sample.yml") -> None:
    """Open JupyterLab on the notebooks, `spark` ready in each; other options go to JupyterLab."""
    from student_track import jupyter_lab

    sys.exit(jupyter_lab.start(load_settings(settings), settings or "", context.args))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Copy the files a school may edit (params, alerts, templates, queries, notebooks) into a folder of its own."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder}: the folder is not empty. Name a new one; nothing is overwritten.")
    for name in shipped_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shipped_root() / name, folder / name)
    typer.echo(f"Your project: {folder}. Edit {folder}/params, then run `student-track run` inside it.")


def _tell_plan(config: Settings, notebooks: tuple[str, ...]) -> None:
    """Say what a run would read, write and execute, without touching anything."""
    typer.echo("Nothing is run. These settings would be used:")
    typer.echo(config.as_text())
    typer.echo(f"Tables: {config.lake_folder}\nPages: {config.site_folder}\nNotebooks, in this order:")
    for stem in notebooks:
        typer.echo(f"  {stem}")


if __name__ == "__main__":
    main()
