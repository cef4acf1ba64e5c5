"""Codes of the policy: what a mark means, and how marks are told apart."""

import re
import unicodedata
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from student_track.shares import Share
from student_track.strict_yaml import StrictModel

NUMBER = "#"
VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
SEVERAL_MARKS = re.compile(r"[/,;+&|\n]")
"""What stands between the marks of a cell that holds several."""


def fold_mark(text: str) -> str:
    """Return a mark with case, width, spaces, accents and what nobody sees folded away: ``ｐ `` and ``P`` are one.

    A tick typed on a telephone bears a variation selector, and a mark pasted from a page a space without width.
    """
    if text.isascii():
        return "".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if not sign.isspace() and not _is_unseen(sign))


def _is_unseen(sign: str) -> bool:
    return bool(unicodedata.combining(sign)) or unicodedata.category(sign) == "Cf" or sign in VARIATION_SELECTORS


class Code(StrictModel):
    """What one kind of mark means. A ``#`` in a mark stands for a whole number, which ``numbers`` may bound."""

    marks: tuple[str, ...] = Field(min_length=1)
    numbers: tuple[int, int] | None = None
    state: Literal["present", "absent", "partial"]
    missed: Share | None = None
    counts_as_absence: bool = True
    counts_in_rate: bool = True
    is_tardy: bool = False
    is_excused: bool = False
    cancels_session: bool = False

    @property
    def missed_share(self) -> Fraction:
        """Share of the session missed, as rates and streaks count it."""
        if self.state == "present" or not self.counts_as_absence:
            return Fraction(0)
        return Fraction(1) if self.missed is None else self.missed

    def takes(self, number: int) -> bool:
        """Return whether a number where a mark has its ``#`` belongs to this code."""
        return self.numbers is None or self.numbers[0] <= number <= self.numbers[1]

    @model_validator(mode="after")
    def _is_consistent(self) -> "Code":
        if self.state == "partial" and self.missed is None:
            raise ValueError("a partial mark needs `missed`, the share of the session missed")
        if self.cancels_session and self.counts_in_rate:
            raise ValueError("a mark that cancels the session cannot count in the rate")
        if self.numbers and (self.numbers[0] > self.numbers[1] or not any(NUMBER in mark for mark in self.marks)):
            raise ValueError("`numbers` says from and to, for marks with a # where the number stands")
        return self


def are_apart(one: Code, other: Code) -> bool:
    """Return whether the numbers of two codes tell the same mark apart."""
    if one.numbers is None or other.numbers is None:
        return False
    return one.numbers[1] < other.numbers[0] or other.numbers[1] < one.numbers[0]
