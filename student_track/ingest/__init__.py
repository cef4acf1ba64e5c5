"""Stage: spreadsheet files and Google Sheets to bronze cells."""

from student_track.ingest.bronze import cells_as_arrow, changed_cells, known_fingerprints, latest_cells
from student_track.ingest.google_sources import find_google_sheets
from student_track.ingest.inspection import inspect_sheets
from student_track.ingest.sources import Source, SourceContent, changed_sources, find_sources, read_source

__all__ = [
    "Source",
    "SourceContent",
    "cells_as_arrow",
    "changed_cells",
    "changed_sources",
    "find_google_sheets",
    "find_sources",
    "inspect_sheets",
    "known_fingerprints",
    "latest_cells",
    "read_source",
]
