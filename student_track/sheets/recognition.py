"""What a tab is: its kind, its layout, its header row, and which column means what."""

from collections import Counter
from dataclasses import dataclass, field

from student_track.sheets.contract import Kind, Layout, SheetContract, TabChoice, fold_header
from student_track.sheets.dates import looks_like_a_date, read_date
from student_track.sheets.grid import Cell, Grid

ROWS_SEARCHED = 40
ROLES = {
    "attendance": ("student_id", "student_name", "cohort", "date", "period", "mark"),
    "roster": ("student_id", "student_name", "cohort", "joined", "left"),
    "calendar": ("type", "label", "from", "to", "weekdays", "periods", "cohort"),
    "owners": ("cohort", "owner", "deputy", "teacher"),
    "actions": ("student_id", "student_name", "date", "action", "by", "note"),
}
"""Columns each kind of tab can have, the more telling first: a header takes the first role it fits."""


@dataclass(frozen=True)
class Recognition:
    """What was recognised; ``columns`` gives the column (from 1) of each role, ``missing`` why it is no register."""

    kind: Kind
    layout: Layout | None = None
    header_row: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    missing: str = ""


def recognise(grid: Grid, contract: SheetContract) -> Recognition:
    """Return what the tab is. A tab that is nothing known is ``ignored``, with what it lacks as a register."""
    choice = contract.tabs.get(grid.tab, TabChoice())
    if all(cell.is_blank for _, _, cell in grid.filled()):
        return Recognition("empty")
    if choice.kind in ("ignored", "empty"):
        return Recognition("ignored", missing="left out by the sheet contract")
    kind = choice.kind or contract.kind_of_name.get(fold_header(grid.tab))
    if kind in ("roster", "calendar", "owners", "actions"):
        return _reference(grid, contract, kind, choice)
    found = _by_headers(grid, contract, choice)
    return found or Recognition("ignored", missing=_what_is_missing(grid, contract))


def _reference(grid: Grid, contract: SheetContract, kind: Kind, choice: TabChoice) -> Recognition:
    """The header of a reference tab is the row with the most words of its kind."""
    best, columns = 0, {}
    for row in _searched_rows(grid, choice):
        roles = _roles(grid, row, contract, ROLES[kind])
        if len(roles) > len(columns):
            best, columns = row, roles
    if not columns:
        return Recognition("ignored", missing=f"its name says {kind}, but no column header is known")
    return Recognition(kind, header_row=best, columns=columns)


def _by_headers(grid: Grid, contract: SheetContract, choice: TabChoice) -> Recognition | None:
    for row in _searched_rows(grid, choice):
        roles = _roles(grid, row, contract, ROLES["attendance"])
        has_student = "student_id" in roles or "student_name" in roles
        if has_student and "date" in roles and "mark" in roles and choice.layout != "wide":
            return Recognition("attendance", "long", row, roles)
        if found := _reference_by_headers(grid, row, contract):
            return found
        if choice.layout != "long" and (found := _wide(grid, row, roles)):
            return found
    return None


def _reference_by_headers(grid: Grid, row: int, contract: SheetContract) -> Recognition | None:
    """A roster, calendar or owners tab that only its headers tell."""
    roster = _roles(grid, row, contract, ROLES["roster"])
    calendar = _roles(grid, row, contract, ROLES["calendar"])
    owners = _roles(grid, row, contract, ROLES["owners"])
    if "type" in calendar and "from" in calendar:
        return Recognition("calendar", header_row=row, columns=calendar)
    if "cohort" in owners and "owner" in owners:
        return Recognition("owners", header_row=row, columns=owners)
    if ("student_id" in roster or "student_name" in roster) and ("joined" in roster or "left" in roster):
        return Recognition("roster", header_row=row, columns=roster)
    return None


def _wide(grid: Grid, row: int, roles: dict[str, int]) -> Recognition | None:
    """A row that holds dates, with a column of students before the first of them."""
    cells = grid.rows[row - 1]
    dates = [column for column, cell in enumerate(cells, 1) if _is_date_header(cell)]
    if not dates:
        return None
    students = {role: column for role, column in roles.items() if role in ("student_id", "student_name")}
    if not students:
        before = [column for column in range(1, dates[0]) if _holds_text(grid, row, column)]
        students = {"student_name": before[0]} if before else {}
    return Recognition("attendance", "wide", row, students) if students else None


def _is_date_header(cell: Cell) -> bool:
    return cell.kind == "date" or (looks_like_a_date(cell) and _is_readable(cell))


def _is_readable(cell: Cell) -> bool:
    return read_date(cell, "dmy") is not None or read_date(cell, "mdy") is not None


def _holds_text(grid: Grid, header_row: int, column: int) -> bool:
    """Whether the column holds a word in most rows below the header."""
    below = [grid.cell(row, column) for row in range(header_row + 1, len(grid.rows) + 1)]
    filled = [cell for cell in below if not cell.is_blank]
    return len(filled) > 0 and 2 * len(filled) >= len(below)


def _searched_rows(grid: Grid, choice: TabChoice) -> list[int]:
    return [choice.header_row] if choice.header_row else list(range(1, min(len(grid.rows), ROWS_SEARCHED) + 1))


def _roles(grid: Grid, row: int, contract: SheetContract, roles: tuple[str, ...]) -> dict[str, int]:
    """The column of each role in the row; a header that fits two roles takes the first that is still free."""
    found: dict[str, int] = {}
    for column, cell in enumerate(grid.rows[row - 1] if row <= len(grid.rows) else [], 1):
        word = fold_header(cell.text)
        fitting = [role for role in roles if role not in found and word and word in contract.words[role]]
        if fitting:
            found[fitting[0]] = column
    return found


def _what_is_missing(grid: Grid, contract: SheetContract) -> str:
    seen = Counter(
        role for row in _searched_rows(grid, TabChoice()) for role in _roles(grid, row, contract, ROLES["attendance"])
    )
    has_dates = any(_is_date_header(cell) for cells in grid.rows[:ROWS_SEARCHED] for cell in cells)
    if not has_dates and "date" not in seen:
        return "no row of dates and no column `Date` was found"
    if "student_id" not in seen and "student_name" not in seen:
        return "no column of students (such as `Student id` or `Name`) was found"
    return "no marks were found: neither a column `Mark` nor columns headed by dates"
