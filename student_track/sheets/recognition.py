"""What a tab is: its kind, its layout, its header row, and which column means what."""

from collections import Counter
from dataclasses import replace

from openpyxl.utils import column_index_from_string

from student_track.policy import fold_mark
from student_track.sheets.contract import Kind, Layout, SheetContract, TabChoice, fold_header
from student_track.sheets.date_headers import date_header
from student_track.sheets.grid import Grid, column_letters
from student_track.sheets.header_roles import ROLES, roles_in_row, searched_rows
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.recognised import Recognition, Roles
from student_track.sheets.session_headers import date_of_tab, declared_dates, hold_marks, session_columns
from student_track.sheets.students import NAME_PARTS, STUDENT_ROLES
from student_track.sheets.wide_recognition import recognise_wide

NEEDED_ROLES = ("student_id", "date", "mark")
"""Columns of which a register has one each: taking the first of two would be a guess."""

WORDS_OF_ANY_STAMP = frozenset({"timestamp", "zeitstempel", "horodateur", "marcatemporal"})


def recognise(grid: Grid, contract: SheetContract, known_marks: KnownMarks) -> Recognition:
    """Return what the tab is. A tab that is nothing known is ``ignored``, with what it lacks as a register.

    ``known_marks`` are those of the policy: where no date stands, only marks tell a register from other lists.
    """
    choice = contract.choice(*grid.names)
    if all(cell.is_blank for _, _, cell in grid.filled()):
        return Recognition("empty")
    if choice.kind in ("ignored", "empty"):
        return Recognition("ignored", missing="left out by the sheet contract")
    kind = choice.kind or contract.kind_of_name.get(fold_header(grid.tab))
    if kind in ("roster", "calendar", "owners", "actions"):
        return _reference(grid, contract, kind, choice)
    found = (
        _by_headers(grid, contract, choice)
        or recognise_wide(grid, contract, choice)
        or _one_session(grid, contract, choice, known_marks)
        or _sessions(grid, contract, choice, known_marks)
        or Recognition("ignored", missing=_what_is_missing(grid, contract, choice))
    )
    if found.kind != "attendance":
        return found
    if "mark" in found.columns and "mark" not in choice.columns:
        found = _with_column_of_marks(found, grid, contract, known_marks)
    return _with_chosen_columns(found, grid, choice)


def _with_column_of_marks(
    found: Recognition, grid: Grid, contract: SheetContract, known_marks: KnownMarks
) -> Recognition:
    """The recognition with the one column that holds marks, where several are called so; a question where two do and
    say different things of a row."""
    words, taken = contract.words["mark"], {column for role, column in found.columns.items() if role != "mark"}
    header = {column: fold_header(cell.text) for column, cell in enumerate(grid.rows[found.header_row - 1], 1)}
    called = [column for column, word in header.items() if word in words and column not in taken]
    hold = [column for column in called if hold_marks(grid, found.first_row, [column], known_marks)]
    if len({header[column] for column in called}) < 2 or not hold:
        return found
    first = found.columns["mark"] if found.columns["mark"] in hold else hold[0]
    rivals = [column for column in hold if _say_otherwise(grid, found.first_row, first, column, known_marks)]
    found = replace(found, columns={**found.columns, "mark": first})
    if not rivals:
        return found
    letters = sorted(map(column_letters, (first, *rivals)))
    question = f"columns {' and '.join(letters)} both hold marks, and differ"
    return found.asking(grid.contract_name, question, *(f"columns: {{mark: {column}}}" for column in letters))


def _say_otherwise(grid: Grid, first_row: int, one: int, other: int, known_marks: KnownMarks) -> bool:
    """Whether two columns hold marks of different codes in some row; a blank says nothing."""
    rows = range(first_row, len(grid.rows) + 1)
    texts = ((fold_mark(grid.cell(row, one).text), fold_mark(grid.cell(row, other).text)) for row in rows)
    return any(
        here and there and here != there and known_marks.code_of(here) != known_marks.code_of(there)
        for here, there in texts
    )


