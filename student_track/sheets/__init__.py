"""Domain: grids of cells to marks. Layouts, headers, dates, rosters, calendars; plain Python, no Spark."""

from student_track.sheets.contract import SheetContract, load_contract
from student_track.sheets.explanation import explain
from student_track.sheets.grid import BLANK, Cell, Grid, address, cell_of
from student_track.sheets.grid_storage import STORED_CELL, addresses, grid_from_stored, stored_cells
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.reading import (
    ActionEntry,
    CalendarEntry,
    Mark,
    OwnerEntry,
    Problem,
    RosterEntry,
    SheetSession,
    SheetStudent,
    TabReading,
)
from student_track.sheets.recognised import Recognition
from student_track.sheets.recognition import recognise
from student_track.sheets.references import read_reference
from student_track.sheets.registers import read_register
from student_track.sheets.stacked_registers import read_stacked
from student_track.sheets.tabs_together import ask_together


def read_tab(grid: Grid, contract: SheetContract, known_marks: KnownMarks) -> TabReading:
    """Return everything a tab says. ``known_marks`` are the policy's."""
    reading = _read_recognised(grid, recognise(grid, contract, known_marks), contract, known_marks)
    reading.tab_id = grid.facts.tab_id
    reading.contract_name, reading.contract_names = grid.contract_name, tuple(grid.names)
    reading.notes[:0] = [f"tab {former} is called {grid.tab} now" for former in grid.former_titles]
    return reading


def _read_recognised(grid: Grid, found: Recognition, contract: SheetContract, known_marks: KnownMarks) -> TabReading:
    if found.kind == "attendance":
        return read_stacked(grid, found, contract, known_marks) or read_register(grid, found, contract, known_marks)
    if found.kind in ("ignored", "empty"):
        return TabReading(grid.source_id, grid.tab, found, notes=[found.missing] if found.missing else [])
    return read_reference(grid, found, contract.choice(*grid.names))


__all__ = [
    "BLANK",
    "STORED_CELL",
    "ActionEntry",
    "CalendarEntry",
    "Cell",
    "Grid",
    "KnownMarks",
    "Mark",
    "OwnerEntry",
    "Problem",
    "Recognition",
    "RosterEntry",
    "SheetContract",
    "SheetSession",
    "SheetStudent",
    "TabReading",
    "address",
    "addresses",
    "ask_together",
    "cell_of",
    "explain",
    "grid_from_stored",
    "load_contract",
    "read_tab",
    "stored_cells",
]
