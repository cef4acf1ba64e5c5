"""The settings a command works with: a file, the command line, or the one lake there is."""

from pathlib import Path
from typing import Annotated, Any

import typer

from student_track.errors import InputError
from student_track.settings import SAMPLE, Settings, google_key, lake_named_after, load_settings

SettingsOption = Annotated[str | None, typer.Option("--settings", help="The school's settings file.")]
LakeOption = Annotated[str | None, typer.Option("--lake", help="Folder of the tables.")]


def settings_of_run(
    sheet: list[str] | None, settings: str | None, as_of: str, lake: str | None, engine: str | None
) -> Settings:
    """Resolve file and command line once; the notebooks are given the result."""
    changes: dict[str, Any] = {"lake": str(Path(lake).resolve()) if lake else None, "engine": engine}
    if sheet:
        is_sample = sheet == [SAMPLE]
        named = (place if "://" in place or google_key(place) else str(Path(place).resolve()) for place in sheet)
        changes["sheet"] = tuple(sheet) if is_sample else tuple(named)
    if sheet and not settings:
        changes["school_name"] = None if google_key(sheet[0]) else Path(sheet[0]).stem
        changes["lake"] = changes["lake"] or lake_named_after(sheet[0])
    return load_settings(settings, as_of, **changes)


def settings_to_read(settings: str | None, lake: str | None, as_of: str = "auto") -> Settings:
    """Settings to read an existing lake: those of the file, on the lake named where one is; else of the lake alone."""
    if settings is None:
        return settings_of_lake(lake, as_of)
    config = settings_of_run(None, settings, as_of, lake, None)
    if config.engine != "databricks":
        _refuse_empty_lake(config.lake_folder, config.schema_name)
    return config


def settings_of_lake(lake: str | None, as_of: str = "auto") -> Settings:
    """Settings to read an existing lake; without ``--lake`` the only one there is."""
    config = load_settings(lake=str(Path(lake).resolve()) if lake else None)
    if lake or (config.lake_folder / config.schema_name).is_dir():
        folder = config.lake_folder
    else:
        known = sorted(path.parent for path in config.lake_folder.parent.glob(f"*/{config.schema_name}"))
        if len(known) != 1:
            names = ", ".join(str(path) for path in known) or "none yet: `student-track run` makes one"
            raise InputError(f"Which lake? Name it with --lake. Lakes here: {names}.")
        folder = known[0]
    _refuse_empty_lake(folder, config.schema_name)
    return load_settings(as_of_date=as_of, lake=str(folder))


def _refuse_empty_lake(folder: Path, schema: str) -> None:
    if not (folder / schema).is_dir():
        raise InputError(f"{folder}: there are no tables in this folder. `student-track run` makes them.")
