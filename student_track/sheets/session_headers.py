"""Sessions that are counted or stand alone: their columns, and the dates a person or the tab itself gives them."""

import re
from datetime import date, timedelta
from pathlib import PurePath

from student_track.policy import fold_mark
from student_track.sheets.contract import SESSION_WEEKDAYS, TabChoice
from student_track.sheets.date_headers import date_hints
from student_track.sheets.dates import read_date
from student_track.sheets.grid import Cell, Grid
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.text import plain
from student_track.sheets.totals import is_total

NUMBERED = re.compile(
    r"(?:(?P<word>session|lesson|week|class|day|meeting|lecture|seminar|period|wk|s|l|w|d|sitzung|stunde|woche|tag"
    r"|séance|semaine|sesión|semana|clase|aula|lezione))?[\s.#-]*(?P<number>\d{1,3})",
    re.I,
)
LEAST_COLUMNS = 2
LEAST_MARKS = 4
"""In columns that nothing else tells for those of a register."""
LOOK_LIKE_MARKS = frozenset("0 1 x true false".split())
DATE_IN_TEXT = re.compile(
    r"(?<!\d)(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(?:19|20)\d{6}"
    r"|\d{1,2}(?:st|nd|rd|th)?\.? [^\W\d_]{3,12}\.?,? \d{4}|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})(?!\d)"
)


def session_columns(grid: Grid, row: int, taken: set[int], is_chosen: bool) -> list[int]:
    """Return the columns of a row that count sessions 1, 2, 3 …; where a person says so, all that hold something.

    Empty where there are none. ``taken`` are columns with another meaning.
    """
    cells = grid.rows[row - 1]
    numbered: list[tuple[int, str, int]] = [
        (column, (match["word"] or "").casefold(), int(match["number"]))
        for column, cell in enumerate(cells, 1)
        if column not in taken and (match := NUMBERED.fullmatch(plain(cell.text)))
    ]
    counts = [number for _, _, number in numbered]
    words = {word for _, word, _ in numbered}
    if len(counts) >= LEAST_COLUMNS and len(words) == 1 and counts == list(range(1, len(counts) + 1)):
        return [column for column, _, _ in numbered]
    return _unnamed_columns(grid, row, taken) if is_chosen and taken else []


def _unnamed_columns(grid: Grid, row: int, taken: set[int]) -> list[int]:
    return [
        column
        for column in range(max(taken) + 1, grid.width + 1)
        if not is_total(grid.cell(row, column).text)
        and any(not grid.cell(below, column).is_blank for below in range(row + 1, len(grid.rows) + 1))
    ]


def declared_dates(choice: TabChoice, count: int) -> tuple[date, ...] | None:
    """Return the dates of so many sessions as a person declares them; None where nobody did."""
    if choice.session_dates or not choice.first_session:
        return choice.session_dates or None
    weekdays = {SESSION_WEEKDAYS.index(word) for word in choice.weekdays} or {choice.first_session.weekday()}
    days, day = [], choice.first_session
    while len(days) < count:
        if day.weekday() in weekdays:
            days.append(day)
        day += timedelta(days=1)
    return tuple(days)


def hold_marks(grid: Grid, first_row: int, columns: list[int], known_marks: KnownMarks) -> bool:
    """Return whether at least half of what stands in these columns are marks, known or such as 0, 1 and x."""
    texts = [
        fold_mark(cell.text)
        for row in range(first_row, len(grid.rows) + 1)
        for column in columns
        if not (cell := grid.cell(row, column)).is_blank
    ]
    marks = sum(text in known_marks or text in LOOK_LIKE_MARKS for text in texts)
    return marks > 0 and 2 * marks >= len(texts)


def count_columns_of_marks(grid: Grid, first_row: int, taken: set[int], known_marks: KnownMarks) -> int:
    """Return how many columns hold mostly marks of the code table; 0 where these are few, or all mean the same."""
    columns = [column for column in range(1, grid.width + 1) if column not in taken]
    codes: list[str] = []
    count = 0
    for column in columns:
        cells = (grid.cell(row, column) for row in range(first_row, len(grid.rows) + 1))
        texts = [fold_mark(cell.text) for cell in cells if not cell.is_blank]
        found = [code for text in texts if (code := known_marks.code_of(text))]
        if found and 2 * len(found) >= len(texts):
            codes += found
            count += 1
    return count if len(codes) >= LEAST_MARKS and len(set(codes)) > 1 else 0


def date_of_tab(grid: Grid, header_row: int, choice: TabChoice) -> date | None:
    """Return the one date that the contract gives, else the rows above with the tab's name, else the file's name.

    None where these give none, or different ones: a line above may say when the list was printed.
    """
    if choice.session_date:
        return choice.session_date
    above = [cell.text if cell.kind == "text" else cell.typed for row in grid.rows[: header_row - 1] for cell in row]
    hints = date_hints(grid, choice, header_row)
    for texts in ([*above, grid.tab], [PurePath(grid.source_id).stem]):
        written = {match for text in texts for match in DATE_IN_TEXT.findall(plain(text.replace("_", " ")))}
        days = {read_date(Cell(text), hints) for text in written}
        if days:
            only = days.pop() if len(days) == 1 else None
            return only if isinstance(only, date) else None
    return None
