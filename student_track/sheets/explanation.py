"""What was taken for what in a tab, and why, in words: for a person who checks the choice. No student is named."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter

from student_track.policy import fold_mark
from student_track.sheets.grid import Grid, column_letters
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.reading import Mark, TabReading
from student_track.sheets.recognised import in_quotes

LONGEST_MARK = 12
WORDS = re.compile(r"[^\W\d_]+")
MOST_MARKS, MOST_PLACES = 20, 5
ROLE_WORDS = {
    "student_id": "student's id",
    "student_name": "student's name",
    "first_name": "first name",
    "absent_dates": "dates of absences",
    "late_dates": "dates of late days",
}


def explain(reading: TabReading, grid: Grid, known_marks: KnownMarks) -> str:
    """Return lines of text: header, columns, students, dates, marks, what was ignored, and the YAML of the choice.

    ``known_marks`` are the policy's: what is none of them goes to quarantine.
    """
    found = reading.recognition
    kind = f"{found.kind}, {found.layout}" if found.layout else found.kind
    lines = [f"{grid.source_id}, tab {in_quotes(grid.tab)}: {kind}"]
    lines += [f"  {label:<10}{text}" for label, text in _facts(reading, grid, known_marks) if text]
    if found.question:
        lines += [f"  {'question':<10}{found.question}. Answer it in params/sheet.yml:", _indented(found.suggestion)]
    else:
        lines += ["  to fix or change this choice, in params/sheet.yml:", _indented(_choice(reading, grid))]
    return "\n".join(lines)


def _facts(reading: TabReading, grid: Grid, known_marks: KnownMarks) -> Iterator[tuple[str, str]]:
    found = reading.recognition
    yield "why", found.missing
    yield "header", _header(reading)
    yield "columns", ", ".join(_columns(found.columns))
    yield "class", _class(reading)
    yield "students", _count(len({student.student_id for student in reading.students}), "student")
    yield "dates", _dates(reading)
    yield "marks", _marks(reading, reading.marks)
    yield "unknown", _unknown_marks(reading, known_marks)
    yield "beware", _marks_of_one_session(reading)
    yield "lines", _reference_lines(reading)
    for reason, places in _problems(reading).items():
        yield "not read", f"{reason} in {_some(places)}"
    for advice in dict.fromkeys(problem.what_to_do for problem in reading.problems):
        yield "to do", advice
    for note in reading.notes:
        yield "ignored", note
    if grid.is_title_shared and found.kind == "attendance":
        yield (
            "beware",
            (
                f"{in_quotes(grid.tab)} is also the title of a tab in another source: each is the "
                f"class {grid.tab}, unless `cohort` is named for it, or a column names the class"
            ),
        )


def _header(reading: TabReading) -> str:
    found = reading.recognition
    if not found.header_row:
        return ""
    last = max(found.header_row, found.last_header_row)
    more = "".join(f"; row {row} for further dates" for row in found.more_header_rows)
    return f"row {found.header_row}" + (f", and all down to row {last}" if last > found.header_row else "") + more


def _columns(columns: dict[str, int]) -> list[str]:
    ordered = sorted(((role, column) for role, column in columns.items() if role != "surname"), key=itemgetter(1))
    return [f"{ROLE_WORDS.get(role, role)} in {column_letters(column)}" for role, column in ordered]


def _dates(reading: TabReading) -> str:
    days = sorted({session.session_date for session in reading.sessions})
    periods = {session.period for session in reading.sessions}
    parts = f", in periods such as {', '.join(sorted(periods)[:MOST_PLACES])}" if periods - {""} else ""
    return f"{len(days)}, from {days[0]} to {days[-1]}{parts}" if days else ""


def _class(reading: TabReading) -> str:
    """The class of the tab; of several, which a column names, only how many: in a wrong column students may stand."""
    classes = {session.cohort_id for session in reading.sessions}
    if len(classes) == 1:
        return in_quotes(classes.pop())
    return f"{len(classes)} classes" if classes else ""


def _marks_of_one_session(reading: TabReading) -> str:
    """How many marks stand beside another one of the same student in the same session."""
    sessions = Counter((mark.student_id, mark.cohort_id, mark.session_date, mark.period) for mark in reading.marks)
    extra = _count(sum(sessions.values()) - len(sessions), "mark")
    return f"{extra} beside another of the same student and session: is a column of periods missing?" if extra else ""


def _unknown_marks(reading: TabReading, known_marks: KnownMarks) -> str:
    unknown = [mark for mark in reading.marks if mark.meaning is None and fold_mark(mark.mark) not in known_marks]
    advice = "; say what they mean by `marks:` for this tab, or in the policy's code table"
    return f"{_marks(reading, unknown)}{advice}" if unknown else ""


def _marks(reading: TabReading, marks: Iterable[Mark]) -> str:
    """Marks with their counts; longer texts, and words of the students' names, could be names and are only counted."""
    named = {word for student in reading.students for text in student[:2] if text for word in _words(text)}
    texts = [mark.mark.strip() for mark in marks]
    shown = Counter(text if len(text) <= LONGEST_MARK and named.isdisjoint(_words(text)) else "" for text in texts)
    others = shown.pop("", 0)
    listed = [f"{text} {count}" for text, count in shown.most_common(MOST_MARKS)]
    others += sum(shown.values()) - sum(count for _, count in shown.most_common(MOST_MARKS))
    return f"{len(texts)}: " + ", ".join(listed + [f"others {others}"] * bool(others)) if texts else ""


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    """The words of a text, folded, and the whole of it; a letter alone is a mark rather than a name."""
    folded = text.casefold().strip()
    return frozenset({folded, *(word for word in WORDS.findall(folded) if len(word) > 1)})


def _reference_lines(reading: TabReading) -> str:
    count = len(reading.roster) + len(reading.calendar) + len(reading.owners) + len(reading.actions)
    return _count(count, "line")


def _problems(reading: TabReading) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for problem in reading.problems:
        places.setdefault(problem.reason, []).append(problem.cell)
    return places


def _some(places: list[str]) -> str:
    rest = len(places) - MOST_PLACES
    return ", ".join(places[:MOST_PLACES]) + (f" and {rest} more" if rest > 0 else "")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}" if number else ""


def _choice(reading: TabReading, grid: Grid) -> str:
    found = reading.recognition
    parts: Iterable[str] = (
        f"kind: {found.kind}",
        f"layout: {found.layout}" if found.layout else "",
        f"header_row: {found.header_row}" if found.header_row and not found.more_header_rows else "",
    )
    return f"tabs:\n  {in_quotes(grid.contract_name)}: {{{', '.join(filter(None, parts))}}}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
