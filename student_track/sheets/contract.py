"""The sheet contract: words by which tabs and columns are recognised, and choices for single tabs."""

import hashlib
import unicodedata
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field

from student_track.strict_yaml import StrictModel, read_mapping, validate

Kind = Literal["attendance", "roster", "calendar", "owners", "actions", "ignored", "empty"]
Layout = Literal["long", "wide"]


class Headers(StrictModel):
    """Words for each column, folded when compared."""

    student_id: tuple[str, ...]
    student_name: tuple[str, ...]
    cohort: tuple[str, ...]
    date: tuple[str, ...]
    period: tuple[str, ...]
    mark: tuple[str, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]
    type: tuple[str, ...]
    label: tuple[str, ...]
    from_: tuple[str, ...] = Field(alias="from")
    to: tuple[str, ...]
    weekdays: tuple[str, ...]
    periods: tuple[str, ...]
    owner: tuple[str, ...]
    deputy: tuple[str, ...]
    teacher: tuple[str, ...]
    action: tuple[str, ...]
    by: tuple[str, ...]
    note: tuple[str, ...]


class TabNames(StrictModel):
    """Names of tabs that say their kind."""

    roster: tuple[str, ...]
    calendar: tuple[str, ...]
    owners: tuple[str, ...]
    actions: tuple[str, ...]


class TabChoice(StrictModel):
    """What a person decided about one tab."""

    kind: Kind | None = None
    layout: Layout | None = None
    header_row: int | None = Field(default=None, ge=1)
    cohort: str | None = None


class SheetContract(StrictModel):
    """The whole contract; ``params/sheet.yml`` explains each key."""

    headers: Headers
    tab_names: TabNames
    tabs: dict[str, TabChoice]

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """Folded words for each column."""
        given = self.headers.model_dump(by_alias=True)
        return {role: frozenset(fold_header(word) for word in words) for role, words in given.items()}

    @cached_property
    def kind_of_name(self) -> dict[str, str]:
        """Kind for each folded tab name."""
        return {fold_header(word): kind for kind, words in self.tab_names.model_dump().items() for word in words}

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all the contract says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def fold_header(text: str) -> str:
    """Return a header with case, width, accents, spaces and punctuation folded away."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if sign.isalnum())


def load_contract(path: Path) -> SheetContract:
    """Return the contract of a YAML file; raise InputError naming the line to mend."""
    data, lines = read_mapping(path)
    return validate(SheetContract, data, path, lines)