def _with_chosen_columns(found: Recognition, grid: Grid, choice: TabChoice) -> Recognition:
    """The recognition with the columns that a person named; a question where two that differ bear one needed header."""
    chosen = {role: column_index_from_string(letters) for role, letters in choice.columns.items()}
    parts = NAME_PARTS if "student_name" in chosen else ()
    kept = {role: column for role, column in found.columns.items() if role not in parts}
    found = replace(found, columns={**kept, **chosen})
    for role in (role for role in NEEDED_ROLES if role in found.columns and role not in chosen):
        twins = _columns_headed_alike(grid, found, found.columns[role])
        if len(twins) > 1 and not found.question:
            letters = [column_letters(column) for column in twins]
            question = f"columns {' and '.join(letters)} have the same header, and differ"
            return found.asking(grid.contract_name, question, *(f"columns: {{{role}: {column}}}" for column in letters))
    return found


def _columns_headed_alike(grid: Grid, found: Recognition, column: int) -> list[int]:
    """The column and those with its header and other content."""
    word = fold_header(grid.cell(found.header_row, column).text)
    if not word:
        return [column]
    alike = [other for other, cell in enumerate(grid.rows[found.header_row - 1], 1) if fold_header(cell.text) == word]
    rows = range(found.first_row, len(grid.rows) + 1)
    return [
        other
        for other in alike
        if other == column or any(grid.cell(row, other).text != grid.cell(row, column).text for row in rows)
    ]


def _reference(grid: Grid, contract: SheetContract, kind: Kind, choice: TabChoice) -> Recognition:
    """The header of a reference tab is the row with the most words of its kind."""
    best, columns = 0, {}
    for row in searched_rows(grid, choice):
        roles = roles_in_row(grid, row, contract, ROLES[kind])
        if len(roles) > len(columns):
            best, columns = row, roles
    if not columns:
        return Recognition("ignored", missing=f"its name says {kind}, but no column header is known")
    return Recognition(kind, header_row=best, columns=columns)


def _by_headers(grid: Grid, contract: SheetContract, choice: TabChoice) -> Recognition | None:
    """A tab that the words of one row tell: long, list, stamps, or a reference tab."""
    for row in searched_rows(grid, choice):
        roles = roles_in_row(grid, row, contract, ROLES["attendance"])
        layout = _layout_of(roles, choice)
        if layout:
            found = Recognition("attendance", layout, row, _as_date(roles, layout))
            header = None if choice.layout else date_header(grid, row, choice)
            if header and len(header.dates) > 1:
                question = f"row {row} is the header of a {layout} register, and also of columns dated one by one"
                return found.asking(grid.contract_name, question, f"layout: {layout}", "layout: wide")
            if layout == "stamps" and not choice.layout and _could_be_a_form(grid, row, roles):
                question = "it may hold check-ins, or answers of a form that say nothing of attendance"
                return found.asking(grid.contract_name, question, "layout: stamps", "kind: ignored")
            return found
        if not choice.layout and (found := _reference_by_headers(grid, row, contract)):
            return found
    return None


def _layout_of(roles: Roles, choice: TabChoice) -> Layout | None:
    has_student = any(role in roles for role in STUDENT_ROLES)
    fits: dict[Layout, bool] = {
        "long": "mark" in roles and ("date" in roles or "stamp" in roles),
        "list": "absent_dates" in roles,
        "stamps": "stamp" in roles and not roles.keys() & {"mark", "minutes"},
    }
    if choice.layout == "stamps":
        fits["stamps"] = "stamp" in roles or "date" in roles
    allowed = [layout for layout, is_fitting in fits.items() if is_fitting and choice.layout in (None, layout)]
    return allowed[0] if has_student and allowed else None


def _could_be_a_form(grid: Grid, row: int, roles: Roles) -> bool:
    """Whether the stamp is called as those of all forms are, and more was asked than who somebody is."""
    others = [cell for column, cell in enumerate(grid.rows[row - 1], 1) if column not in roles.values()]
    is_any_stamp = fold_header(grid.cell(row, roles["stamp"]).text) in WORDS_OF_ANY_STAMP
    return is_any_stamp and any(not cell.is_blank for cell in others)


