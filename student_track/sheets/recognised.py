"""What was recognised in a tab: kind, layout, header and columns, or the question that a person has to answer."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from student_track.sheets.contract import Kind, Layout

Roles = dict[str, int]
"""Columns, from 1, by what they mean."""


def in_quotes(text: str) -> str:
    """Return a name as it stands in a line of the contract."""
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True)
class Recognition:
    """What was recognised; ``columns`` gives the column (from 1) of each role, ``missing`` why it is no register.

    ``question`` is set where two readings are possible: the tab then gives nothing until the contract answers it, and
    ``suggestion`` holds the lines for ``params/sheet.yml``, one for each answer. ``dates`` and ``unread_dates`` are
    those of a wide header by column, ``periods`` those of its columns in which a date has several; marks begin below
    ``last_header_row``. ``more_header_rows`` are those of further registers below the first.
    """

    kind: Kind | Literal["gone"]
    layout: Layout | None = None
    header_row: int = 0
    columns: Roles = field(default_factory=dict)
    missing: str = ""
    question: str = ""
    suggestion: str = ""
    dates: dict[int, date] = field(default_factory=dict)
    unread_dates: dict[int, str] = field(default_factory=dict)
    periods: dict[int, str] = field(default_factory=dict)
    last_header_row: int = 0
    more_header_rows: tuple[int, ...] = ()

    @property
    def first_row(self) -> int:
        """The first row below the header."""
        return max(self.header_row, self.last_header_row) + 1

    def asking(self, tab: str, question: str, *answers: str) -> "Recognition":
        """Return the recognition with a question, and the lines for the contract that answer it."""
        return self.asking_of(question, *((tab, answer) for answer in answers))

    def asking_of(self, question: str, *answers: tuple[str, str]) -> "Recognition":
        """As ``asking``, where an answer stands under a name of its own: that of the tab, or a pattern for several."""
        lines = [f"{in_quotes(name)}: {{{answer}}}" for name, answer in answers]
        suggestion = "tabs:\n  " + "\n  # or\n  # ".join(lines)
        return replace(self, question=question, suggestion=suggestion)
