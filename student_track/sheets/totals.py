"""Words by which totals, percentages and legends are told from students and sessions."""

import re

from student_track.sheets.text import plain

TOTAL_WORDS = frozenset(
    "total totals sum average mean count present absent absences attendance percent percentage rate late "
    "summe gesamt insgesamt durchschnitt anwesend abwesend totale totaux moyenne somme présents absents "
    "suma promedio media soma totaal gemiddelde итого всего 合計 合计 总计 평균 합계 "
    "subtotal subtotals sub-total zwischensumme sous-total enrolled roll headcount".split()
)
LEGEND_WORDS = frozenset("key legend codes legende légende leyenda legenda".split())
JOINING_WORDS = frozenset(
    "of the no number days day sessions students pupils marks number: % # de des der für on in class grand overall "
    "daily weekly monthly boys girls male female jungen mädchen".split()
)
SIGNED_WORDS = frozenset("signature signed initials initialled taken unterschrift handzeichen paraphe firma".split())
STAFF_WORDS = frozenset(
    "register teacher teacher's teachers tutor tutor's staff by of the lehrer lehrkraft der".split()
)
EXPLAINED = re.compile(r"(?P<mark>\S{1,4})\s*[=:]\s*[^\W\d][^\d]*")


def is_total(text: str) -> bool:
    """Return whether the text begins as totals do: ``Total``, ``Present:``, ``% absent``."""
    words = _words(text)
    return bool(words) and (words[0] in TOTAL_WORDS or words[0] in LEGEND_WORDS or _is_wholly(words, TOTAL_WORDS))


def is_nothing_but_total(text: str) -> bool:
    """Return whether no word of the text could be part of a name."""
    words = _words(text)
    return bool(words) and (_is_wholly(words, TOTAL_WORDS) or _is_wholly(words, LEGEND_WORDS))


def is_signature(text: str) -> bool:
    """Return whether the text heads the row in which staff sign for the register: ``Teacher's initials``."""
    words = _words(text.replace("’", "'"))
    return any(word in SIGNED_WORDS for word in words) and all(
        word in SIGNED_WORDS or word in STAFF_WORDS for word in words
    )


def is_legend(text: str) -> bool:
    """Return whether the text heads the explanation of the marks."""
    words = _words(text)
    return bool(words) and _is_wholly(words, LEGEND_WORDS)


def explained_mark(text: str) -> str:
    """Return the mark that a text such as ``A = absent`` or ``L: late`` explains; empty where it explains none."""
    match = EXPLAINED.fullmatch(plain(text))
    return match["mark"] if match else ""


def _words(text: str) -> list[str]:
    words = plain(text).casefold().replace("%", " % ").split()
    return [stripped for word in words if (stripped := word.strip(":=().,"))]


def _is_wholly(words: list[str], vocabulary: frozenset[str]) -> bool:
    return any(word in vocabulary for word in words) and all(
        word in vocabulary or word in JOINING_WORDS for word in words
    )
