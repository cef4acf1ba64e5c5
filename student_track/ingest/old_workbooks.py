"""What calamine leaves out of an XLS: the size of a tab before it is read, errors, numbers shown with zeros.

An XLS (BIFF8) is a stream of records inside a compound file, which chains its sectors like a disk. [MS-CFB], [MS-XLS].
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from student_track.ingest.workbook_parts import Size, TabDetails, shows_leading_zeros

END_OF_CHAIN = 0xFFFFFFFA
"""From here on a sector's number is a sign: end of a chain, free, or part of the table itself."""
DIRECTORY_ENTRY = 128
STREAM_NAMES = ("Workbook", "Book")

BEGIN, END, TAB, FORMAT, STYLE, PASSWORD = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0, 0x002F
DIMENSIONS, FORMULA, BOOLEAN_OR_ERROR, NUMBER, SHORT_NUMBER, SHORT_NUMBERS = (
    0x0200,
    0x06,
    0x0205,
    0x0203,
    0x027E,
    0x00BD,
)
SHARED_TEXTS = 0x00FC
TEXT, SHARED_TEXT, RICH_TEXT = 0x0204, 0x00FD, 0x00D6
NUMBERS = (NUMBER, SHORT_NUMBER, SHORT_NUMBERS, FORMULA)
CELLS = (*NUMBERS, BOOLEAN_OR_ERROR, TEXT, SHARED_TEXT, RICH_TEXT)
BIFF8 = 0x0600
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
RESULT_IS_NO_NUMBER = b"\xff\xff"


class Record(NamedTuple):
    """A record: its kind and its content."""

    kind: int
    content: bytes

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of a cell's record, from 1."""
        row, column = struct.unpack_from("<HH", self.content)
        return row + 1, column + 1


def details_of_old_workbook(path: Path) -> dict[str, TabDetails]:
    """Return size, errors and number cells with leading zeros of every tab, by its name; nothing of a protected file.

    Raises ValueError where the file is damaged or older than Excel 97.
    """
    try:
        stream = _workbook_stream(path.read_bytes())
        return _details(stream)
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from None


def _details(stream: bytes) -> dict[str, TabDetails]:
    tabs: dict[str, int] = {}
    codes: dict[int, str] = {}
    styles: list[int] = []
    for record in _records(stream, 0):
        if record.kind == BEGIN and struct.unpack_from("<H", record.content)[0] != BIFF8:
            raise ValueError("it is older than Excel 97")
        if record.kind == PASSWORD:
            return {}
        if record.kind == SHARED_TEXTS and max(struct.unpack_from("<II", record.content)) > len(stream):
            raise ValueError("it states more texts than it has room for")  # as below
        if record.kind == TAB:
            tabs[_text(record.content[6:], "<B")] = struct.unpack_from("<I", record.content)[0]
        elif record.kind == FORMAT:
            codes[struct.unpack_from("<H", record.content)[0]] = _text(record.content[2:], "<H")
        elif record.kind == STYLE:
            styles.append(struct.unpack_from("<H", record.content, 2)[0])
    zeros = {number: codes[code] for number, code in enumerate(styles) if shows_leading_zeros(codes.get(code, ""))}
    return {name: _details_of_tab(stream, start, zeros) for name, start in tabs.items()}


def _details_of_tab(stream: bytes, start: int, zeros: dict[int, str]) -> TabDetails:
    details = TabDetails()
    for record in _records(stream, start):
        content = record.content
        if record.kind in CELLS:  # the size a tab states may be less than what stands in it
            details.size = Size(*map(max, details.size, record.place))
        if record.kind == DIMENSIONS:
            first_row, rows, first_column, columns = struct.unpack_from("<IIHH", content)
            if first_row > rows or first_column > columns:  # calamine would end the whole process
                raise ValueError("the size of a tab makes no sense")
            details.size = Size(*map(max, details.size, (rows, columns)))
        elif record.kind == BOOLEAN_OR_ERROR and content[7]:
            details.errors[record.place] = ERRORS.get(content[6], "#N/A")
        elif record.kind == FORMULA and content[12:14] == RESULT_IS_NO_NUMBER and content[6] == 2:
            details.errors[record.place] = ERRORS.get(content[8], "#N/A")
        elif record.kind in NUMBERS:
            details.formats |= {place: zeros[style] for place, style in _styles(record) if style in zeros}
    return details


