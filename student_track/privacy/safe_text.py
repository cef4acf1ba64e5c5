"""Texts from a sheet, made safe to show: one line, in one direction, of a bounded length."""

import unicodedata

ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
JOINER = "\u200d"
ELLIPSIS = "…"
LONGEST_NAME = 60


def one_line(text: str, longest: int) -> str:
    """Return the text composed (NFC), without controls and marks of direction, on one line, at most so long.

    A longer one ends with "…", and never in the middle of what is seen as one sign.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if sign.isspace() else sign for sign in composed)
    plain = "".join(sign for sign in spaced if sign == JOINER or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    return cut(" ".join(plain.split()), longest)


def isolated(text: str) -> str:
    """Return the text between marks that keep its direction of writing to itself."""
    return f"{ISOLATE}{text}{END_OF_ISOLATE}"


def cut(text: str, longest: int) -> str:
    """Return the text, cut with "…" where it is longer, before a sign and not inside it."""
    if len(text) <= longest:
        return text
    end = longest - len(ELLIPSIS)
    while end > 0 and _continues(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS


def initials(name: str) -> str:
    """Return the first letters of a name's words: ``A. B.``"""
    words = [word for word in one_line(name, 1000).split() if word[0].isalpha()]
    return " ".join(f"{_first_sign(word)}." for word in words[:3]) or "?"


def _first_sign(word: str) -> str:
    end = 1
    while end < len(word) and _continues(word[end - 1], word[end]):
        end += 1
    return word[:end]


def _continues(before: str, sign: str) -> bool:
    """Whether a sign belongs to the one before it: an accent, a joined emoji, its skin tone, half of a flag."""
    is_tone = "\U0001f3fb" <= sign <= "\U0001f3ff"
    is_flag = all("\U0001f1e6" <= half <= "\U0001f1ff" for half in (before, sign))
    return unicodedata.category(sign).startswith("M") or JOINER in (before, sign) or is_tone or is_flag