def _as_date(roles: Roles, layout: Layout) -> Roles:
    """The roles, with the check-in stamp as the date where there is no other."""
    if layout in ("long", "stamps") and "date" not in roles:
        return {**roles, "date": roles["stamp"]}
    return roles


def _reference_by_headers(grid: Grid, row: int, contract: SheetContract) -> Recognition | None:
    """A roster, calendar or owners tab that only its headers tell."""
    roster = roles_in_row(grid, row, contract, ROLES["roster"])
    calendar = roles_in_row(grid, row, contract, ROLES["calendar"])
    owners = roles_in_row(grid, row, contract, ROLES["owners"])
    if "type" in calendar and "from" in calendar:
        return Recognition("calendar", header_row=row, columns=calendar)
    if "cohort" in owners and "owner" in owners:
        return Recognition("owners", header_row=row, columns=owners)
    if ("student_id" in roster or "student_name" in roster) and ("joined" in roster or "left" in roster):
        return Recognition("roster", header_row=row, columns=roster)
    return None


def _one_session(grid: Grid, contract: SheetContract, choice: TabChoice, known_marks: KnownMarks) -> Recognition | None:
    """A tab of one session: students beside one column of marks or minutes."""
    if choice.layout not in (None, "one_session"):
        return None
    for row in searched_rows(grid, choice):
        roles = roles_in_row(grid, row, contract, ROLES["attendance"])
        column = roles.get("minutes") or roles.get("mark")
        if not column or not any(role in roles for role in STUDENT_ROLES):
            continue
        is_register = choice.layout or "minutes" in roles or hold_marks(grid, row + 1, [column], known_marks)
        found = Recognition("attendance", "one_session", row, roles)
        if not is_register or "stamp" in roles:
            return found if is_register else None
        if day := date_of_tab(grid, row, choice):
            return replace(found, dates={column: day})
        question = "this is the register of one session, and its date stands nowhere"
        return found.asking(grid.contract_name, question, 'session_date: "2026-09-14"')
    return None


def _sessions(grid: Grid, contract: SheetContract, choice: TabChoice, known_marks: KnownMarks) -> Recognition | None:
    """A wide register whose columns are counted rather than dated."""
    if choice.layout not in (None, "sessions"):
        return None
    for row in searched_rows(grid, choice):
        roles = roles_in_row(grid, row, contract, ROLES["attendance"])
        columns = session_columns(grid, row, set(roles.values()), is_chosen=choice.layout == "sessions")
        students = {
            role: column
            for role, column in roles.items()
            if role in (*STUDENT_ROLES, *NAME_PARTS) and column not in columns
        }
        is_register = choice.layout or hold_marks(grid, row + 1, columns, known_marks)
        if columns and students and is_register:
            return _dated_sessions(
                Recognition("attendance", "sessions", row, students), grid.contract_name, columns, choice
            )
    return None


def _dated_sessions(found: Recognition, tab: str, columns: list[int], choice: TabChoice) -> Recognition:
    """Return the recognition with the declared date of each column, or the question for them."""
    days = declared_dates(choice, len(columns))
    if days is None:
        return found.asking(
            *(tab, f"its {len(columns)} sessions have no dates"),
            'layout: sessions, session_dates: ["2026-09-07", "2026-09-14"]',
            'layout: sessions, first_session: "2026-09-07", weekdays: [mon, wed]',
        )
    if len(days) != len(columns):
        question = f"it has {len(columns)} columns of sessions, and `session_dates` names {len(days)} dates"
        return found.asking(tab, question, "layout: sessions, session_dates: [one date for each column]")
    return replace(found, dates=dict(zip(columns, days, strict=True)))


def _what_is_missing(grid: Grid, contract: SheetContract, choice: TabChoice) -> str:
    rows = searched_rows(grid, choice)
    seen = Counter(role for row in rows for role in roles_in_row(grid, row, contract, ROLES["attendance"]))
    if not any(date_header(grid, row, choice) for row in rows) and "date" not in seen:
        return "no row of dates and no column `Date` was found"
    if "student_id" not in seen and "student_name" not in seen:
        return "no column of students (such as `Student id` or `Name`) was found"
    return "no marks were found: neither a column `Mark` nor columns headed by dates"
