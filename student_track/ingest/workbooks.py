"""XLSX and XLS workbooks to grids: refused from their metadata where they are too large, then read by calamine.

Formulas are read by the result a spreadsheet program stored; none is ever calculated. Calamine gives an error as
nothing, and a number without the zeros it is shown with: both are filled in from the workbook itself.
"""

import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from student_track.errors import InputError
from student_track.ingest.file_kinds import DAMAGE, FileKind, damaged, protected
from student_track.ingest.old_workbooks import details_of_old_workbook
from student_track.ingest.workbook_parts import (
    Size,
    TabDetails,
    details_of_tab,
    formats_of_zeros,
    parts_of_tabs,
    shown_with_zeros,
    stated_size,
)
from student_track.sheets import BLANK, Cell, Grid, cell_of
from student_track.sheets.grid import one_cell
from student_track.sheets.tab_facts import Merge, TabFacts

BYTES_PER_CELL = 200
"""A workbook that needs more than this per permitted cell is refused before it is unpacked."""


def read_workbook(source_id: str, path: Path, kind: FileKind, largest_cells: int) -> list[Grid]:
    """Return the grids of a workbook's tabs, in their order; charts and macros are no tabs.

    Raises InputError where it is too large, damaged, or protected by a password.
    """
    try:
        details = _details_of_tabs(path, largest_cells) if kind is FileKind.XLSX else details_of_old_workbook(path)
        refuse_too_large(path, {tab: found.size for tab, found in details.items()}, largest_cells)
        # opened as a file: given a path, calamine would go by the suffix
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            return [
                _grid(source_id, workbook.get_sheet_by_name(name), details.get(name, TabDetails())) for name in names
            ]
    except PasswordError:
        raise InputError(protected(path)) from None
    except (CalamineError, *DAMAGE) as error:
        raise InputError(damaged(path, "workbook", error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust; it has no name that could be imported
            raise
        raise InputError(damaged(path, "workbook", "it cannot be made sense of")) from None


def refuse_too_large(path: Path, sizes: dict[str, Size], largest_cells: int) -> None:
    """Raise InputError, naming the largest tab, where the tabs together have more cells than permitted."""
    if sum(size.cells for size in sizes.values()) > largest_cells:
        tab, size = max(sizes.items(), key=lambda named: named[1].cells)
        raise InputError(
            f"{path}, tab {tab!r}: {size.rows} rows of {size.columns} columns are more cells than "
            f"`largest_sheet_cells` ({largest_cells}) permits. Delete empty rows and columns behind the register, "
            "split the sheet by school year, or raise the setting."
        )


def refuse_too_many_bytes(path: Path, unpacked: int, largest_cells: int) -> None:
    """Raise InputError where a workbook needs more bytes than the permitted cells could."""
    if unpacked > largest_cells * BYTES_PER_CELL:
        raise InputError(f"{path}: unpacked it would be {unpacked} bytes: too large. Split the sheet.")


def _details_of_tabs(path: Path, largest_cells: int) -> dict[str, TabDetails]:
    """What calamine leaves out, by tab; whatever costs least is asked first."""
    with zipfile.ZipFile(path) as archive:
        parts = parts_of_tabs(archive)
        refuse_too_large(path, {tab: stated_size(archive, part) for tab, part in parts.items()}, largest_cells)
        refuse_too_many_bytes(path, sum(part.file_size for part in archive.infolist()), largest_cells)
        formats = formats_of_zeros(archive)
        return {tab: details_of_tab(archive, part, formats) for tab, part in parts.items()}


def _grid(source_id: str, sheet: CalamineSheet, details: TabDetails) -> Grid:
    merges = [Merge(*(place + 1 for place in (*first, *last))) for first, last in sheet.merged_cell_ranges or []]
    return Grid(source_id, sheet.name, _rows(sheet, details), TabFacts(merges=tuple(merges)))


def _rows(sheet: CalamineSheet, details: TabDetails) -> list[list[Cell]]:
    rows = [[cell_of(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for place, text in details.errors.items():
        _put(rows, place, one_cell(text, "error"))
    for (row, column), code in details.formats.items():
        cell = rows[row - 1][column - 1]
        if cell.kind == "number" and cell.typed.lstrip("-").isdecimal():
            rows[row - 1][column - 1] = one_cell(shown_with_zeros(int(cell.typed), code), "number", cell.typed)
    return rows


def _put(rows: list[list[Cell]], place: tuple[int, int], cell: Cell) -> None:
    """Set a cell; calamine counts no errors, so a row or a column of them may be missing."""
    row, column = place
    rows.extend([] for _ in range(row - len(rows)))
    cells = rows[row - 1]
    cells.extend([BLANK] * (column - len(cells)))
    cells[column - 1] = cell