def _styles(record: Record) -> Iterator[tuple[tuple[int, int], int]]:
    """Place and style of the number cells of a record; one kind holds several cells of a row."""
    row, column = record.place
    count = (len(record.content) - 6) // 6 if record.kind == SHORT_NUMBERS else 1
    for number in range(count):
        yield (row, column + number), struct.unpack_from("<H", record.content, 4 + 6 * number)[0]


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """The records from a place on, up to the end of its part: of the workbook's own, or of a tab."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        if kind == END:
            return
        yield Record(kind, stream[start + 4 : start + 4 + length])
        start += 4 + length


def _text(content: bytes, length_format: str) -> str:
    """A text with its length before it, and a flag whether each sign takes one byte or two."""
    (length,) = struct.unpack_from(length_format, content)
    start = struct.calcsize(length_format)
    is_wide = content[start] & 1
    signs = content[start + 1 :]
    return signs[: 2 * length].decode("utf-16-le") if is_wide else signs[:length].decode("latin-1")


def _workbook_stream(content: bytes) -> bytes:
    """The workbook's stream, put together from its sectors; short ones lie in the small sectors of the first entry."""
    size, small_size = (1 << power for power in struct.unpack_from("<HH", content, 30))
    table = _sector_table(content, size)
    directory = _chained(content, table, struct.unpack_from("<I", content, 48)[0], size, size)
    if len(directory) % DIRECTORY_ENTRY:
        raise ValueError("its directory is cut off")
    entries = [directory[start : start + DIRECTORY_ENTRY] for start in range(0, len(directory), DIRECTORY_ENTRY)]
    first, length = next((_extent(entry) for entry in entries if _name(entry) in STREAM_NAMES), (0, 0))
    if length >= struct.unpack_from("<I", content, 56)[0]:
        return _chained(content, table, first, size, size)[:length]
    small = _chained(content, table, _extent(entries[0])[0], size, size)
    small_table = _chained(content, table, struct.unpack_from("<I", content, 60)[0], size, size)
    numbers = list(struct.unpack(f"<{len(small_table) // 4}I", small_table))
    return _chained(small, numbers, first, small_size, 0)[:length]


def _sector_table(content: bytes, size: int) -> list[int]:
    """The sector that follows each sector. Its own sectors are listed in the header, and further on where many."""
    parts = list(struct.unpack_from("<109I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    while more < END_OF_CHAIN and len(parts) * size <= len(content):
        *further, more = struct.unpack_from(f"<{size // 4}I", content, size + more * size)
        parts += further
    table: list[int] = []
    for part in parts:
        if part < END_OF_CHAIN:
            table += struct.unpack_from(f"<{size // 4}I", content, size + part * size)
    return table


def _chained(content: bytes, table: list[int], sector: int, size: int, start: int) -> bytes:
    """The sectors of a chain one after the other; a chain longer than the table goes in a circle."""
    found: list[bytes] = []
    while sector < END_OF_CHAIN:
        if len(found) > len(table):
            raise ValueError("its sectors go in a circle")
        found.append(content[start + sector * size : start + (sector + 1) * size])
        sector = table[sector]
    return b"".join(found)


def _name(entry: bytes) -> str:
    return entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")


def _extent(entry: bytes) -> tuple[int, int]:
    """First sector and length of a stream."""
    first, length = struct.unpack_from("<II", entry, 116)
    return first, length
