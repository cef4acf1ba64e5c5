"""Names of months and weekdays: English at once, every other language of the CLDR when a word asks for it."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers

ENGLISH = "en"
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?")
"""Languages and their scripts; a territory hardly ever has month names of its own."""

SHORTEST_MONTH, SHORTEST_WEEKDAY = 3, 2
"""Shorter Latin words stand for too much else: ``P``, ``A``, ``Id``."""

ENGLISH_MONTHS = "january february march april may june july august september october november december".split()
ENGLISH_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

Meanings = dict[str, dict[str, frozenset[int]]]
"""For a folded word, what it means in each language: months from 1, or weekdays from 0 (Monday)."""


@lru_cache(maxsize=20_000)
def fold_word(text: str) -> str:
    """Return a word with case, accents of Latin letters, dots and spaces folded away; vowel signs of a script stay."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if _belongs_to_a_word(sign))


def _belongs_to_a_word(sign: str) -> bool:
    is_latin_accent = "\u0300" <= sign <= "\u036f"
    return sign.isalnum() or (unicodedata.category(sign).startswith("M") and not is_latin_accent)


def is_language(code: str) -> bool:
    """Return whether the CLDR knows the language."""
    try:
        return bool(LANGUAGE.fullmatch(code)) and bool(Locale.parse(code))
    except (ValueError, UnknownLocaleError):
        return False


def is_month(word: str) -> bool:
    """Return whether the folded word is a month's name in some language."""
    return word in _english_months() or (_is_telling(word, SHORTEST_MONTH) and word in _month_meanings())


def is_english_month(word: str) -> bool:
    """Return whether the folded word is a month's name in English; other languages take a second to be looked up."""
    return word in _english_months()


def is_weekday(word: str) -> bool:
    """Return whether the folded word is a weekday's name in some language."""
    return word in _english_weekdays() or (_is_telling(word, SHORTEST_WEEKDAY) and word in _weekday_meanings())


def is_english_weekday(word: str) -> bool:
    """Return whether the folded word is a weekday's name in English, which no mark is."""
    return word in _english_weekdays()


def _is_telling(word: str, shortest: int) -> bool:
    return bool(word) and (len(word) >= shortest or not word.isascii())


def months_of(words: Iterable[str], language: str | None) -> dict[str, int]:
    """Return the month of each folded word, told by the language named, else by all the words together.

    English is tried first, then the languages that know every word. A word that could be two months is left out.
    """
    asked = set(words)
    if language in (None, ENGLISH) and asked <= _english_months().keys():
        return {word: _english_months()[word] for word in asked}
    meanings = {word: _month_meanings().get(word, {}) for word in asked}
    if language:
        found = {word: meaning.get(language, frozenset()) for word, meaning in meanings.items()}
    else:
        common = set.intersection(*(set(meaning) for meaning in meanings.values())) if meanings else set()
        found = {
            word: frozenset().union(*(months for code, months in meaning.items() if code in common or not common))
            for word, meaning in meanings.items()
        }
    return {word: min(months) for word, months in found.items() if len(months) == 1}


def weekdays_of(word: str, language: str | None) -> frozenset[int]:
    """Return the weekdays (Monday is 0) that a folded word can mean; an English word means what it does in English."""
    if language in (None, ENGLISH) and word in _english_weekdays():
        return frozenset({_english_weekdays()[word]})
    meaning = _weekday_meanings().get(word, {})
    if language in meaning:
        return meaning[language]
    return frozenset().union(*meaning.values())


@lru_cache(maxsize=1)
def _english_months() -> dict[str, int]:
    numbered = list(enumerate(ENGLISH_MONTHS, 1))
    return {name: n for n, name in numbered} | {name[:3]: n for n, name in numbered} | {"sept": 9}


@lru_cache(maxsize=1)
def _english_weekdays() -> dict[str, int]:
    numbered = list(enumerate(ENGLISH_WEEKDAYS))
    others = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
    return {name: n for n, name in numbered} | {name[:3]: n for n, name in numbered} | others


@lru_cache(maxsize=1)
def _month_meanings() -> Meanings:
    return _meanings("months", SHORTEST_MONTH)


@lru_cache(maxsize=1)
def _weekday_meanings() -> Meanings:
    return _meanings("days", SHORTEST_WEEKDAY)


def _meanings(names: str, shortest: int) -> Meanings:
    found: dict[str, dict[str, set[int]]] = {}
    for code in filter(LANGUAGE.fullmatch, locale_identifiers()):
        contexts = getattr(Locale.parse(code), names)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in contexts[context][width].items():
                    found.setdefault(fold_word(name), {}).setdefault(code, set()).add(number)
    return {
        word: {code: frozenset(numbers) for code, numbers in meaning.items()}
        for word, meaning in found.items()
        if not word.isdecimal() and _is_telling(word, shortest)
    }
