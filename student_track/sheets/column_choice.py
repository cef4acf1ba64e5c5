"""Which of several columns is meant: the one a person names, the one that holds marks, or a question."""

from dataclasses import replace

from openpyxl.utils import column_index_from_string

from student_track.policy import fold_mark
from student_track.sheets.contract import SheetContract, TabChoice, fold_header
from student_track.sheets.grid import Grid, column_letters
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.recognised import Recognition, Roles
from student_track.sheets.session_headers import hold_marks
from student_track.sheets.students import NAME_PARTS

NEEDED_ROLES = ("student_id", "date", "mark")
"""Columns of which a register has one each: taking the first of two would be a guess."""


def with_column_of_marks(
    found: Recognition, grid: Grid, contract: SheetContract, known_marks: KnownMarks
) -> Recognition:
    """The recognition with the one column that holds marks, where several are called so; a question where two do and
    say different things of a row."""
    words, taken = contract.words["mark"], {column for role, column in found.columns.items() if role != "mark"}
    header = {column: fold_header(cell.text) for column, cell in enumerate(grid.rows[found.header_row - 1], 1)}
    called = [column for column, word in header.items() if word in words and column not in taken]
    hold = [column for column in called if hold_marks(grid, found.first_row, [column], known_marks)]
    if len({header[column] for column in called}) < 2 or not hold:
        return found
    first = found.columns["mark"] if found.columns["mark"] in hold else hold[0]
    rivals = [column for column in hold if _say_otherwise(grid, found.first_row, first, column, known_marks)]
    found = replace(found, columns={**found.columns, "mark": first})
    if not rivals:
        return found
    letters = sorted(map(column_letters, (first, *rivals)))
    question = f"columns {' and '.join(letters)} both hold marks, and differ"
    return found.asking(grid.contract_name, question, *(f"columns: {{mark: {column}}}" for column in letters))


def _say_otherwise(grid: Grid, first_row: int, one: int, other: int, known_marks: KnownMarks) -> bool:
    """Whether two columns hold marks of different codes in some row; a blank says nothing."""
    rows = range(first_row, len(grid.rows) + 1)
    texts = ((fold_mark(grid.cell(row, one).text), fold_mark(grid.cell(row, other).text)) for row in rows)
    return any(
        here and there and here != there and known_marks.code_of(here) != known_marks.code_of(there)
        for here, there in texts
    )


def with_chosen_columns(found: Recognition, grid: Grid, contract: SheetContract, choice: TabChoice) -> Recognition:
    """The recognition with the columns that a person named; a question where two that differ bear one needed header."""
    chosen = {role: column_index_from_string(letters) for role, letters in choice.columns.items()}
    parts = NAME_PARTS if "student_name" in chosen else ()
    kept = {role: column for role, column in found.columns.items() if role not in parts}
    if "student_id" in chosen and chosen["student_id"] == found.columns.get("student_name"):
        kept, chosen = _without_id(kept), _without_id(chosen)
    own_class = found.columns.get("cohort")
    found = replace(found, columns={**kept, **chosen})
    header = fold_header(grid.cell(found.header_row, chosen.get("cohort", 0)).text)
    if own_class and "cohort" in chosen and header not in contract.words["cohort"]:
        question = f"column {column_letters(chosen['cohort'])} is named for the classes, and its header says otherwise"
        return found.asking(grid.contract_name, question, f"columns: {{cohort: {column_letters(own_class)}}}")
    for role in (role for role in NEEDED_ROLES if role in found.columns and role not in chosen):
        twins = _columns_headed_alike(grid, found, found.columns[role])
        if len(twins) > 1 and not found.question:
            letters = [column_letters(column) for column in twins]
            question = f"columns {' and '.join(letters)} have the same header, and differ"
            return found.asking(grid.contract_name, question, *(f"columns: {{{role}: {column}}}" for column in letters))
    return found


def _without_id(columns: Roles) -> Roles:
    """The columns where a person said that the name identifies students, not the ids that stand beside it."""
    return {role: column for role, column in columns.items() if role != "student_id"}


def _columns_headed_alike(grid: Grid, found: Recognition, column: int) -> list[int]:
    """The column and those with its header and other content."""
    word = fold_header(grid.cell(found.header_row, column).text)
    if not word:
        return [column]
    alike = [other for other, cell in enumerate(grid.rows[found.header_row - 1], 1) if fold_header(cell.text) == word]
    rows = range(found.first_row, len(grid.rows) + 1)
    return [
        other
        for other in alike
        if other == column or any(grid.cell(row, other).text != grid.cell(row, column).text for row in rows)
    ]
