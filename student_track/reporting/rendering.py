"""Templates to pages: every value is escaped where it is shown, every word comes from the catalogue."""

import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_skeleton, get_day_names
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from student_track.page_names import student_file
from student_track.privacy import student_anchor, student_label
from student_track.reporting.catalogue import SOURCE_LANGUAGE, translations
from student_track.reporting.frame import Frame
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
"""Words and looks that every template may use; a word is translated where it is shown."""


def render(template: str, frame: Frame, **values: Any) -> str:
    """Return a page of a template of ``reports/templates``, in the frame's language; every value is escaped.

    Raises InputError where there is no catalogue for the language.
    """
    environment = _environment(frame.language, resource("reports/templates"))
    return environment.get_template(template).render(frame=frame, **WORDS, **values)


@lru_cache
def _environment(language: str, folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)
    environment.filters |= _filters(language)
    return environment


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
        "weekday": lambda number: get_day_names("wide", "stand-alone", locale)[number - 1],
        "month": written("LLL y", "yMMM"),
        "limit": lambda share: f"{format_decimal(float(100 * share), '0.###', locale)}\N{NO-BREAK SPACE}%",
        "label": student_label,
        "anchor": student_anchor,
        "student_file": student_file,
    }
