"""What a file is, by its content: a suffix says only what somebody called it."""

import zipfile
import zlib
from enum import StrEnum
from pathlib import Path
from xml.etree.ElementTree import ParseError

from student_track.errors import InputError


class FileKind(StrEnum):
    """The kinds of files that can be read, by the name people know them by."""

    XLSX = "XLSX"
    XLS = "XLS"
    ODS = "ODS"
    TEXT = "text"


ZIP_START = b"PK\x03\x04"
COMPOUND_START = b"\xd0\xcf\x11\xe0"
"""Of Microsoft's compound files: old workbooks, and any workbook with a password."""
LENGTH_OF_START = 4096
OTHER_STARTS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document (RTF)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"Rar!": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"SQLite format 3": "a database",
}
WEB_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<style", b"mime-version:")
OTHER_PARTS = {
    "xl/workbook.bin": "a binary workbook (XLSB)",
    "Index/Document.iwa": "a Numbers file",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
}
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    ArithmeticError,
    RuntimeError,
)
"""What reading a damaged workbook ends with."""
SAVE_ANEW = "Open it in a spreadsheet program and save it as XLSX."


def file_kind(path: Path) -> FileKind:
    """Return what a file is; raise InputError where it is no spreadsheet, damaged or protected by a password."""
    with path.open("rb") as file:
        start = file.read(LENGTH_OF_START)
    if start.startswith(ZIP_START):
        return _kind_of_zip(path)
    if start.startswith(COMPOUND_START):
        return _kind_of_compound_file(path)
    for other, name in OTHER_STARTS.items():
        if start.startswith(other):
            raise InputError(f"{path}: is no XLSX or CSV file but {name}. Save the sheet as XLSX or as CSV UTF-8.")
    _refuse_markup(path, start)
    return FileKind.TEXT


def _kind_of_zip(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            content_type = archive.read("mimetype") if "mimetype" in names else b""
    except DAMAGE as error:
        raise InputError(damaged(path, "workbook", error)) from None
    if b"encryption-data" in manifest:
        raise InputError(protected(path))
    if "xl/workbook.bin" not in names and any(name.startswith("xl/") for name in names):
        return FileKind.XLSX
    if "content.xml" in names and b"spreadsheet" in content_type:
        return FileKind.ODS
    what = next((kind for part, kind in OTHER_PARTS.items() if part in names), "an archive")
    raise InputError(f"{path}: is no XLSX or CSV file but {what}. {SAVE_ANEW}")


def _kind_of_compound_file(path: Path) -> FileKind:
    """The names of what a compound file holds stand in its directory as UTF-16."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise InputError(protected(path))
    if any(f"{name}\0".encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return FileKind.XLS
    raise InputError(f"{path}: is protected by a password, damaged, or no spreadsheet. {SAVE_ANEW}")


def _refuse_markup(path: Path, start: bytes) -> None:
    """Old learning platforms export a web page and call it .xls; spreadsheet programs open it after a warning."""
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith(WEB_PAGE_STARTS):
        raise InputError(f"{path}: is a web page (HTML), whatever it is called. {SAVE_ANEW}")
    if text.startswith(b"<?xml"):
        what = "an XML spreadsheet of 2003" if b"schemas-microsoft-com:office:spreadsheet" in text else "XML"
        if b"<html" in text:
            what = "a web page (HTML)"
        raise InputError(f"{path}: is {what}, whatever it is called. {SAVE_ANEW}")


def damaged(path: Path, what: str, reason: object) -> str:
    """Return the sentence for a file that cannot be read as what it is."""
    return f"{path}: the {what} is damaged ({reason}). {SAVE_ANEW}"


def protected(path: Path) -> str:
    """Return the sentence for a workbook with a password."""
    return f"{path}: is protected by a password. Save it without one, in a place that is protected itself."
