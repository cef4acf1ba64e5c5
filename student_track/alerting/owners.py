"""Who is told about which students, and where: the sheet's Owners tab, completed by ``alerts/owners.yml``."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pyspark.sql import DataFrame

from student_track.errors import InputError
from student_track.strict_yaml import StrictModel, read_mapping, validate

EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")


class CohortStaff(StrictModel):
    """Who looks after a cohort; what is left out stays as the sheet says it."""

    owner: str | None = Field(None, min_length=1)
    deputy: str | None = Field(None, min_length=1)
    lead: str | None = Field(None, min_length=1)


class Place(StrictModel):
    """Where a person is told: a private channel by its id, or a direct message found by e-mail."""

    channel: str | None = Field(None, pattern=r"^[CGD][A-Z0-9]{2,}$")
    email: str | None = Field(None, pattern=EMAIL.pattern)

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.channel is None) == (self.email is None):
            raise ValueError("name either a channel's id or an e-mail address")
        return self


class OwnersFile(StrictModel):
    """``alerts/owners.yml``."""

    cohorts: dict[str, CohortStaff] = Field(default_factory=dict)
    people: dict[str, Place] = Field(default_factory=dict)


@dataclass(frozen=True)
class Owners:
    """The owner of every cohort that has one, and where owners are told."""

    of_cohort: dict[str, str]
    places: dict[str, Place]
    cohorts_without: tuple[str, ...]

    def place_of(self, owner: str) -> Place | None:
        """Return where an owner is told; None where neither file nor name says it."""
        if owner in self.places:
            return self.places[owner]
        return Place(email=owner) if EMAIL.match(owner) else None


def read_owners(path: Path, cohorts: DataFrame) -> Owners:
    """Return who is told about the cohorts of the table ``cohorts``.

    Raises InputError, with the line to mend, where the file names a cohort that is in no table.
    """
    data, lines = read_mapping(path)
    file = validate(OwnersFile, data, path, lines)
    of_sheet = {row.cohort_id: row.owner for row in cohorts.select("cohort_id", "owner").collect()}
    unknown = [name for name in file.cohorts if name not in of_sheet]
    if unknown:
        close = difflib.get_close_matches(unknown[0], of_sheet, n=1)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(sorted(of_sheet))}."
        line = lines[("cohorts", unknown[0])]
        raise InputError(f"{path}, line {line}: no sheet has a cohort called {unknown[0]!r}. {hint}")
    own = {name: staff.owner for name, staff in file.cohorts.items() if staff.owner}
    of_cohort = {cohort: _one_spelling(owner) for cohort, owner in (of_sheet | own).items() if owner and owner.strip()}
    people = {_one_spelling(person): place for person, place in file.people.items()}
    return Owners(of_cohort, people, tuple(sorted(set(of_sheet) - set(of_cohort))))


def _one_spelling(owner: str) -> str:
    """An e-mail address is the same in capitals; one person gets one message."""
    name = owner.strip()
    return name.casefold() if EMAIL.match(name) else name
