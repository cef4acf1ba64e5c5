"""Stage: spreadsheet files to bronze cells."""

from student_track.ingest.bronze import cells_as_arrow, changed_cells, known_fingerprints, latest_cells
from student_track.ingest.sources import Source, changed_sources, find_sources, read_grids

__all__ = [
    "Source",
    "cells_as_arrow",
    "changed_cells",
    "changed_sources",
    "find_sources",
    "known_fingerprints",
    "latest_cells",
    "read_grids",
]
