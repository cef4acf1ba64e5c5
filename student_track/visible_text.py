"""Texts from a sheet, shown so that every sign can be seen and none acts on what shows it."""

import unicodedata

NAMED_SIGNS = {"\t": "⟨tab⟩", "\n": "⟨line end⟩", "\xa0": "⟨hard space⟩"}
LONGEST = 80


def visible(text: str) -> str:
    """Return the text on one line: controls, marks of direction, joiners and unusual spaces are named, not obeyed.

    A tab is ⟨tab⟩, a sign without a name of ours its number, ⟨U+202E⟩. A text longer than 80 signs is cut.
    """
    return "".join(map(_visible_sign, text[:LONGEST])) + ("…" if len(text) > LONGEST else "")


def _visible_sign(sign: str) -> str:
    is_visible = sign == " " or unicodedata.category(sign)[0] not in "CZ"
    return sign if is_visible else NAMED_SIGNS.get(sign, f"⟨U+{ord(sign):04X}⟩")
