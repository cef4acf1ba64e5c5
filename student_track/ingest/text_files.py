"""CSV and other text files to a grid: encoding and delimiter told from the file, every cell a text."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from student_track.errors import InputError
from student_track.ingest.text_encodings import find_encoding, plain_name
from student_track.sheets import Grid, cell_of

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
STATED_DELIMITER = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
LINES_OF_THE_BEGINNING = 300


class TextFile(NamedTuple):
    """A text file as it was read: its one grid, and how, for people: ``UTF-8, semicolon``."""

    grid: Grid
    read_as: str


def read_text_file(source_id: str, path: Path, largest_cells: int, text_encoding: str = "") -> TextFile:
    """Return the grid of a text file, its tab named after the file; a first line such as ``sep=;`` is no row.

    Raises InputError, with file and line, where the encoding or the delimiter cannot be told, a quote is not closed,
    or there are more than ``largest_cells`` cells.
    """
    encoding = find_encoding(path, text_encoding)
    with path.open(encoding=encoding, newline="") as file:
        is_stated = STATED_DELIMITER.match(file.readline())
        delimiter = is_stated.group(1) if is_stated else _delimiter(path, _beginning(file))
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        if is_stated:
            next(reader)
        rows = [[cell_of(value) for value in row] for row in _rows(path, reader, largest_cells)]
    name = DELIMITERS.get(delimiter, repr(delimiter))
    return TextFile(Grid(source_id, Path(source_id).stem, rows), f"{plain_name(encoding)}, {name}")


def _beginning(file: TextIO) -> list[str]:
    file.seek(0)
    return list(islice(file, LINES_OF_THE_BEGINNING))


def _rows(path: Path, reader: "csv._reader", largest_cells: int) -> Iterator[list[str]]:
    """The rows, counted on the way: a file too large is refused before all of it is in memory."""
    count_cells, line = 0, reader.line_num + 1
    try:
        for row in reader:
            count_cells += len(row)
            if count_cells > largest_cells:
                raise InputError(
                    f"{path}, line {line}: there are more cells than `largest_sheet_cells` ({largest_cells}) permits. "
                    "Split the sheet by school year, or raise the setting."
                )
            yield row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{path}, line {line}: the row that begins here cannot be read ({error}). Is a quotation mark not "
            "closed? Save the sheet anew as CSV UTF-8."
        ) from None


def _delimiter(path: Path, lines: list[str]) -> str:
    """The sign that parts most lines into equally many columns; of two such signs the one that gives more columns.

    A cell that holds the true delimiter stands in quotes, so another sign parts as many lines alike only by chance,
    and then into fewer columns. A file of one column has none, and is read with a comma.
    """
    standings = sorted(((*_columns_alike(lines, sign), sign) for sign in DELIMITERS), reverse=True)
    best, second = standings[:2]
    if best[0] > 1 and best[:2] == second[:2]:
        raise InputError(
            f"{path}: {DELIMITERS[best[2]]} and {DELIMITERS[second[2]]} part it into equally many columns. "
            f"Which is it? Write it into a line of its own above the first: `sep={best[2]}`."
        )
    return best[2] if best[0] else ","


def _columns_alike(lines: list[str], delimiter: str) -> tuple[int, int]:
    """In how many rows the commonest number of columns stands, and that number; rows of one column are no evidence."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count_rows = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
    return count_rows, width
