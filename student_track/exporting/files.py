"""CSV and XLSX files in which every text is a text, written whole and for their owner alone."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from student_track.errors import InputError, StorageError
from student_track.owner_only_files import replace_whole
from student_track.settings import Settings
from student_track.spreadsheet_text import without_formula

SHARES = ("_rate", "_share")
"""Ends of the names of columns that hold a share from 0 to 1."""
LONGEST_PART = 60
"""Signs of a cohort's name that go into the name of a file."""
LONGEST_TEXT = 32_767
"""Signs that a cell of a workbook can hold."""


def as_csv(rows: pd.DataFrame) -> bytes:
    """Return the rows as CSV that spreadsheet programs read as it is meant: UTF-8 with its mark, CRLF, no formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.columns)
    writer.writerows([without_formula(_plain(value)) for value in row] for row in rows.itertuples(index=False))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: pd.DataFrame) -> bytes:
    """Return the rows as a workbook of one sheet: the header stays in view, dates are dates, no cell is a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Export")
    sheet.freeze_panes = "A2"
    header = [_cell(sheet, name, name) for name in rows.columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for row in rows.itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value, name) for name, value in zip(rows.columns, row, strict=True)])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


WRITERS: dict[str, Callable[[pd.DataFrame], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}
"""Each format with what writes it."""


def refuse_unknown_format(format: str) -> None:
    """Raise InputError for a format that no file is written in."""
    if format not in WRITERS:
        raise InputError(f"The format of an export is one of {', '.join(WRITERS)}, not {format!r}.")


def place_of(config: Settings, parts: Iterable[str], format: str) -> Path:
    """Return where a school's export lies unless told otherwise; parts of its name that are empty are left out."""
    plain = (re.sub(r"\W+", "-", part).strip("-")[:LONGEST_PART] for part in parts)
    return config.reports_folder / "exports" / config.school_slug / f"{'-'.join(filter(None, plain))}.{format}"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all; raise StorageError where that cannot be done."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_whole(path, content)
    except OSError as error:
        raise StorageError(
            f"{path}: the file could not be written ({error.strerror}). Choose another with --out."
        ) from None


def _cell(sheet: WriteOnlyWorksheet, value: Any, column: str) -> WriteOnlyCell:
    value = _plain(value)
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_TEXT])
        cell.data_type = "s"  # openpyxl takes a text that starts with = for a formula, and #N/A for an error
        cell.quotePrefix = True  # stays a text when somebody edits the cell
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif column.endswith(SHARES):
        cell.number_format = "0.0%"
    elif column.endswith("_percent"):
        cell.number_format = '0.0"%"'
    return cell


def _plain(value: Any) -> Any:
    """A list as one text, nothing for what is missing, yes and no for truths; all else as it is."""
    if isinstance(value, list):
        return "; ".join(str(part) for part in value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return ("no", "yes")[value] if isinstance(value, bool) else value
