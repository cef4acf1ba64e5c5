"""Texts inside SQL statements."""


def quoted(text: object) -> str:
    """Return a text as a SQL literal; whatever it holds, it is only a text."""
    escaped = str(text).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
