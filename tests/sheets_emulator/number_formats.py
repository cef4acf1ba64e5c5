"""How a cell is shown: the number formats that registers use, in the language of the spreadsheet."""

import math
import re
from datetime import datetime, timedelta
from typing import NamedTuple

PART = re.compile(r'"[^"]*"|yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|AM/PM|.', re.S)
ENGLISH = "January February March April May June July August September October November December".split()
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ENGLISH_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
FRENCH_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


class Locale(NamedTuple):
    """Words and signs of a spreadsheet's language, and the date format that its dates get by themselves."""

    decimal: str
    group: str
    true: str
    false: str
    date: str
    months: list[str]
    days: list[str]


LOCALES = {
    "en_US": Locale(".", ",", "TRUE", "FALSE", "m/d/yyyy", ENGLISH, ENGLISH_DAYS),
    "en_GB": Locale(".", ",", "TRUE", "FALSE", "dd/mm/yyyy", ENGLISH, ENGLISH_DAYS),
    "fr_FR": Locale(",", "\u202f", "VRAI", "FAUX", "dd/mm/yyyy", FRENCH, FRENCH_DAYS),
}


def shown(value: str | bool | float, number_format: str, locale: Locale) -> str:
    """The text in the cell: what FORMATTED_VALUE gives."""
    if number_format == ";;;":
        return ""
    if isinstance(value, str):
        return number_format.replace("@", value).replace('"', "") if "@" in number_format else value
    if isinstance(value, bool):
        return locale.true if value else locale.false
    date_format = {"date": locale.date, "date time": f"{locale.date} hh:mm:ss"}.get(number_format, number_format)
    if re.search("[ydh]|m{2}", re.sub('"[^"]*"', "", date_format)):
        return _date(value, date_format, locale)
    return _number(value, number_format, locale)


def _number(value: float, number_format: str, locale: Locale) -> str:
    if not number_format:
        text = f"{value:.6G}" if abs(value) >= 1e15 else f"{value:.10g}"
        return text.replace(".", locale.decimal)
    pattern = re.search(r"[#,]*0+(?:\.(0+))?", number_format)
    assert pattern, f"the emulator does not know the number format {number_format!r}"
    places, digits = len(pattern[1] or ""), pattern[0].split(".")[0]
    size = value * (100 if "%" in number_format else 1)
    text = f"{size:,.{places}f}" if "," in digits else f"{size:0{digits.count('0') + places + bool(places)}.{places}f}"
    text = text.translate({ord(","): locale.group, ord("."): locale.decimal})
    return (number_format[: pattern.start()] + text + number_format[pattern.end() :]).replace('"', "")


def _date(serial: float, date_format: str, locale: Locale) -> str:
    """A date to the second below, as a spreadsheet shows it; ``mm`` after hours are minutes."""
    moment = datetime(1899, 12, 30) + timedelta(seconds=math.floor(serial * 86_400 + 1e-3))
    texts, has_hours = [], False
    for part in PART.findall(date_format):
        has_hours = has_hours or part in ("h", "hh")
        minutes = {"mm": f"{moment:%M}", "m": str(moment.minute)} if has_hours else {}
        texts.append(minutes.get(part) or _part(part, moment, locale, "AM/PM" in date_format))
    return "".join(texts)


def _part(part: str, moment: datetime, locale: Locale, has_noon: bool) -> str:
    hour = (moment.hour % 12 or 12) if has_noon else moment.hour
    month, day = locale.months[moment.month - 1], locale.days[moment.weekday()]
    texts = {
        **{"yyyy": str(moment.year), "yy": f"{moment:%y}", "AM/PM": "AM" if moment.hour < 12 else "PM"},
        **{"mmmm": month, "mmm": month[:3], "mm": f"{moment:%m}", "m": str(moment.month)},
        **{"dddd": day, "ddd": day[:3], "dd": f"{moment:%d}", "d": str(moment.day)},
        **{"hh": f"{hour:02}", "h": str(hour), "ss": f"{moment:%S}"},
    }
    return texts.get(part, part.strip('"'))
