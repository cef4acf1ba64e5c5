"""Registers: attendance tabs of every layout read into marks, or a question where their marks cannot be told."""

import json
from collections.abc import Callable
from pathlib import PurePath

from student_track.policy import fold_mark
from student_track.sheets.absence_lists import read_list
from student_track.sheets.check_in_stamps import read_stamps
from student_track.sheets.contract import SheetContract
from student_track.sheets.grid import Grid, column_letters
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.legends import contradicted_marks
from student_track.sheets.long_register import read_long
from student_track.sheets.one_session import read_one_session
from student_track.sheets.reading import TabReading
from student_track.sheets.recognised import Recognition, in_quotes
from student_track.sheets.register_tab import RegisterTab
from student_track.sheets.text import plain
from student_track.sheets.wide_register import read_wide

READERS: dict[str, Callable[[RegisterTab], None]] = {
    "long": read_long,
    "wide": read_wide,
    "sessions": read_wide,
    "list": read_list,
    "stamps": read_stamps,
    "one_session": read_one_session,
}
TWO_SIDED = (frozenset("01"), frozenset({"true", "false"}))
SIGNS_OF_A_FONT = frozenset("üûþý")
"""A tick and a cross in Wingdings: what people see there is no letter, and the sheet does not say so."""
SINGLE_SIGNS = frozenset({"x", "×", "✗", "✘", "*", "•", "●", "■"})


def read_register(grid: Grid, recognition: Recognition, contract: SheetContract, known_marks: KnownMarks) -> TabReading:
    """Return the marks of an attendance tab, or a question and no marks. ``known_marks`` are the policy's.

    They only tell a register's column from one of totals or notes, and marks that say what they mean from bare signs.
    """
    reading = TabReading(grid.source_id, grid.tab, recognition)
    if recognition.question:
        return reading
    tab = RegisterTab(grid, reading, contract.choice(*grid.names), known_marks)
    reading.recognition = _asked_about_class(tab)
    if not reading.recognition.question:
        READERS[recognition.layout or "long"](tab)
    if not reading.recognition.question:
        reading.recognition = _asked_about_marks(tab)
    if not reading.recognition.question:
        reading.recognition = _asked_about_legend(tab)
    if not reading.recognition.question:
        return reading
    return TabReading(grid.source_id, grid.tab, reading.recognition)


def _asked_about_class(tab: RegisterTab) -> Recognition:
    """The recognition, with a question where a column names classes and the tab is one, or where nothing names a class.

    A long register's column of classes leaves no doubt: each of its rows says all of one mark.
    """
    column = tab.found.columns.get("cohort", 0)
    if tab.choice.cohort or tab.column_of_classes or (column and tab.found.layout == "long"):
        return tab.found
    classes = _classes_in(tab, column) if column else set()
    if len(classes) > 1:
        question = f"column {column_letters(column)} names {len(classes)} classes, and the tab may be one by its title"
        answers = f"columns: {{cohort: {column_letters(column)}}}", f"cohort: {in_quotes(tab.cohort)}"
        return tab.found.asking(tab.grid.contract_name, question, *answers)
    return tab.found if tab.class_of_title else _asked_for_class(tab, classes)


def _classes_in(tab: RegisterTab, column: int) -> set[str]:
    """The different classes that a column names beside students, whatever their case."""
    header = plain(tab.grid.cell(tab.found.header_row, column).text)
    rows = (row for row in tab.rows if tab.students.of(row).student_id)
    texts = {plain(tab.grid.cell(row, column).text) for row in rows} - {header, ""}
    return set({fold_mark(text): text for text in sorted(texts) if any(map(str.isalnum, text))}.values())


def _asked_for_class(tab: RegisterTab, classes: set[str]) -> Recognition:
    """The recognition with a question for a tab whose title only says when its sessions were."""
    title, source = tab.grid.tab, PurePath(tab.grid.source_id)
    is_of_many_files = source.stem == title or tab.grid.source_id.startswith("google:")
    name = next(iter(classes), "the name of the class" if is_of_many_files else source.stem)
    question = f"its title {title!r} says when its sessions were, and which class it is nobody says"
    answers = (f"cohort: {in_quotes(text)}" for text in (name, title))
    return tab.found.asking(tab.grid.contract_name, question, *answers)


def _asked_about_marks(tab: RegisterTab) -> Recognition:
    """The recognition, with a question where all marks are 0 and 1, ticked and not ticked, or one bare sign."""
    written = _written(tab)
    signs = frozenset(map(fold_mark, written))
    if of_font := SIGNS_OF_A_FONT & set(map(str.strip, written)):
        return _asked_about_font(tab, *sorted(of_font))
    if not signs or any(sign in tab.known_marks for sign in signs):
        return tab.found
    for pair in TWO_SIDED:
        if signs <= pair:
            one, other = sorted(pair)
            return tab.found.asking(
                *(
                    tab.grid.contract_name,
                    f"its marks are {' and '.join(sorted(signs))}, and which of them is present is not said",
                ),
                f'marks: {{"{one}": A, "{other}": P}}',
                f'marks: {{"{one}": P, "{other}": A}}',
            )
    if len(signs) == 1 and signs <= SINGLE_SIGNS:
        sign = next(iter(signs))
        question = f"its only mark is {sign}, and whether that is present or absent is not said"
        return tab.found.asking(tab.grid.contract_name, question, f'marks: {{"{sign}": A}}', f'marks: {{"{sign}": P}}')
    return tab.found


def _written(tab: RegisterTab) -> set[str]:
    """The different marks that nobody gave a meaning in this tab, as written."""
    return {mark.mark for mark in tab.reading.marks if mark.meaning is None}


def _asked_about_legend(tab: RegisterTab) -> Recognition:
    """The recognition, with a question where the sheet explains a mark that stands in it otherwise than the policy."""
    if tab.found.layout in ("wide", "sessions"):
        rows, last_column = {mark.row for mark in tab.reading.marks}, max(tab.found.dates, default=0)
    else:  # comments may stand beside the marks, and a million rows
        rows, last_column = range(tab.found.first_row, len(tab.grid.rows) + 1), tab.grid.width
    explained = contradicted_marks(tab.grid, rows, last_column, tab.known_marks)
    written = set(map(fold_mark, _written(tab))) if explained else set()
    marks = {mark: word for mark, word in explained.items() if fold_mark(mark) in written}
    if not marks:
        return tab.found
    said = ", ".join(f"{mark} as {word}" for mark, word in marks.items())
    question = f"it explains {said}, and the policy's code table takes that for something else"
    answers = (f"marks: {json.dumps(meant, ensure_ascii=False)}" for meant in (marks, {mark: mark for mark in marks}))
    return tab.found.asking(tab.grid.contract_name, question, *answers)


def _asked_about_font(tab: RegisterTab, *signs: str) -> Recognition:
    question = (
        f"{' and '.join(signs)} may be a tick or a cross in the font of its cells, and letters are all that is kept"
    )
    likely = ", ".join(f'"{sign}": {"P" if sign in "üþ" else "A"}' for sign in signs)
    return tab.found.asking(tab.grid.contract_name, question, f"marks: {{{likely}}}")
