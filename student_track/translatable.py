"""The mark for texts that people read: what is marked is in the catalogue of the pages' words."""


def N_(text: str) -> str:  # noqa: N802  gettext's own name for "translate this where it is shown"
    """Return the text as it is; whoever shows it translates it."""
    return text
