"""Texts from a sheet, shown so that every sign can be seen and none acts on what shows it."""

import unicodedata

NAMED_SIGNS = {"\t": "⟨tab⟩", "\n": "⟨line end⟩", "\xa0": "⟨hard space⟩"}
LONGEST = 80


def visible(text: str, longest: int = LONGEST) -> str:
    """Return the text on one line: controls, marks of direction, joiners and unusual spaces are named, not obeyed.

    A tab is ⟨tab⟩, a sign without a name of ours its number, ⟨U+202E⟩. A longer text is cut after 80 signs, or
    as many as are asked for.
    """
    return "".join(map(_visible_sign, text[:longest])) + ("…" if len(text) > longest else "")


def _visible_sign(sign: str) -> str:
    is_visible = sign == " " or unicodedata.category(sign)[0] not in "CZ"
    return sign if is_visible else NAMED_SIGNS.get(sign, f"⟨U+{ord(sign):04X}⟩")
