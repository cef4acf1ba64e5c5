"""Shares as exact fractions: "5 %", "1/20" or 0.05 as people write them."""

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator


def _as_fraction(value: Any) -> Fraction:
    """Return "5 %", "1/2", "0.05" or 1 as an exact fraction from 0 to 1."""
    text = str(value).replace(" ", "")
    try:
        fraction = Fraction(text.removesuffix("%")) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is not a share; write 5 %, 1/20 or 0.05") from None
    if not 0 <= fraction <= 1:
        raise ValueError(f"{value!r} is not between 0 and 1")
    return fraction


Share = Annotated[Fraction, BeforeValidator(_as_fraction)]
