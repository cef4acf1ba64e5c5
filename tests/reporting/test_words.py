"""Every word of the pages comes from the catalogue: rendered in a made-up language, no English one is left."""

import re
from dataclasses import replace
from gettext import NullTranslations

import pytest
from babel.dates import get_day_names, get_month_names
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup

from student_track import session
from student_track.reporting import rendering, site
from tests.lakes import ROOT
from tests.reporting.rendered import rendered

SOURCES = [("reports/templates/**.html.j2", "jinja2"), ("student_track/**.py", "python")]
INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")


class Bracketed(NullTranslations):
    """A language in which every text of the catalogue stands in brackets; a text not in it stays English."""

    def __init__(self) -> None:
        super().__init__()
        keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
        found = extract_from_dir(ROOT, SOURCES, {SOURCES[0][0]: {"trimmed": "true"}}, keywords)
        texts = [message if isinstance(message, tuple) else (message,) for _, _, message, _, _ in found]
        self.known = {text for group in texts for text in group}

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message in self.known else message

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self.gettext(singular if count == 1 else plural)


@pytest.fixture
def bracketed(monkeypatch):
    """The pages' words are those of the made-up language."""
    language = Bracketed()
    rendering._environment.cache_clear()
    for module in (rendering, site):
        monkeypatch.setattr(module, "translations", lambda _: language)
    yield language
    rendering._environment.cache_clear()


def said(page: str) -> str:
    """What a reader sees or hears of a page."""
    soup = BeautifulSoup(page, "html.parser")
    soup.style.decompose()
    labels = [element["aria-label"] for element in soup.select("[aria-label]")]
    return "\n".join([soup.get_text("\n"), *labels])


def outside_brackets(text: str) -> str:
    while (shorter := INNERMOST.sub(" ", text)) != text:
        text = shorter
    return text


TOLD = {"risk_reasons", "abstained_because", "held_reason", "what_to_do"}
"""Columns of sentences that are told in the page's language."""


def texts_of(value) -> set[str]:
    """Every text in rows that is shown as it is, however deep."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return {text for name, item in value.items() if name not in TOLD for text in texts_of(item)}
    return {text for item in value for text in texts_of(item)} if isinstance(value, (list, tuple)) else set()


def test_no_word_stands_on_a_page_that_is_not_in_the_catalogue(bracketed, sample_lake, config):
    spark = session.spark(config)
    made = rendered(spark, config, "Oak")
    rows = [made.facts.rows(), made.facts.weeks["week"].tolist(), vars(made.facts.risk), vars(made.operations)]
    cells = spark.table("quarantine").select("tab", "raw_value", "source_id", "cell").toArrow().to_pylist()
    texts = texts_of(
        [
            *rows,
            made.facts.coverage,
            made.roster,
            vars(made.student),
            [mark._asdict() for mark in made.student.marks],
            cells,
            config.school_name,
            made.term.name,
        ]
    )
    words = {word for text in texts for word in WORD.findall(text)}
    words |= {word for row in made.roster for word in WORD.findall(rendering.student_label(row["student_key"]))}
    for width in ("wide", "abbreviated"):
        words |= set(get_month_names(width, locale="en").values()) | set(get_day_names(width, locale="en").values())
    for kind, page in made.pages.items():
        text = said(page)
        left = set(WORD.findall(outside_brackets(text))) - words
        assert text.count("⟦") > 15, kind
        assert left == set(), kind


PLACEHOLDER = re.compile(r"%\((\w+)\)s|(<[^>]+>)")


def test_the_german_catalogue_is_complete_and_keeps_every_placeholder():
    with (ROOT / "reports" / "locale" / "de.po").open("rb") as file:
        catalogue = read_po(file, locale="de")
    texts = {part for message in catalogue if message.id for part in _parts(message.id)}
    assert texts == Bracketed().known
    assert not catalogue.obsolete
    for message in catalogue:
        if message.id:
            source, german = _parts(message.id), _parts(message.string)
            assert len(source) == len(german)
            for one, other in zip(source, german, strict=True):
                assert other.strip()
                assert sorted(PLACEHOLDER.findall(other)) == sorted(PLACEHOLDER.findall(one)), one


def _parts(texts):
    return (texts,) if isinstance(texts, str) else tuple(texts)


def test_a_page_in_german_has_german_words_dates_and_numbers(frame, facts):
    page = BeautifulSoup(site.school_page(replace(frame, language="de"), facts), "html.parser")
    text = page.get_text(" ").replace("\N{NO-BREAK SPACE}", " ")
    assert page.html["lang"] == "de"
    assert page.h1.get_text() == "Wer Aufmerksamkeit braucht, und seit wann"
    assert "Freitag, 20. November 2026" in text
    assert "94,2 %" in text
    assert "Attendance" not in text
