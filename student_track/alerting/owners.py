"""Who is told about which students, and where: the sheet's Owners tab, completed by ``alerts/owners.yml``."""

import difflib
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pyspark.sql import DataFrame

from student_track.errors import InputError
from student_track.strict_yaml import StrictModel, read_mapping, validate

OWNER, DEPUTY, LEAD, TEACHER = "owner", "deputy", "lead", "teacher"
ROLES = (OWNER, DEPUTY, LEAD)
EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")


class CohortStaff(StrictModel):
    """Who looks after a cohort; what is left out stays as the sheet says it."""

    owner: str | None = Field(None, min_length=1)
    deputy: str | None = Field(None, min_length=1)
    lead: str | None = Field(None, min_length=1)
    teacher: str | None = Field(None, min_length=1)


class Place(StrictModel):
    """Where a person is told: a private channel by its id, or a direct message found by e-mail.

    With a channel, ``user`` is Slack's id of the person whose reactions there count.
    """

    channel: str | None = Field(None, pattern=r"^[CGD][A-Z0-9]{2,}$")
    email: str | None = Field(None, pattern=EMAIL.pattern)
    user: str | None = Field(None, pattern=r"^[UW][A-Z0-9]{2,}$")

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.channel is None) == (self.email is None):
            raise ValueError("name either a channel's id or an e-mail address")
        return self


class OwnersFile(StrictModel):
    """``alerts/owners.yml``."""

    cohorts: dict[str, CohortStaff] = Field(default_factory=dict)
    people: dict[str, Place] = Field(default_factory=dict)
    sheet: str | None = Field(None, min_length=1)


@dataclass(frozen=True)
class Owners:
    """The owner of every cohort that has one, and where owners are told."""

    of_cohort: dict[str, str]
    places: dict[str, Place]
    cohorts_without: tuple[str, ...]
    above: dict[tuple[str, str], str] = field(default_factory=dict)
    """Deputy and lead, by role and cohort."""

    registers: dict[str, str] = field(default_factory=dict)
    """Who is told of a cohort's missing registers: who takes them where that person can be told, else the owner."""

    sheet: str | None = None
    """Who mends the sheet; None where nobody is named."""

    @property
    def everybody(self) -> set[str]:
        """Everybody who may be told anything."""
        named = {*self.of_cohort.values(), *self.above.values(), *self.registers.values()}
        return named | ({self.sheet} if self.sheet else set())

    def person(self, role: str, cohort: str) -> str | None:
        """Return who has a role for a cohort; None where nobody is named."""
        return self.of_cohort.get(cohort) if role == OWNER else self.above.get((role, cohort))

    def chain(self, cohort: str) -> tuple[str, ...]:
        """Return everybody who may answer for a cohort's students: owner, deputy and lead, where there are."""
        return tuple(person for role in ROLES if (person := self.person(role, cohort)))

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
    known = [name for name in ("cohort_id", OWNER, DEPUTY, TEACHER) if name in cohorts.columns]
    of_sheet = {row["cohort_id"]: row for row in cohorts.select(*known).toArrow().to_pylist()}
    unknown = [name for name in file.cohorts if name not in of_sheet]
    if unknown:
        close = difflib.get_close_matches(unknown[0], of_sheet, n=1)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(sorted(of_sheet))}."
        line = lines[("cohorts", unknown[0])]
        raise InputError(f"{path}, line {line}: no sheet has a cohort called {unknown[0]!r}. {hint}")
    of_cohort = _of_role(OWNER, of_sheet, file)
    above = {
        (role, cohort): person for role in (DEPUTY, LEAD) for cohort, person in _of_role(role, of_sheet, file).items()
    }
    people = {_one_spelling(person): place for person, place in file.people.items()}
    without = tuple(sorted(set(of_sheet) - set(of_cohort)))
    owners = Owners(of_cohort, people, without, above, sheet=_one_spelling(file.sheet) if file.sheet else None)
    takers = {cohort: who for cohort, who in _of_role(TEACHER, of_sheet, file).items() if owners.place_of(who)}
    return replace(owners, registers=of_cohort | takers)


def _of_role(role: str, of_sheet: dict[str, dict[str, str | None]], file: OwnersFile) -> dict[str, str]:
    """Who has a role, by cohort: as the file says, otherwise the sheet."""
    named = {
        cohort: (file.cohorts.get(cohort) and getattr(file.cohorts[cohort], role)) or staff.get(role)
        for cohort, staff in of_sheet.items()
    }
    return {cohort: _one_spelling(person) for cohort, person in named.items() if person and person.strip()}


def _one_spelling(owner: str) -> str:
    """An e-mail address is the same in capitals; one person gets one message."""
    name = owner.strip()
    return name.casefold() if EMAIL.match(name) else name
