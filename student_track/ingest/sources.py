"""Spreadsheet files and folders: found, fingerprinted, opened into grids, refused with the reason."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from student_track.collector import collector_paused
from student_track.errors import InputError
from student_track.ingest.file_kinds import FileKind, file_kind
from student_track.ingest.opendocument import read_opendocument
from student_track.ingest.text_files import read_text_file
from student_track.ingest.workbooks import read_workbook
from student_track.sheets import Grid

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".tab")
"""Of the files read in a folder; a file that is named itself may have any."""
TEMPORARY_STARTS = (".", "~$")
"""Of hidden files, and of those that spreadsheet programs lay beside an open one."""


@dataclass(frozen=True)
class Source:
    """A file to read. ``source_id`` names it everywhere: the file's name, or its path inside a folder given."""

    source_id: str
    path: Path

    def fingerprint(self) -> str:
        """Return the hash of the file's content; raise InputError where it cannot be opened."""
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputError(_cannot_be_opened(self.path, error)) from None


class RemoteSource(Protocol):
    """A spreadsheet that a service keeps; it refuses by itself what is empty or too large."""

    source_id: str

    def fingerprint(self) -> str:
        """Return what differs when the content may have changed."""

    def read_grids(self, largest_cells: int) -> list[Grid]:
        """Return every tab as a grid."""


class SourceContent(NamedTuple):
    """The tabs of a source, and how it was read, for people: ``XLSX``, or ``UTF-8, semicolon``."""

    grids: list[Grid]
    read_as: str


def find_sources(paths: tuple[Path, ...]) -> list[Source]:
    """Return the files to read, in order of their names; folders give every workbook and CSV in them.

    Raises InputError where a path is missing, a folder holds none, or two files have one name.
    """
    sources = [source for path in paths for source in _sources_of(path)]
    names = [source.source_id for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"Two files are called {twice[0]}. Rename one: a source is known by its name.")
    return sorted(sources, key=lambda source: source.source_id)


def changed_sources(sources: Iterable[Source | RemoteSource], known: dict[str, str]) -> dict[str, str]:
    """Return the fingerprint of every source whose content is not the one known, by source."""
    fingerprints = {source.source_id: source.fingerprint() for source in sources}
    return {name: content for name, content in fingerprints.items() if known.get(name) != content}


def _sources_of(path: Path) -> list[Source]:
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_spreadsheet(file, path)]
        if not files:
            raise InputError(f"{path}: the folder holds no XLSX or CSV file.")
        return [Source(file.relative_to(path).as_posix(), file) for file in files]
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder. Check the path of --sheet or `sheet:`.")
    return [Source(path.name, path)]


def _is_spreadsheet(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    is_hidden = any(part.startswith(TEMPORARY_STARTS) for part in parts)
    return path.suffix.lower() in SUFFIXES and not is_hidden and path.is_file()


def read_source(source: Source | RemoteSource, largest_cells: int, text_encoding: str = "") -> SourceContent:
    """Return every tab of a source as a grid, and how it was read; what a file is, its content says.

    ``text_encoding`` is the codec of text files that are neither UTF-8 nor UTF-16. Raises InputError where the file
    cannot be opened, is no spreadsheet, is empty or too large, or its encoding or delimiter cannot be told.
    """
    if not isinstance(source, Source):
        return SourceContent(source.read_grids(largest_cells), "Google Sheets")
    try:
        content = _content(source, largest_cells, text_encoding)
    except OSError as error:
        raise InputError(_cannot_be_opened(source.path, error)) from None
    count_cells = sum(len(row) for grid in content.grids for row in grid.rows)
    if count_cells > largest_cells:
        raise InputError(
            f"{source.path}: {count_cells} cells are more than `largest_sheet_cells` ({largest_cells}) permits. "
            "Split the sheet by school year, or raise the setting."
        )
    if all(cell.is_blank for grid in content.grids for _, _, cell in grid.filled()):
        raise InputError(f"{source.path}: there is nothing in it. Was the right file given?")
    return content


@collector_paused()
def _content(source: Source, largest_cells: int, text_encoding: str) -> SourceContent:
    kind = file_kind(source.path)
    if kind is FileKind.TEXT:
        text = read_text_file(source.source_id, source.path, largest_cells, text_encoding)
        return SourceContent([text.grid], text.read_as)
    if kind is FileKind.ODS:
        return SourceContent(read_opendocument(source.source_id, source.path, largest_cells), kind.value)
    return SourceContent(read_workbook(source.source_id, source.path, kind, largest_cells), kind.value)


def _cannot_be_opened(path: Path, error: OSError) -> str:
    return f"{path}: the file cannot be opened ({error.strerror}). Is it still there, and may this user read it?"
