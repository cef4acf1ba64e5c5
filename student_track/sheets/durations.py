"""How long somebody was there, as exports write it."""

import re
from functools import lru_cache

from student_track.sheets.text import plain

NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:m|min|mins|minute|minutes|minuten|minutos|')?\.?", re.I)
CLOCK = re.compile(r"(\d+):(\d{2}):(\d{2})(?:\.\d+)?")
HOURS = re.compile(
    r"(\d+)\s*(?:h|hr|hrs|hours?|std)\.?\s*(?:(\d+)\s*(?:m|min|mins|minutes?)\.?)?(?:\s*(\d+)\s*s\w*\.?)?", re.I
)
MINUTES_AND_SECONDS = re.compile(r"(\d+)\s*m(?:in)?\w*\.?\s*(\d+)\s*s\w*\.?", re.I)


@lru_cache(maxsize=50_000)
def minutes_of(text: str) -> float | None:
    """Return the minutes of ``45``, ``45 min``, ``1 h 30 m`` or ``1:30:00``; None for others, ``45:10`` among them."""
    text = plain(text)
    if match := NUMBER.fullmatch(text):
        return float(match[1].replace(",", "."))
    if match := CLOCK.fullmatch(text) or HOURS.fullmatch(text):
        return 60 * int(match[1]) + int(match[2] or 0) + int(match[3] or 0) / 60
    if match := MINUTES_AND_SECONDS.fullmatch(text):
        return int(match[1]) + int(match[2]) / 60
    return None
