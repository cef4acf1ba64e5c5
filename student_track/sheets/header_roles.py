"""Which column of a header means what, told by the words of the sheet contract."""

from student_track.sheets.contract import SheetContract, TabChoice, fold_header
from student_track.sheets.grid import Grid
from student_track.sheets.recognised import Roles
from student_track.sheets.students import NAME_PARTS, STUDENT_COLUMNS

ROWS_SEARCHED = 40
HALF_A_NAME = "name"
ROLES = {
    "attendance": (
        *STUDENT_COLUMNS,
        "cohort",
        "absent_dates",
        "late_dates",
        "stamp",
        "minutes",
        "date",
        "period",
        "mark",
    ),
    "roster": (*STUDENT_COLUMNS, "cohort", "joined", "left"),
    "calendar": ("type", "label", "from", "to", "weekdays", "periods", "cohort"),
    "owners": ("cohort", "owner", "deputy", "teacher"),
    "actions": (*STUDENT_COLUMNS, "date", "action", "by", "note"),
}
"""Columns each kind of tab can have, the more telling first: a header takes the first role it fits."""


def searched_rows(grid: Grid, choice: TabChoice) -> list[int]:
    """Return the rows in which a header is looked for: the one a person names, else the first ones."""
    if choice.header_row:
        return [choice.header_row] if choice.header_row <= len(grid.rows) else []
    return list(range(1, min(len(grid.rows), ROWS_SEARCHED) + 1))


def roles_in_row(grid: Grid, row: int, contract: SheetContract, roles: tuple[str, ...]) -> Roles:
    """Return the column of each role in the row; a header that fits two roles takes the first that is still free.

    Of two columns that fit one role that one has it whose word stands first in the contract.
    """
    found: Roles = {}
    spare: list[tuple[int, str]] = []
    for column, cell in enumerate(grid.rows[row - 1] if row <= len(grid.rows) else [], 1):
        word = fold_header(cell.text)
        if word not in contract.known_words:
            continue
        fitting = [role for role in roles if role not in found and word in contract.words[role]]
        if fitting:
            found[fitting[0]] = column
        else:
            spare.append((column, word))
    for column, word in spare:
        for role in (role for role in found if word in contract.words[role]):
            places, taken = contract.place_of_word[role], fold_header(grid.cell(row, found[role]).text)
            if places[word] < places[taken]:
                found[role] = column
    return _with_whole_names(found, grid, row)


def _with_whole_names(found: Roles, grid: Grid, row: int) -> Roles:
    """The roles where a name stands in two columns, both named: ``Name`` is a first name beside a surname, or one
    beside a first name. What else stands beside a whole name is left out."""
    rest = {role: column for role, column in found.items() if role not in NAME_PARTS}
    parts = {role: found[role] for role in NAME_PARTS if role in found}
    name = found.get("student_name")
    if name and len(parts) == 1 and fold_header(grid.cell(row, name).text) == HALF_A_NAME:
        parts = dict.fromkeys(NAME_PARTS, name) | parts
    elif name or not parts:
        return rest
    return {**rest, "student_name": parts.get("surname") or parts["first_name"], **(parts if len(parts) == 2 else {})}
