"""Wide registers recognised: which row holds the dates, and where the students stand beside it."""

from collections import Counter
from dataclasses import replace
from datetime import date

from student_track.sheets.contract import SheetContract, TabChoice, fold_header
from student_track.sheets.date_headers import DateHeader, date_header
from student_track.sheets.grid import Cell, Grid
from student_track.sheets.header_roles import ROLES, roles_in_row, searched_rows
from student_track.sheets.legends import LONGEST_MARK
from student_track.sheets.period_headers import with_periods_below
from student_track.sheets.recognised import Recognition, Roles
from student_track.sheets.slipped_years import SLIPPED_YEAR, slipped_years
from student_track.sheets.students import STUDENT_COLUMNS, STUDENT_ROLES, column_of_ids
from student_track.sheets.text import plain
from student_track.sheets.week_headers import header_of_week, week_columns, with_days_of_weeks
from student_track.sheets.written_dates import written_cell
from student_track.translatable import N_

REGISTER_BESIDE = N_(
    "another register begins to the left of this date, with students of its own: move it to a tab of its own"
)
ROWS_ABOVE = 2
"""Above the months or dates the name of a column may stand, where it is merged down to them."""


def recognise_wide(grid: Grid, contract: SheetContract, choice: TabChoice) -> Recognition | None:
    """Return the register below the row with the most dates that has a column of students before the first of them.

    None where there is none; with a question where two rows say different dates of the same columns.
    """
    if choice.layout not in (None, "wide"):
        return None
    candidates = [
        (header, students)
        for row in searched_rows(grid, choice)
        if (header := _header_at(grid, row, choice)) and (students := _students_before(grid, contract, header))
    ]
    if not candidates:
        return None
    header, students = max(candidates, key=lambda candidate: len(candidate[0].columns))
    header = _without_register_beside(grid, header, column_of_ids(students))
    is_repeated = _repeats_dates(header)
    if choice.same_date == "sessions":
        header = _with_sessions_counted(header)
    found = Recognition(
        *("attendance", "wide", header.row, students),
        dates=header.dates,
        unread_dates=header.unread,
        periods=header.periods,
        last_header_row=header.last,
    )
    rival = next((other for other, _ in candidates if _is_rival(other, header)), None)
    if rival and not choice.header_row:
        rows = sorted((header.row, rival.row))
        question = f"rows {rows[0]} and {rows[1]} both look like the row of dates"
        return found.asking(grid.contract_name, question, *(f"header_row: {row}" for row in rows))
    if is_repeated and not choice.same_date:
        question = "most dates stand above several columns, and which session of the day each column is nobody says"
        return found.asking(grid.contract_name, question, "same_date: sessions", "same_date: one")
    return found


def _header_at(grid: Grid, row: int, choice: TabChoice) -> DateHeader | None:
    header = date_header(grid, row, choice) or header_of_week(grid, row, choice)
    if not header:
        return None
    slipped = slipped_years(header.dates)
    dates = {column: day for column, day in header.dates.items() if column not in slipped}
    header = replace(header, dates=dates, unread=header.unread | dict.fromkeys(slipped, SLIPPED_YEAR))
    header = with_days_of_weeks(grid, header, choice.language)
    if not header or _is_of_a_week_below(grid, header, choice.language):
        return None
    return with_periods_below(grid, header)


def _is_of_a_week_below(grid: Grid, header: DateHeader, language: str | None) -> bool:
    """Whether the one date is not that of its column, but stands above the days of a week, which are a header."""
    below = range(header.last + 1, header.last + 1 + ROWS_ABOVE)
    return len(header.columns) == 1 and any(week_columns(grid, row, language) for row in below)


def _without_register_beside(grid: Grid, header: DateHeader, students: int) -> DateHeader:
    """The header without the dates of another register to the right: its marks are those of other students.

    It begins with a column called as that of the students, in which others stand.
    """
    name = plain(grid.cell(header.row, students).text)
    rows = [row for row in range(header.last + 1, len(grid.rows) + 1) if not grid.cell(row, students).is_blank]
    begin = next(
        (
            column
            for column in range(max(students, min(header.columns)) + 1, max(header.columns))
            if column not in header.columns
            and plain(grid.cell(header.row, column).text) == name
            and (name or _are_said_again(header, column))
            and _holds_others(grid, rows, students, column, is_named=bool(name))
        ),
        None,
    )
    if begin is None:
        return header
    dates = {column: day for column, day in header.dates.items() if column < begin}
    beside = {column: REGISTER_BESIDE for column in header.columns if column > begin}
    return replace(header, dates=dates, unread=header.unread | beside)


