"""What every tab of the sheets is taken for, and why, before anything is run."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from student_track.ingest.google_sources import find_google_sheets
from student_track.ingest.sources import find_sources, read_source
from student_track.policy import load_policy
from student_track.settings import Settings
from student_track.sheets import KnownMarks, ask_together, explain, load_contract, read_tab


def inspect_sheets(config: Settings, files: tuple[Path, ...]) -> str:
    """Return what was recognised, tab by tab: header, students, dates, marks, what is ignored and why, and the lines
    for ``params/sheet.yml`` that would fix or change the choice; no student's name stands in it.

    Raises InputError where a sheet cannot be read.
    """
    contract = load_contract(config.sheet_contract_path)
    known_marks = KnownMarks(load_policy(config.policy_path))
    contents = {
        source.source_id: read_source(source, config.largest_sheet_cells, config.text_encoding)
        for source in (*find_sources(files), *find_google_sheets(config))
    }
    titles = Counter(grid.tab for content in contents.values() for grid in content.grids)
    grids = {
        source_id: [replace(grid, is_title_shared=titles[grid.tab] > 1) for grid in content.grids]
        for source_id, content in contents.items()
    }
    readings = {source_id: [read_tab(grid, contract, known_marks) for grid in own] for source_id, own in grids.items()}
    ask_together([reading for own in readings.values() for reading in own], contract)
    told: list[str] = []
    for source_id, content in contents.items():
        told.append(f"{source_id}: read as {content.read_as}")
        own = zip(readings[source_id], grids[source_id], strict=True)
        told += [explain(reading, grid, known_marks) for reading, grid in own]
    return "\n\n".join(told)
