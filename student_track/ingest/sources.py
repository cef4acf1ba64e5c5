"""Spreadsheet files and folders: found, fingerprinted, opened into grids, refused with the reason."""

import csv
import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from student_track.errors import InputError
from student_track.sheets import Grid, cell_of

WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv")
ENCRYPTED_OR_OLD = b"\xd0\xcf\x11\xe0"
BYTES_PER_CELL = 200
"""A worksheet that needs more than this per permitted cell is refused before it is unpacked."""


@dataclass(frozen=True)
class Source:
    """A file to read. ``source_id`` names it everywhere: the file's name, or its path inside a folder given."""

    source_id: str
    path: Path

    def fingerprint(self) -> str:
        """Return the hash of the file's content."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def find_sources(paths: tuple[Path, ...]) -> list[Source]:
    """Return the files to read, in order of their names; folders give every workbook and CSV in them.

    Raises InputError where a path is missing, is no spreadsheet, a folder holds none, or two files have one name.
    """
    sources = [source for path in paths for source in _sources_of(path)]
    names = [source.source_id for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"Two files are called {twice[0]}. Rename one: a source is known by its name.")
    return sorted(sources, key=lambda source: source.source_id)


def changed_sources(sources: list[Source], known: dict[str, str]) -> dict[str, str]:
    """Return the fingerprint of every source whose content is not the one known, by source."""
    fingerprints = {source.source_id: source.fingerprint() for source in sources}
    return {name: content for name, content in fingerprints.items() if known.get(name) != content}


def _sources_of(path: Path) -> list[Source]:
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_spreadsheet(file)]
        if not files:
            raise InputError(f"{path}: the folder holds no XLSX or CSV file.")
        return [Source(file.relative_to(path).as_posix(), file) for file in files]
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder. Check the path of --sheet or `sheet:`.")
    if not _is_spreadsheet(path):
        raise InputError(f"{path}: is no XLSX or CSV file. Save the sheet as XLSX or as CSV UTF-8.")
    return [Source(path.name, path)]


def _is_spreadsheet(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return path.is_file() and not hidden and path.suffix.lower() in (*WORKBOOKS, *TEXTS)


def read_grids(source: Source, largest_cells: int) -> list[Grid]:
    """Return every tab of a source as a grid; raise InputError where it cannot be opened, is empty or too large."""
    is_text = source.path.suffix.lower() in TEXTS
    grids = [_read_text(source)] if is_text else _read_workbook(source, largest_cells)
    count_cells = sum(len(row) for grid in grids for row in grid.rows)
    if count_cells > largest_cells:
        raise InputError(
            f"{source.path}: {count_cells} cells are more than `largest_sheet_cells` ({largest_cells}). "
            "Split the sheet by school year, or raise the setting."
        )
    if all(cell.is_blank for grid in grids for _, _, cell in grid.filled()):
        raise InputError(f"{source.path}: there is nothing in it. Was the right file given?")
    return grids


def _read_workbook(source: Source, largest_cells: int) -> list[Grid]:
    _refuse_what_is_no_workbook(source, largest_cells)
    try:
        workbook = CalamineWorkbook.from_path(source.path)
        return [
            Grid(source.source_id, name, [[cell_of(value) for value in row] for row in _rows(workbook, name)])
            for name in workbook.sheet_names
        ]
    except PasswordError:
        raise InputError(_protected(source)) from None
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise InputError(
            f"{source.path}: the workbook is damaged ({error}). Open it and save it anew as XLSX."
        ) from None


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[object]]:
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _refuse_what_is_no_workbook(source: Source, largest_cells: int) -> None:
    with source.path.open("rb") as file:
        start = file.read(4)
    if start == ENCRYPTED_OR_OLD:
        raise InputError(_protected(source))
    if not zipfile.is_zipfile(source.path):
        raise InputError(f"{source.path}: is no XLSX workbook, or a damaged one. Open it and save it anew as XLSX.")
    with zipfile.ZipFile(source.path) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > largest_cells * BYTES_PER_CELL:
        raise InputError(f"{source.path}: unpacked it would be {unpacked} bytes: too large. Split the sheet.")


def _protected(source: Source) -> str:
    return f"{source.path}: is protected by a password, or an old XLS file. Save it as XLSX without a password."


def _read_text(source: Source) -> Grid:
    text = _decoded(source)
    try:
        rows = [[cell_of(value) for value in row] for row in csv.reader(io.StringIO(text), _dialect(text), strict=True)]
    except csv.Error as error:
        raise InputError(f"{source.path}: is no readable CSV ({error}). Save it anew as CSV UTF-8.") from None
    return Grid(source.source_id, Path(source.source_id).stem, rows)


def _decoded(source: Source) -> str:
    data = source.path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4096]:
        raise InputError(f"{source.path}: is written in UTF-16. Save it as `CSV UTF-8`.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(f"{source.path}, line {line}: is not UTF-8 text. Save it as `CSV UTF-8`.") from None


def _dialect(text: str) -> type[csv.Dialect]:
    """The delimiter of the first line that has one: comma, semicolon or tab, whichever stands there most."""

    class Found(csv.excel):
        delimiter = ","

    for line in text.splitlines()[:40]:
        counts = {sign: line.count(sign) for sign in (",", ";", "\t")}
        if any(counts.values()):
            Found.delimiter = max(counts, key=lambda sign: counts[sign])
            break
    return Found
