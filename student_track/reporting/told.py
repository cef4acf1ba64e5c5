"""Sentences that notebooks wrote into tables, told in the page's language: known by their form, with their own numbers.

Tables hold them in English. What is no form of these is looked up as a whole, and shown as it is where it is unknown.
"""

import re
from functools import cache
from gettext import NullTranslations

from babel.numbers import format_decimal

from student_track.translatable import N_

REASONS_OF_RISK = (
    N_("absent %(absences)s of the last %(units)s days; class average %(average)s"),
    N_("absent %(absences)s of the last %(units)s sessions; class average %(average)s"),
    N_("absent on the last day"),
    N_("absent on the last session"),
    N_("absent on the last %(units)s days"),
    N_("absent on the last %(units)s sessions"),
    N_("was absent %(units)s days in a row before"),
    N_("was absent %(units)s sessions in a row before"),
    N_("attended %(rate)s %% of %(units)s days so far; class median %(median)s %%"),
    N_("attended %(rate)s %% of %(units)s sessions so far; class median %(median)s %%"),
    N_("none of the %(students)s in the cohort attended less of the last %(units)s days"),
    N_("none of the %(students)s in the cohort attended less of the last %(units)s sessions"),
    N_("%(fewer)s of the %(students)s in the cohort attended less of the last %(units)s days"),
    N_("%(fewer)s of the %(students)s in the cohort attended less of the last %(units)s sessions"),
    N_("absent %(absences)s of the first %(units)s days"),
    N_("absent %(absences)s of the first %(units)s sessions"),
    N_("late in %(tardies)s of %(sessions)s sessions"),
)
REASONS_OF_NO_SCORE = (
    N_("last day in the cohort"),
    N_("not present once so far"),
    N_("too early: fewer than %(units)s days are known"),
    N_("too early: fewer than %(units)s sessions are known"),
    N_("too early: less than %(weeks)s weeks since the first day"),
    N_("too early: less than %(weeks)s weeks since the first session"),
    N_("already absent for %(units)s days in a row"),
    N_("already absent for %(units)s sessions in a row"),
    N_("fewer than %(students)s students in the cohort to compare with"),
)
REASONS_OF_A_HOLD = (
    N_("%(refused)s of %(marks)s marks (%(share)s %%) are in quarantine"),
    N_("tab %(tab)s: %(refused)s of %(marks)s marks (%(share)s %%) are in quarantine"),
    N_("%(lost)s of %(known)s records would be lost at once; nothing was removed"),
)
ADVICE = (N_("write one of: %(types)s"),)
PLACE = re.compile(r"%\\\((\w+)\\\)s")
TEXTS = ("tab", "types")
"""Places that are no numbers: what the sheet calls a tab, words for its calendar."""
NUMBER = r"\d+(?:\.\d+)?"


def told(text: str, language: str, words: NullTranslations) -> str:
    """Return a sentence of a table in a language, its numbers written as there; as it is where its form is unknown."""
    for form, sentence in _forms():
        if found := form.fullmatch(text):
            own = {name: _shown(name, value, language) for name, value in found.groupdict().items()}
            return words.gettext(sentence) % own
    return words.gettext(text) if text else text


@cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    """Each sentence as a pattern with its numbers, beside itself."""
    sentences = (*REASONS_OF_RISK, *REASONS_OF_NO_SCORE, *REASONS_OF_A_HOLD, *ADVICE)
    return [(re.compile(PLACE.sub(_place, re.escape(one).replace("%%", "%")), re.DOTALL), one) for one in sentences]


def _place(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>{'.+' if found[1] in TEXTS else NUMBER})"


def _shown(name: str, value: str, language: str) -> str:
    return value if name in TEXTS else format_decimal(value, "0.#", language)
