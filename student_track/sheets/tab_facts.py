"""What a spreadsheet says of a tab beside its cells: its own id, the sheet's locale, merged blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from openpyxl.utils import get_column_letter, range_boundaries

KINDS = ("tab_id", "locale", "merges")
"""Kinds of the cells that keep the facts in bronze: row 0 of the tab, columns 1, 2 and 3."""


class Merge(NamedTuple):
    """A block of merged cells: rows and columns from 1, both ends inclusive. Only its first cell has a value."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def range(self) -> str:
        """The block as spreadsheets write it: ``A3:A7``."""
        first, last = get_column_letter(self.first_column), get_column_letter(self.last_column)
        return f"{first}{self.first_row}:{last}{self.last_row}"


@dataclass(frozen=True)
class TabFacts:
    """What is known. ``tab_id`` stays when the title changes; ``locale`` is such as ``en_GB``; a file has neither."""

    tab_id: str = ""
    locale: str = ""
    merges: tuple[Merge, ...] = ()

    def stored(self) -> Iterator[tuple[int, str, str]]:
        """Yield column, text and kind of each fact that is known, as bronze keeps them in row 0."""
        texts = (self.tab_id, self.locale, " ".join(merge.range for merge in self.merges))
        for column, (text, kind) in enumerate(zip(texts, KINDS, strict=True), 1):
            if text:
                yield column, text, kind


NO_FACTS = TabFacts()


def facts_from_stored(stored: Iterable[tuple[str, str]]) -> TabFacts:
    """Return the facts of texts and their kinds, as bronze keeps them."""
    texts = {kind: text for text, kind in stored}
    merges = tuple(map(_merge, texts.get("merges", "").split()))
    return TabFacts(texts.get("tab_id", ""), texts.get("locale", ""), merges)


def _merge(text: str) -> Merge:
    first_column, first_row, last_column, last_row = range_boundaries(text)
    return Merge(first_row, first_column, last_row, last_column)
