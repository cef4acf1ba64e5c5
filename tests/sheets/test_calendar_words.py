"""Names of months and weekdays: English first, every other language, and no guess between two."""

import pytest

from student_track.sheets.calendar_words import fold_word, is_language, is_month, is_weekday, months_of, weekdays_of


@pytest.mark.parametrize(
    ("words", "months"),
    [
        (["jan", "mar", "may"], {"jan": 1, "mar": 3, "may": 5}),
        (["april", "mai"], {"april": 4, "mai": 5}),
        (["mai"], {}),
        (["août"], {"aout": 8}),
        (["ม.ค.", "มี.ค."], {"มค": 1, "มีค": 3}),
        (["listopad"], {}),
        (["listopad", "prosinec"], {"listopad": 11, "prosinec": 12}),
    ],
)
def test_all_the_words_together_tell_the_language(words, months):
    assert months_of(map(fold_word, words), None) == months


def test_the_language_named_decides():
    assert months_of(["listopad"], "hr") == {"listopad": 10}
    assert months_of(["listopad"], "pl") == {"listopad": 11}
    assert months_of(["september"], "fr") == {}


def test_weekdays_in_any_language():
    assert weekdays_of("mon", None) == {0}
    assert weekdays_of(fold_word("mié"), None) == {2}
    assert weekdays_of("di", "de") == {1}


@pytest.mark.parametrize("word", ["p", "a", "id", "x", "", "key", "name", "total", "absent", "present"])
def test_words_of_registers_are_no_months(word):
    assert not is_month(word)


@pytest.mark.parametrize("word", ["p", "a", "", "absent", "present", "late", "total"])
def test_words_of_registers_are_no_weekdays(word):
    assert not is_weekday(word)


def test_languages_are_those_of_the_cldr():
    assert [is_language(code) for code in ("en", "sr_Latn", "xx", "de_DE", "")] == [True, True, False, False, False]
