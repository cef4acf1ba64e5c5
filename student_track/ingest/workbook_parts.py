"""What calamine leaves out of an XLSX: how large a tab is before it is read, errors, numbers shown with zeros.

Read from the workbook's own parts (XML inside a zip), in pieces: a tab is never held whole.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element

from openpyxl.utils import column_index_from_string
from openpyxl.xml.functions import fromstring

STYLES = "xl/styles.xml"
PIECE = 1 << 20
LAST_TAGS = (b"</c>", b"row>")
HEAD = 1 << 16
"""Bytes of a tab's part in which its dimension stands, if it is stated."""

DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*?\bref=["'](?:[A-Z]+\d+:)?([A-Z]+)(\d+)["']""")
ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d+)["']""")
ROW_AS_USUAL = re.compile(rb'<row r="(\d+)')
COLUMN_AS_USUAL = re.compile(rb'<c r="([A-Z]+)\d')
PLACE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+)(\d+)["']""")
CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
ATTRIBUTE = re.compile(rb"""\b([rst])=["'](\w+)["']""")
FORMULA = re.compile(rb"<(?:\w+:)?f\b")
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
SIGNS_OF_ERRORS_AND_FORMULAS = (b'"e"', b"'e'", b"<f", b":f")
"""Without one of these a piece holds neither; looking for them costs a tenth of looking at every cell."""
REFERENCE = re.compile(rb"([A-Z]+)(\d+)")

TOKENS_OF_A_FORMAT = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|[_*].|([-/() ])|(0)')
NOT_CALCULATED = "formula without a result"
"""Shown for a formula that no spreadsheet program has calculated since it was written."""


class Size(NamedTuple):
    """Rows and columns of a tab, counted from A1."""

    rows: int
    columns: int

    @property
    def cells(self) -> int:
        return self.rows * self.columns


NO_SIZE = Size(0, 0)


@dataclass
class TabDetails:
    """What stands in a tab beside its values, by row and column from 1."""

    size: Size = NO_SIZE
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)


def parts_of_tabs(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of every tab, by its name."""
    (workbook, *_) = (target for kind, _, target in _relations(archive, "") if kind.endswith("/officeDocument"))
    targets = {identity: target for _, identity, target in _relations(archive, workbook)}
    return {
        tab.get("name", ""): targets[value]
        for tab in _elements(archive, workbook, "sheet")
        for attribute, value in tab.attrib.items()
        if attribute.endswith("}id")
    }


def stated_size(archive: zipfile.ZipFile, part: str) -> Size:
    """Return the size a tab states of itself, which costs nothing to read; none stated is 0 × 0."""
    with archive.open(part) as file:
        found = DIMENSION.search(file.read(HEAD))
    return Size(int(found[2]), _number(found[1])) if found else NO_SIZE


def formats_of_zeros(archive: zipfile.ZipFile) -> dict[bytes, str]:
    """Return the formats that show leading zeros (``00000``, ``"S-"000``), by the number of the cell style."""
    if STYLES not in archive.namelist():
        return {}
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in _elements(archive, STYLES, "numFmt")}
    styles = [style for group in _elements(archive, STYLES, "cellXfs") for style in group]
    numbered = enumerate(codes.get(style.get("numFmtId"), "") for style in styles)
    return {b"%d" % number: code for number, code in numbered if shows_leading_zeros(code)}


def details_of_tab(archive: zipfile.ZipFile, part: str, formats: dict[bytes, str]) -> TabDetails:
    """Return the true size of a tab, its errors, and its number cells with one of the formats."""
    details = TabDetails()
    styled = re.compile(rb"""\bs=["'](?:%s)["']""" % b"|".join(formats)) if formats else None
    for piece in _pieces(archive, part):
        details.size = Size(*map(max, details.size, _reach(piece)))
        if any(sign in piece for sign in SIGNS_OF_ERRORS_AND_FORMULAS) or (styled and styled.search(piece)):
            _add_details(details, piece, formats)
    return details


def shown_with_zeros(number: int, code: str) -> str:
    """Return a whole number as its format shows it: 123 as ``00123``; its first place takes all digits left over."""
    tokens = _tokens(code)
    places = sum(is_digit for is_digit, _ in tokens)
    digits = f"{abs(number):0{places}d}"
    shown = iter([digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :]])
    return ("-" if number < 0 else "") + "".join(next(shown) if is_digit else text for is_digit, text in tokens)


def shows_leading_zeros(code: str) -> bool:
    """Return whether a format is made of zeros, two or more, and texts around them."""
    section = code.partition(";")[0]
    return not TOKENS_OF_A_FORMAT.sub("", section) and sum(is_digit for is_digit, _ in _tokens(code)) > 1


def _tokens(code: str) -> list[tuple[bool, str]]:
    """The parts of a format's first section: place of a digit, or text."""
    found = TOKENS_OF_A_FORMAT.finditer(code.partition(";")[0])
    return [(bool(each[4]), each[1] or each[2] or each[3] or "") for each in found]


def _reach(piece: bytes) -> Size:
    """The last row and the last column in which a cell stands."""
    rows, columns = ROW_AS_USUAL.findall(piece), COLUMN_AS_USUAL.findall(piece)
    if columns and len(columns) == piece.count(b"<c ") and len(rows) == piece.count(b"row "):
        rows.append(PLACE.match(piece, piece.rindex(b"<c "))[2])
    else:  # other writers put a prefix before the name, or another attribute first
        places = PLACE.findall(piece)
        columns = [letters for letters, _ in places]
        rows = [*ROW.findall(piece), *(row for _, row in places)]
    return Size(max(map(int, rows), default=0), max(map(_number, set(columns)), default=0))


def _number(letters: bytes) -> int:
    return column_index_from_string(letters.decode())


def _add_details(details: TabDetails, piece: bytes, formats: dict[bytes, str]) -> None:
    for attributes, content in CELL.findall(piece):
        found = dict(ATTRIBUTE.findall(attributes))
        kind, code = found.get(b"t", b"n"), formats.get(found.get(b"s", b""))
        value = VALUE.search(content)
        if kind == b"e":
            details.errors[_place(found)] = value[1].decode() if value else NOT_CALCULATED
        elif kind == b"n" and not value and FORMULA.search(content):
            details.errors[_place(found)] = NOT_CALCULATED
        elif kind == b"n" and value and code:
            details.formats[_place(found)] = code


def _place(attributes: dict[bytes, bytes]) -> tuple[int, int]:
    found = REFERENCE.fullmatch(attributes[b"r"])
    if not found:
        raise ValueError("a cell stands nowhere")
    return int(found[2]), _number(found[1])


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end with a cell or a row."""
    rest = b""
    with archive.open(part) as file:
        while read := file.read(PIECE):
            rest += read
            end = max((rest.rfind(tag) + len(tag) for tag in LAST_TAGS if tag in rest), default=0)
            yield rest[:end]
            rest = rest[end:]
    yield rest


def _relations(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """Kind, id and target of what a part refers to; the part without a name is the workbook file itself."""
    folder, name = posixpath.split(part)
    relations = _elements(archive, posixpath.join(folder, "_rels", f"{name}.rels"), "Relationship")
    return [(each.get("Type", ""), each.get("Id", ""), _absolute(folder, each.get("Target", ""))) for each in relations]


def _absolute(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[Element]:
    """The elements of a name, whichever of the two namespaces of the format the workbook is written in."""
    return fromstring(archive.read(part)).findall(f".//{{*}}{name}")
