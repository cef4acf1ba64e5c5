"""The command ``notebook-report``; what it needs is imported when it runs."""

from typing import Annotated

import typer

from student_track.chosen_settings import LakeOption, SettingsOption, settings_of_run


def notebook_report(
    run: Annotated[str | None, typer.Argument(help="The run's id or folder; without one, the latest.")] = None,
    settings: SettingsOption = "params/sample.yml",
    lake: LakeOption = None,
) -> None:
    """Write a page beside each executed notebook of a run, for engineers: cells, outputs, duration; no script in it."""
    from student_track import notebook_report as reports

    folder = reports.run_folder(settings_of_run(None, settings, "auto", lake, None), run)
    pages = reports.write_reports(folder)
    typer.echo(f"{len(pages)} pages in {folder}, readable by you alone; {pages[0].as_uri()} is the first.")
