"""Templates to pages: every value is escaped where it is shown, every word comes from the catalogue."""

import math
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_skeleton, get_day_names
from babel.numbers import format_decimal
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from student_track.page_names import student_file
from student_track.privacy import student_anchor, student_label
from student_track.reporting.catalogue import SOURCE_LANGUAGE, translations
from student_track.reporting.frame import Frame
from student_track.reporting.spoken_templates import SpokenEnvironment
from student_track.reporting.told import told
from student_track.reporting.words import (
    BANDS,
    CHANGES,
    DELIVERY_KINDS,
    DELIVERY_STATES,
    LEVELS,
    OUTCOMES,
    REASONS,
    STATE_LOOKS,
    TIER_LOOKS,
    Look,
)
from student_track.resources import resource

FULL = "full"
"""The longest form that a locale has for a date, with the weekday."""
WORDS = {
    "tiers": TIER_LOOKS,
    "states": STATE_LOOKS,
    "changes": CHANGES,
    "reasons": REASONS,
    "bands": BANDS,
    "levels": LEVELS,
    "outcomes": OUTCOMES,
    "delivery_kinds": DELIVERY_KINDS,
    "delivery_states": DELIVERY_STATES,
}
"""Words and looks that every template may use, in its language."""


def render(template: str, frame: Frame, **values: Any) -> str:
    """Return a page of a template of ``reports/templates``, in the frame's language; every value is escaped.

    Raises InputError where there is no catalogue for the language.
    """
    environment = _environment(frame.language, resource("reports/templates"))
    return environment.get_template(template).render(frame=frame, **values)


@lru_cache
def _environment(language: str, folder: Path) -> SpokenEnvironment:
    environment = SpokenEnvironment(
        translations(language),
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # every page of a site by the same templates, and no look at the disk for each
    )
    own = {"cell": _cells(environment), "told": lru_cache(lambda sentence: told(sentence, language, environment.words))}
    environment.filters |= _filters(language) | own
    environment.globals |= {name: _translated(words, environment.words) for name, words in WORDS.items()}
    environment.globals["style"] = Markup(environment.get_template("style.css").render())  # noqa: S704
    return environment


def _cells(environment: SpokenEnvironment) -> Callable[[Hashable, str], Markup]:
    """The filter that writes a value by a macro of ``cells.html.j2``: once, however many students have the same."""

    @lru_cache(maxsize=8192)
    def write(value: Hashable, macro: str) -> Markup:
        return getattr(environment.get_template("cells.html.j2").module, macro)(value)

    return write


def _translated(words: dict[Any, str | Look], language: NullTranslations) -> dict[Any, Markup | Look]:
    """The words in a language; like the templates' own they are ours, and not escaped."""

    def said(word: str) -> Markup:
        return Markup(language.gettext(word) if word else "")  # noqa: S704

    return {
        key: replace(word, name=said(word.name)) if isinstance(word, Look) else said(word)
        for key, word in words.items()
    }


def _filters(locale: str) -> dict[str, Any]:
    """Filters that say a value in a locale; None is a dash everywhere."""

    def written(english: str, skeleton: str) -> Callable[[date | None], str]:
        """A date: in English in one order for all its readers, else in the locale's own form of the same parts."""

        def write(value: date | None) -> str:
            if value is None:
                return "–"
            if locale == SOURCE_LANGUAGE:
                return format_date(value, english, locale)
            if skeleton == FULL:
                return format_date(value, FULL, locale)
            return format_skeleton(skeleton, value, locale=locale)

        return lru_cache(maxsize=2048)(write)  # the same few hundred days stand on every student's page

    @lru_cache(maxsize=2048)
    def points(percent: float | None, pattern: str = "0.0") -> str:
        """A percentage a query has rounded already; pandas says NaN where a week has no known session."""
        is_missing = percent is None or math.isnan(percent)
        return "–" if is_missing else f"{format_decimal(percent, pattern, locale)}\N{NO-BREAK SPACE}%"

    @lru_cache(maxsize=2048)
    def number(value: float | None) -> str:
        return "–" if value is None else format_decimal(value, "#,##0.#", locale)

    @lru_cache
    def limit(share: Fraction) -> str:
        return f"{format_decimal(float(100 * share), '0.###', locale)}\N{NO-BREAK SPACE}%"

    weekdays = get_day_names("wide", "stand-alone", locale)
    return {
        "day": written("EEEE d MMMM y", FULL),
        "short": written("d MMM y", "yMMMd"),
        "day_month": written("d MMM", "MMMd"),
        "percent": lambda share: points(None if share is None else 100 * share),
        "points": points,
        "whole": lambda percent: (
            "–" if percent is None else f"{format_decimal(percent, '0', locale)}\N{NO-BREAK SPACE}%"
        ),
        "number": number,
        "seconds": lambda value: "–" if value is None else format_decimal(value, "#,##0.0", locale),
        "weekday": lambda number: weekdays[number - 1],
        "month": written("LLL y", "yMMM"),
        "limit": limit,
        "label": student_label,
        "anchor": student_anchor,
        "student_file": student_file,
    }
