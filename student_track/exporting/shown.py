"""What somebody who explores has before her, as a file."""

import re
from pathlib import Path

import pandas as pd

from student_track.errors import InputError
from student_track.exporting.files import WRITERS, write_whole
from student_track.settings import Settings


def export_shown(config: Settings, name: str, rows: pd.DataFrame, format: str) -> Path:
    """Write the rows as an owner-only file beside the other exports and return it; an earlier one is replaced.

    Raises InputError where there is no row or no such format, StorageError where the file cannot be written.
    """
    if format not in WRITERS:
        raise InputError(f"The format of an export is one of {', '.join(WRITERS)}, not {format!r}.")
    if rows.empty:
        raise InputError("Nothing is shown, so no file was written.")
    stem = re.sub(r"\W+", "-", name).strip("-")[:60]
    path = config.reports_folder / "exports" / config.school_slug / f"explore-{stem}.{format}"
    write_whole(path, WRITERS[format](rows))
    return path
