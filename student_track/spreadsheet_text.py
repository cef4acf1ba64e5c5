"""Text that a spreadsheet program takes for text: what a sheet holds is never run as a formula."""

from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First signs that start a formula, or hide one, in a CSV file (OWASP, CSV injection); full-width forms as well."""


def without_formula(value: Any) -> Any:
    """Return the value, a text that would be run as a formula with an apostrophe before it; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS) else value
