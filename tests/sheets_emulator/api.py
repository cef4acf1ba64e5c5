"""The three reads of the Sheets API that a reader needs: metadata, one range, several ranges."""

import re
from typing import Any

from tests.sheets_emulator.errors import OFFICE_FILE, Answer, bad_range, beyond_grid
from tests.sheets_emulator.workbook import Json, Tab, Workbook

RANGE = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))(?:!(?P<cells>.+))?")
CELLS = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")
UNQUOTED = re.compile(r"[A-Za-z]{4,}\d*")
"""Titles that the echo of a range leaves as they are; ``D3`` would be a cell."""

RENDERINGS = ("FORMATTED_VALUE", "UNFORMATTED_VALUE")
Parameters = dict[str, list[str]]


class RefusedError(Exception):
    """The request cannot be answered; ``answer`` says so as Google would."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self.answer = answer


def metadata(workbook: Workbook, parameters: Parameters) -> Answer:
    _refuse_office_file(workbook)
    whole = workbook.metadata()
    fields = parameters.get("fields")
    return Answer(200, masked(whole, parsed_mask(fields[0])) if fields else whole)


def values(workbook: Workbook, text: str, parameters: Parameters) -> Answer:
    _refuse_office_file(workbook)
    return Answer(200, _value_range(workbook, text, parameters))


def batch(workbook: Workbook, parameters: Parameters) -> Answer:
    _refuse_office_file(workbook)
    ranges = [_value_range(workbook, text, parameters) for text in parameters.get("ranges", [])]
    return Answer(200, {"spreadsheetId": workbook.key, "valueRanges": ranges})


def _refuse_office_file(workbook: Workbook) -> None:
    if workbook.is_office_file:
        raise RefusedError(OFFICE_FILE)


def _value_range(workbook: Workbook, text: str, parameters: Parameters) -> Json:
    """The range as it stands in the grid, and its values; without ``values`` where all of it is empty."""
    tab, cells = _located(workbook, text)
    rows, columns = _rectangle(tab, cells, text)
    option = parameters.get("valueRenderOption", ["FORMATTED_VALUE"])[0]
    dates = parameters.get("dateTimeRenderOption", ["SERIAL_NUMBER"])[0]
    assert option in RENDERINGS and dates == "SERIAL_NUMBER", f"the emulator does not know {option}, {dates}"
    found = tab.values(rows, columns, workbook.renderer(option))
    echo = f"{_title(tab.title)}!{_letters(columns[0])}{rows[0]}:{_letters(columns[-1])}{rows[-1]}"
    return {"range": echo, "majorDimension": "ROWS", **({"values": found} if found else {})}


def _located(workbook: Workbook, text: str) -> tuple[Tab, str]:
    match = RANGE.fullmatch(text)
    title = (match["quoted"] or "").replace("''", "'") or match["plain"] if match else ""
    tab = workbook.tab(title)
    if match is None or tab is None or tab.is_chart:
        raise RefusedError(bad_range(text))
    return tab, match["cells"] or ""


def _rectangle(tab: Tab, cells: str, text: str) -> tuple[range, range]:
    """Rows and columns of a range, cut at the end of the grid; a range that begins beyond it is refused."""
    match = CELLS.fullmatch(cells or f"A1:{_letters(tab.count_columns)}{tab.count_rows}")
    if match is None:
        raise RefusedError(bad_range(text))
    first_row, first_column = int(match[2]), _number(match[1])
    last_row, last_column = int(match[4] or first_row), _number(match[3] or match[1])
    if first_row > tab.count_rows or first_column > tab.count_columns:
        raise RefusedError(beyond_grid(text, tab.count_rows, tab.count_columns))
    return (
        range(first_row, min(last_row, tab.count_rows) + 1),
        range(first_column, min(last_column, tab.count_columns) + 1),
    )


def _title(title: str) -> str:
    return title if UNQUOTED.fullmatch(title) else "'{}'".format(title.replace("'", "''"))


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def parsed_mask(text: str) -> dict[str, Any]:
    """A field mask such as ``a(b,c(d)),e`` as nested names; no names below one mean all of it."""
    mask: dict[str, Any] = {}
    stack, latest = [mask], ""
    for part in re.findall(r"[A-Za-z]+|[(),]", text):
        if part == "(":
            stack.append(stack[-1][latest])
        elif part == ")":
            stack.pop()
        elif part != ",":
            latest = part
            stack[-1][part] = {}
    return mask


def masked(value: Any, mask: dict[str, Any]) -> Any:
    if not mask:
        return value
    if isinstance(value, list):
        return [masked(entry, mask) for entry in value]
    return {name: masked(value[name], below) for name, below in mask.items() if name in value}
