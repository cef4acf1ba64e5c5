"""The words of the pages: English in the templates, other languages in one gettext catalogue each.

A catalogue is ``reports/locale/<language>.po``; adding a language is adding that file. What stands in the sheet is
shown as it is; ``told.py`` has the sentences that notebooks write into tables.
"""

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from student_track.errors import InputError
from student_track.resources import resource
from student_track.translatable import N_

__all__ = ["N_", "languages", "translations"]

SOURCE_LANGUAGE = "en"


def languages() -> list[str]:
    """Return the languages the pages can be written in, English first."""
    return [SOURCE_LANGUAGE, *sorted(path.stem for path in resource("reports/locale").glob("*.po"))]


def translations(language: str) -> NullTranslations:
    """Return the words of a language; raise InputError where there is no catalogue for it."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    if language not in languages():
        raise InputError(f"The pages cannot be written in {language!r}. There are: {', '.join(languages())}.")
    return _compiled(resource("reports/locale") / f"{language}.po")


@lru_cache
def _compiled(path: Path) -> GNUTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
