"""One cell from what Google shows (text, in the sheet's own format and language) and what it holds (a typed value).

Neither alone is right: an id needs the text, a number or a date the value. A number is a date only where the text
shows this very date: so no number becomes one by its size, and no day and month are told apart by their order.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache

from student_track.sheets.grid import BLANK, ERRORS, Cell, cell_of, one_cell

EPOCH = datetime(1899, 12, 30)
DIGITS = re.compile(r"\d+")
NOT_OF_A_NUMBER = re.compile(r"[^\d.,٫]")
LONGEST_DATE = 60
FRACTION = re.compile(r"[.,٫](\d*)$")


def google_cell(shown: object, held: object) -> Cell:
    """Return the cell: its text as Google shows it; kind and typed value as Google holds it.

    A cell that shows nothing is blank, whatever it holds. The typed value of a date is ISO, local to the sheet.
    """
    if shown is None or shown == "":
        return BLANK
    text = str(shown)
    if text in ERRORS or held in ERRORS:
        return one_cell(text, "error")
    if isinstance(held, bool):
        return one_cell(text, "boolean", str(held).lower())
    if isinstance(held, int | float) and DIGITS.search(text):
        return _cell_of_number(text, held)
    return one_cell(text)  # also a number that is shown as a word: the name of a month or a day, or "present" for 1


@lru_cache(maxsize=100_000)
def _cell_of_number(text: str, number: float) -> Cell:
    as_number = one_cell(text, "number", cell_of(number).text)
    if len(text) > LONGEST_DATE or _shows_number(text, number):
        return as_number
    moment = _moment(number)
    if moment is None:
        return as_number
    if moment.date() == EPOCH.date() and _shows(text, _numbers_of_time(moment)):
        return one_cell(text, "text", moment.time().isoformat())
    is_date = _shows(text, _numbers_of_date(moment) | _numbers_of_time(moment))
    return one_cell(text, "date", cell_of(moment).typed) if is_date else as_number


def _moment(serial: float) -> datetime | None:
    """The date and time of a serial number, cut off to the second; None beyond the calendar.

    It is rounded to the millisecond first: half past eight is 0.35416666666666669, a little less.
    """
    try:
        return (EPOCH + timedelta(milliseconds=round(serial * 86_400_000))).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None


def _shows_number(text: str, number: float) -> bool:
    """Whether the text is the number, grouped and rounded in any way: 1,234.50, 1 234,5, 87,5 %, (12)."""
    digits = NOT_OF_A_NUMBER.sub("", unicodedata.normalize("NFKC", text)).strip(".,")
    if not digits:
        return False
    size = abs(number) * (100 if "%" in text or "٪" in text else 1)
    fraction = FRACTION.search(digits)
    places = len(fraction[1]) if fraction else 0
    whole = int("".join(DIGITS.findall(digits)))
    return whole == size or abs(whole / 10**places - size) <= 0.5 / 10**places * (1 + 1e-9)


def _shows(text: str, parts: set[int]) -> bool:
    """Whether the text has numbers, and each is one of the parts; names of days and months say nothing here."""
    numbers = {int(digits) for digits in DIGITS.findall(text)}
    return bool(numbers) and numbers <= parts


def _numbers_of_date(moment: datetime) -> set[int]:
    return {moment.year, moment.year % 100, moment.month, moment.day}


def _numbers_of_time(moment: datetime) -> set[int]:
    return {moment.hour, moment.hour % 12 or 12, moment.minute, moment.second}
