"""Which column of a header means what, told by the words of the sheet contract."""

from student_track.sheets.contract import SheetContract, TabChoice, fold_header
from student_track.sheets.grid import Grid
from student_track.sheets.recognised import Roles

ROWS_SEARCHED = 40
ROLES = {
    "attendance": (
        "student_id",
        "student_name",
        "cohort",
        "absent_dates",
        "stamp",
        "minutes",
        "date",
        "period",
        "mark",
    ),
    "roster": ("student_id", "student_name", "cohort", "joined", "left"),
    "calendar": ("type", "label", "from", "to", "weekdays", "periods", "cohort"),
    "owners": ("cohort", "owner", "deputy", "teacher"),
    "actions": ("student_id", "student_name", "date", "action", "by", "note"),
}
"""Columns each kind of tab can have, the more telling first: a header takes the first role it fits."""


def searched_rows(grid: Grid, choice: TabChoice) -> list[int]:
    """Return the rows in which a header is looked for: the one a person names, else the first ones."""
    if choice.header_row:
        return [choice.header_row] if choice.header_row <= len(grid.rows) else []
    return list(range(1, min(len(grid.rows), ROWS_SEARCHED) + 1))


def roles_in_row(grid: Grid, row: int, contract: SheetContract, roles: tuple[str, ...]) -> Roles:
    """Return the column of each role in the row; a header that fits two roles takes the first that is still free."""
    found: Roles = {}
    for column, cell in enumerate(grid.rows[row - 1] if row <= len(grid.rows) else [], 1):
        word = fold_header(cell.text)
        if word not in contract.known_words:
            continue
        fitting = [role for role in roles if role not in found and word in contract.words[role]]
        if fitting:
            found[fitting[0]] = column
    return found
