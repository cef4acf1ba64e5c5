"""Text as it was meant: width, other scripts' digits, and signs nobody can see folded away."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """Return the text trimmed, with one space between words, in NFKC, with ASCII digits and without unseen signs."""
    if not text.isascii():
        text = "".join(_plain_sign(sign) for sign in unicodedata.normalize("NFKC", text))
    return " ".join(text.split())


def _plain_sign(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "" if unicodedata.category(sign) == "Cf" else sign
