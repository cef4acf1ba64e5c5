"""The sheet contract: words by which tabs and columns are recognised, and choices for single tabs."""

import hashlib
import re
import unicodedata
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from student_track.policy import fold_mark
from student_track.sheets.calendar_words import is_language
from student_track.sheets.school_years import declared_span
from student_track.strict_yaml import StrictModel, read_mapping, validate

Kind = Literal["attendance", "roster", "calendar", "owners", "actions", "ignored", "empty"]
Layout = Literal["long", "wide", "sessions", "list", "stamps", "one_session"]
FilledDown = Literal["student_id", "student_name", "cohort", "date"]
SESSION_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    stamp: tuple[str, ...] = ("timestamp", "check in", "check-in time", "join time")
    absent_dates: tuple[str, ...] = ("absent dates", "dates absent", "dates of absence")
    late_dates: tuple[str, ...] = ("late dates", "dates late")
    minutes: tuple[str, ...] = ("minutes", "duration", "duration (minutes)")
    surname: tuple[str, ...] = ("surname", "last name", "family name")
    first_name: tuple[str, ...] = ("first name", "forename", "given name")


class TabNames(StrictModel):
    """Names of tabs that say their kind."""

    roster: tuple[str, ...]
    calendar: tuple[str, ...]
    owners: tuple[str, ...]
    actions: tuple[str, ...]
    no_registers: tuple[str, ...] = ("grades", "homework", "scores")


def _text_of_mark(value: object) -> object:
    """A mark written as a bare number is its text; ``yes``, ``no``, ``on`` and ``off`` are no text in YAML."""
    if isinstance(value, bool):
        raise ValueError("put marks in quotes: YAML takes yes, no, on, off, true and false for something else")
    return str(value) if isinstance(value, int) else value


MarkText = Annotated[str, BeforeValidator(_text_of_mark)]


ChosenColumn = Literal["student_id", "student_name", "cohort", "date", "period", "mark"]
ColumnLetters = Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]


class TabChoice(StrictModel):
    """What a person decided about one tab."""

    kind: Kind | None = None
    layout: Layout | None = None
    header_row: int | None = Field(default=None, ge=1)
    cohort: str | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    language: str | None = None
    school_year: str | None = None
    serial_dates: bool = False
    same_date: Literal["sessions", "one"] | None = None
    fill_down: tuple[FilledDown, ...] = ()
    session_dates: tuple[date, ...] = ()
    session_date: date | None = None
    first_session: date | None = None
    weekdays: tuple[Literal[SESSION_WEEKDAYS], ...] = ()  # type: ignore[valid-type]
    mark: MarkText | None = None
    others: Literal["present", "absent"] | None = None
    present_from_minutes: int | None = Field(default=None, ge=1)
    marks: dict[MarkText, MarkText] = Field(default_factory=dict)
    columns: dict[ChosenColumn, ColumnLetters] = Field(default_factory=dict)

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, code: str | None) -> str | None:
        if code and not is_language(code):
            raise ValueError("is no language of the CLDR; write a code such as en, de, fr or sr_Latn")
        return code

    @field_validator("school_year", mode="before")
    @classmethod
    def _is_a_school_year(cls, text: object) -> object:
        try:
            return text if text is None or declared_span(str(text)) else None
        except ValueError:
            raise ValueError("write it as 2026/27 (1 August to 31 July), or as its first day, 2026-04-01") from None

    @field_validator("weekdays", mode="before")
    @classmethod
    def _are_short(cls, words: object) -> object:
        return [str(word).strip().lower()[:3] for word in words] if isinstance(words, list | tuple) else words

    @cached_property
    def meaning_of_folded_mark(self) -> dict[str, str]:
        """The mark of the code table that each folded mark of the tab stands for."""
        return {fold_mark(written): meant for written, meant in self.marks.items()}

    def meaning_of(self, text: str) -> str | None:
        """Return the mark of the code table that a mark of the tab stands for: as it is written, else as it is folded.

        A tick and a cross of the font Wingdings are ``ü`` and ``û``: without their accents they are one mark.
        """
        return self.marks.get(text.strip()) or self.meaning_of_folded_mark.get(fold_mark(text))


NO_CHOICE = TabChoice()


class SheetContract(StrictModel):
    """The whole contract; ``params/sheet.yml`` explains each key."""

    headers: Headers
    tab_names: TabNames
    tabs: dict[str, TabChoice]

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """Folded words for each column."""
        given = self.headers.model_dump(by_alias=True)
        return {
            role: frozenset(folded for word in words if (folded := fold_header(word))) for role, words in given.items()
        }

    @cached_property
    def place_of_word(self) -> dict[str, dict[str, int]]:
        """For each column, the place of its folded words: of two columns the word that stands first tells the right."""
        given = self.headers.model_dump(by_alias=True)
        return {role: {fold_header(word): place for place, word in enumerate(words)} for role, words in given.items()}

    @cached_property
    def known_words(self) -> frozenset[str]:
        """All folded words of all columns."""
        return frozenset().union(*self.words.values())

    def choice(self, *names: str) -> TabChoice:
        """Return what a person decided about a tab under the first of its names that stands here.

        Patterns that a name fits (``*`` stands for any text) decide what is left open, the later before the earlier.
        """
        exact = next((self.tabs[name] for name in names if name in self.tabs), NO_CHOICE)
        fitting = [choice for pattern, choice in self._patterns if any(map(pattern.fullmatch, names))]
        if not fitting:
            return exact
        decided = [{key: getattr(choice, key) for key in choice.model_fields_set} for choice in (*fitting, exact)]
        return TabChoice.model_construct(**{key: value for each in decided for key, value in each.items()})

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], TabChoice]]:
        return [
            (re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL), choice)
            for name, choice in self.tabs.items()
            if "*" in name
        ]

    def with_choice(self, name: str, choice: TabChoice) -> "SheetContract":
        """Return the contract with another choice for the tab of this name."""
        return self.model_copy(update={"tabs": {**self.tabs, name: choice}})

    @cached_property
    def kind_of_name(self) -> dict[str, str]:
        """Kind for each folded tab name."""
        return {fold_header(word): kind for kind, words in self.tab_names.model_dump().items() for word in words}

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all the contract says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


@lru_cache(maxsize=100_000)
def fold_header(text: str) -> str:
    """Return a header with case, width, accents, spaces and punctuation folded away."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if sign.isalnum())


def load_contract(path: Path) -> SheetContract:
    """Return the contract of a YAML file; raise InputError naming the line to mend."""
    data, lines = read_mapping(path)
    return validate(SheetContract, data, path, lines)