def _are_said_again(header: DateHeader, begin: int) -> bool:
    """Whether a date to the left of a column stands to its right too."""
    left = {day for column, day in header.dates.items() if column < begin}
    return any(day in left for column, day in header.dates.items() if column > begin)


def _holds_others(grid: Grid, rows: list[int], students: int, column: int, is_named: bool) -> bool:
    """Whether other texts than the students' stand in a column; below no name, words in most rows."""
    texts = [(plain(grid.cell(row, students).text), plain(grid.cell(row, column).text)) for row in rows]
    others = [other for student, other in texts if other and other != student]
    return bool(others) if is_named else 2 * sum(len(other) > LONGEST_MARK for other in others) > len(rows)


def _repeats_dates(header: DateHeader) -> bool:
    """Whether at least half of the dates stand above several columns that no period tells apart: no slip of the pen."""
    count = Counter((day, header.periods.get(column, "")) for column, day in header.dates.items())
    return 2 * sum(columns > 1 for columns in count.values()) >= len(count) > 0


def _with_sessions_counted(header: DateHeader) -> DateHeader:
    """The header with 1, 2, … as the periods of a date's columns that have none, in the order of time."""
    days = list(header.dates.values())
    is_newest_first = days[:1] > days[-1:]
    count, repeated = Counter(days), dict(header.periods)
    seen: Counter[date] = Counter()
    for column, day in sorted(header.dates.items(), reverse=is_newest_first):
        seen[day] += 1
        if count[day] > 1:
            repeated.setdefault(column, str(seen[day]))
    return replace(header, periods=repeated)


def _is_rival(other: DateHeader, header: DateHeader) -> bool:
    """Whether another row beside or above says other dates for as many of the same columns."""
    if header.first <= other.row <= header.last or len(other.dates) < 2 or len(set(other.dates.values())) < 2:
        return False
    shared = other.dates.keys() & header.dates.keys()
    differ = [column for column in shared if other.dates[column] != header.dates[column]]
    return 2 * len(differ) >= len(other.dates)


def _students_before(grid: Grid, contract: SheetContract, header: DateHeader) -> Roles:
    """The columns of students, of a row's period and class, named in a row of the header, or merged with it from above.

    Where none is named the first column of words before the dates stands for the students.
    """
    named: Roles = {}
    rows = range(header.first, header.last + 1)
    for row in (*rows, *range(header.first - 1, max(0, header.first - 1 - ROWS_ABOVE), -1)):
        for role, column in roles_in_row(grid, row, contract, ROLES["attendance"]).items():
            is_free = row in rows or all(grid.cell(below, column).is_blank for below in rows)
            if role in (*STUDENT_COLUMNS, "period", "cohort") and column not in header.columns and is_free:
                named.setdefault(role, column)
    if any(role in STUDENT_ROLES for role in named):
        return named
    if _are_among_dates(grid, header):
        return {}
    before = [
        column
        for column in range(1, min(header.columns))
        if _holds_text(grid, header.last, column) and not _means_another(grid.cell(header.row, column), contract)
    ]
    words = [column for column in before if not _counts_rows(grid, header.last, column)]
    return {"student_name": (words or before)[0]} if before else {}


def _are_among_dates(grid: Grid, header: DateHeader) -> bool:
    """Whether the row is one of a list of dates, such as birthdays, rather than the header of a register."""
    return any(_are_dates(grid, row, header.columns) for row in (header.first - 1, header.last + 1))


def _are_dates(grid: Grid, row: int, columns: list[int]) -> bool:
    cells = [cell for column in columns if not (cell := grid.cell(row, column)).is_blank]
    dates = sum(written_cell(cell) is not None for cell in cells)
    return dates > 0 and 2 * dates >= len(cells)


def _counts_rows(grid: Grid, header_row: int, column: int) -> bool:
    """Whether 1, 2, 3 … stand below the header: seats in this class, and others' in the next."""
    below = (plain(grid.cell(row, column).text).removesuffix(".") for row in range(header_row + 1, len(grid.rows) + 1))
    return all(text == str(number) for number, text in enumerate(filter(None, below), 1))


def _means_another(cell: Cell, contract: SheetContract) -> bool:
    word = fold_header(cell.text)
    return any(word in words for role, words in contract.words.items() if role not in STUDENT_ROLES)


def _holds_text(grid: Grid, header_row: int, column: int) -> bool:
    """Whether the column holds a word in most rows below the header."""
    below = [grid.cell(row, column) for row in range(header_row + 1, len(grid.rows) + 1)]
    filled = [cell for cell in below if not cell.is_blank]
    return len(filled) > 0 and 2 * len(filled) >= len(below)
