"""Tabs judged together: copies of a tab, ids that mean another student in each, one class in several times."""

import re
from collections.abc import Iterable

from student_track.policy import fold_mark
from student_track.sheets.class_titles import TimedTitle, timed_title
from student_track.sheets.contract import SheetContract
from student_track.sheets.grid import column_letters
from student_track.sheets.reading import TabReading
from student_track.sheets.recognised import in_quotes

COPY_OF = re.compile(
    r"(?:copy of|kopie von|copie de|copia de|copia di|kopie van)\s+(?P<of>.+)"
    r"|(?P<base>.+?)\s*(?:\(\d+\)|\((?:old|copy|alt|kopie|backup)\)|[-–]\s*(?:copy|kopie|copie|copia)(?:\s*\(\d+\))?)",
    re.I,
)
"""``Copy of 7A`` and ``7A (2)``, as programs call a tab that somebody doubled."""
Names = dict[str, frozenset[str]]
BETWEEN_WORDS = re.compile(r"[\s,;.]+")
LEAST_SHARED = 2
"""One student with two names may have married, or be misspelt."""


def ask_together(readings: Iterable[TabReading], contract: SheetContract) -> None:
    """Put a question to a register that is a copy of another, whose ids are other students' in another, or whose title
    names the class of another at another time.

    Nothing is asked of what the contract says of a tab.
    """
    registers = [tab for tab in readings if tab.recognition.kind == "attendance" and tab.students]
    names = [(tab, _names(tab)) for tab in registers]
    for tab, own_names in names:
        choice = contract.choice(*tab.contract_names)
        if not choice.kind and (original := _original(tab, registers)):
            question = f"it looks like a copy of the tab {original.tab}, and its marks would count once more"
            tab.recognition = tab.recognition.asking(tab.contract_name, question, "kind: ignored", "kind: attendance")
        elif "student_id" not in choice.columns and (other := _with_ids_of_others(own_names, names)):
            columns = tab.recognition.columns
            question = (
                f"the ids in column {column_letters(columns['student_id'])} stand for other students in tab {other.tab}"
            )
            answers = (
                f"columns: {{student_id: {column_letters(columns[role])}}}" for role in ("student_name", "student_id")
            )
            tab.recognition = tab.recognition.asking(tab.contract_name, question, *answers)
    _ask_for_classes(registers, contract)


def _ask_for_classes(registers: list[TabReading], contract: SheetContract) -> None:
    """Ask of ``7A September`` and ``7A October`` whether they are one class, where they have mostly the same students
    and no date in common: those that began in different months have other students."""
    by_title = [tab for tab in registers if _is_class_by_title(tab, contract)]
    for tab in by_title:
        later = (other for other in by_title if other is not tab and _is_class_at_another_time(tab, other))
        pair = next(((title, other) for other in later if (title := _shared_title(tab, other))), None)
        if pair and not tab.recognition.question:
            title, other = pair
            tab.recognition = tab.recognition.asking_of(
                f"its title differs from that of the tab {other.tab} by a time, and its students do not",
                (title.pattern, f"cohort: {in_quotes(title.name)}"),
                (tab.contract_name, f"cohort: {in_quotes(tab.tab)}"),
            )


def _shared_title(tab: TabReading, other: TabReading) -> TimedTitle | None:
    """The title of the tab taken apart, where that of the other has the same name and says another time."""
    own, theirs = timed_title(tab.tab), timed_title(other.tab)
    is_same = own and theirs and own.name.casefold() == theirs.name.casefold() and tab.tab != other.tab
    return own if is_same else None


def _is_class_by_title(tab: TabReading, contract: SheetContract) -> bool:
    is_declared = contract.choice(*tab.contract_names).cohort is not None
    return not is_declared and {session.cohort_id for session in tab.sessions} == {tab.tab}


def _is_class_at_another_time(tab: TabReading, other: TabReading) -> bool:
    own, theirs = ({student.student_id for student in each.students} for each in (tab, other))
    days, other_days = ({session.session_date for session in each.sessions} for each in (tab, other))
    return days.isdisjoint(other_days) and 2 * len(own & theirs) >= max(len(own), len(theirs))


def _original(tab: TabReading, registers: list[TabReading]) -> TabReading | None:
    """The tab, or file, that this one is called a copy of, with mostly the same students."""
    match = COPY_OF.fullmatch(tab.tab.strip())
    title = (match["of"] or match["base"]).strip() if match else ""
    students = {student.student_id for student in tab.students}
    return next(
        (
            other
            for other in registers
            if other.tab == title
            and 2 * len(students & {student.student_id for student in other.students}) >= len(students)
        ),
        None,
    )


def _with_ids_of_others(own: Names, others: list[tuple[TabReading, Names]]) -> TabReading | None:
    """The first register in which most of the ids that both have bear a name without any word in common."""
    for other, theirs in others:
        shared = own.keys() & theirs.keys()
        strangers = sum(own[student].isdisjoint(theirs[student]) for student in shared)
        if len(shared) >= LEAST_SHARED and 2 * strangers > len(shared):
            return other
    return None


def _names(tab: TabReading) -> Names:
    """The folded words of each student's name, where the tab has ids and names."""
    if not {"student_id", "student_name"} <= tab.recognition.columns.keys():
        return {}
    return {
        student.student_id: frozenset(map(fold_mark, BETWEEN_WORDS.split(student.student_name)))
        for student in tab.students
        if student.student_name
    }
