"""What somebody who explores has before her, as a file."""

from pathlib import Path

import pandas as pd

from student_track.errors import InputError
from student_track.exporting.files import WRITERS, place_of, refuse_unknown_format, write_whole
from student_track.settings import Settings


def export_shown(config: Settings, name: str, rows: pd.DataFrame, format: str) -> Path:
    """Write the rows as an owner-only file beside the other exports and return it; an earlier one is replaced.

    Raises InputError where there is no row or no such format, StorageError where the file cannot be written.
    """
    refuse_unknown_format(format)
    if rows.empty:
        raise InputError("Nothing is shown, so no file was written.")
    path = place_of(config, ("explore", name), format)
    write_whole(path, WRITERS[format](rows))
    return path
