"""The commands ``export`` and ``template``; what they need is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

from student_track.chosen_settings import LakeOption, SettingsOption, settings_to_read
from student_track.errors import InputError
from student_track.settings import load_settings


def export(
    what: Annotated[str, typer.Argument(help="call-list, cohort or quarantine.")],
    cohort: Annotated[str | None, typer.Option(help="Only this cohort, or its students.")] = None,
    format: Annotated[str | None, typer.Option(help="csv or xlsx; otherwise told by --out, else csv.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file; otherwise one in the reports folder.")] = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="Labels for students, no names: a file that may be passed on.")
    ] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="A date there are metrics for; auto: the latest.")] = "auto",
    settings: SettingsOption = None,
    lake: LakeOption = None,
) -> None:
    """Write a list of the pages as a file for a spreadsheet program, readable by its owner only."""
    from student_track.exporting import lists

    request = lists.request_of(what, cohort, format, out, labels)
    path, count = lists.export(settings_to_read(settings, lake, as_of), request)
    typer.echo(f"{count} rows: {path}. Only you can read this file; delete it when it has served.")


def template(
    out: Annotated[Path, typer.Option(help="Where to write the workbook.")] = Path("attendance-template.xlsx"),
    settings: SettingsOption = None,
) -> None:
    """Write an empty workbook for the sheet's owner: its tabs are read as they are, its marks are the policy's."""
    from student_track.exporting.template import write_template
    from student_track.policy import load_policy

    config = load_settings(settings)
    if out.exists():
        raise InputError(f"{out}: this file is there already. Name a new one with --out; nothing is overwritten.")
    write_template(out, load_policy(config.policy_path), config.today)
    typer.echo(f"The template: {out}. Its first tab says how to use it.")
