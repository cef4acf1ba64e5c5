"""What a register itself says its marks mean, where the code table takes one of them for something else."""

import re
from collections.abc import Container, Iterator
from itertools import pairwise

from student_track.policy import fold_mark
from student_track.sheets.grid import Grid
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.text import plain

LONGEST_MARK = 3
"""What is longer is a word, and explains the mark beside it."""
PRESENT_WORDS = frozenset(
    "anwesend da aanwezig présent présente asistencia asistió presente присутствует был obecny närvarande "
    "läsnä 出席 출석".split()
)
ABSENT_WORDS = frozenset(
    "abwesend fehlt gefehlt afwezig falta faltó ausente assente absent absente отсутствует nieobecny frånvarande "
    "fraværende poissa 欠席 缺席 결석".split()
)
"""A is absent in English and ``anwesend``, present, in German."""
EXPLAINED = re.compile(r"(?<![^\s,;|(:])(?=([^\s=:,;]{1,3})\s*(?:[=:]|\s[-–—])\s*([^\W\d_][^,;|=\n]*))")
"""``H = holiday``, ``L: late`` and ``E - excused`` within a text, which may begin as ``Key:`` does."""


def contradicted_marks(
    grid: Grid, rows_of_marks: Container[int], last_column: int, known: KnownMarks
) -> dict[str, str]:
    """Return the marks that the sheet explains by a word of another code: ``H = holiday`` where H is half a day.

    The word is a mark of the code table too, and so no other text of the sheet.

    Looked for beside and between the rows of marks, whose own columns end with ``last_column``.
    """
    found: dict[str, str] = {}
    for row, cells in enumerate(grid.rows, 1):
        if row in rows_of_marks and len(cells) <= last_column:
            continue
        texts = [plain(cell.text) for cell in (cells[last_column:] if row in rows_of_marks else cells)]
        for mark, words in _explanations([text for text in texts if text]):
            word = next(
                (word for word in map(_in_english, (words, *words.split()[:1])) if fold_mark(word) in known), ""
            )
            own = known.code_of(fold_mark(mark))
            if own and word and own != known.code_of(fold_mark(word)):
                found[mark] = word
    return found


def _in_english(word: str) -> str:
    folded = word.casefold()
    return "present" if folded in PRESENT_WORDS else "absent" if folded in ABSENT_WORDS else word


def _explanations(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Marks and the words that explain them: in one text, or in two that stand side by side."""
    for text in texts:
        yield from ((mark, words.strip(" .)")) for mark, words in EXPLAINED.findall(text))
    for mark, words in pairwise(texts):
        if len(mark) <= LONGEST_MARK < len(words) and words[0].isalpha():
            yield mark, words
