"""What a tab is: its kind, its layout, its header row, and which column means what."""

from collections import Counter
from dataclasses import replace

from student_track.sheets.column_choice import with_chosen_columns, with_column_of_marks
from student_track.sheets.contract import Kind, Layout, SheetContract, TabChoice, fold_header
from student_track.sheets.date_headers import date_header
from student_track.sheets.grid import Grid
from student_track.sheets.header_roles import ROLES, roles_in_row, searched_rows
from student_track.sheets.known_marks import KnownMarks
from student_track.sheets.recognised import Recognition, Roles
from student_track.sheets.session_headers import (
    LEAST_COLUMNS,
    count_columns_of_marks,
    date_of_tab,
    declared_dates,
    hold_marks,
    session_columns,
)
from student_track.sheets.students import STUDENT_COLUMNS, STUDENT_ROLES
from student_track.sheets.wide_recognition import recognise_wide

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
        or _undated(grid, contract, choice, known_marks)
        or Recognition("ignored", missing=_what_is_missing(grid, contract, choice))
    )
    if found.kind != "attendance":
        return found
    if kind == "no_registers" and not choice.layout:
        question = "by its name it is no register of attendance, and it looks like one"
        return found.asking(grid.contract_name, question, "kind: ignored", "kind: attendance")
    if "mark" in found.columns and "mark" not in choice.columns:
        found = with_column_of_marks(found, grid, contract, known_marks)
    return with_chosen_columns(found, grid, contract, choice)


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
        return found.asking(grid.contract_name, question, "session_date: YYYY-MM-DD")
    return None


def _sessions(grid: Grid, contract: SheetContract, choice: TabChoice, known_marks: KnownMarks) -> Recognition | None:
    """A wide register whose columns are counted rather than dated."""
    if choice.layout not in (None, "sessions"):
        return None
    for row in searched_rows(grid, choice):
        roles = roles_in_row(grid, row, contract, ROLES["attendance"])
        columns = session_columns(grid, row, set(roles.values()), is_chosen=choice.layout == "sessions")
        students = {role: column for role, column in roles.items() if role in STUDENT_COLUMNS and column not in columns}
        is_register = choice.layout or hold_marks(grid, row + 1, columns, known_marks)
        if columns and students and is_register:
            return _dated_sessions(
                Recognition("attendance", "sessions", row, students), grid.contract_name, columns, choice
            )
    return None


def _undated(grid: Grid, contract: SheetContract, choice: TabChoice, known_marks: KnownMarks) -> Recognition | None:
    """A question for columns of marks beside students, below something that is no date: they are not left out."""
    for row in searched_rows(grid, choice):
        roles = roles_in_row(grid, row, contract, ROLES["attendance"])
        if not any(role in STUDENT_ROLES for role in roles):
            continue
        count = count_columns_of_marks(grid, row + 1, set(roles.values()), known_marks)
        if count < LEAST_COLUMNS:
            continue
        question = f"below row {row} it has {count} columns of marks, and no dates above them that can be read"
        return Recognition("attendance", "sessions", row, roles).asking(
            *(grid.contract_name, question),
            f"layout: sessions, header_row: {row}, first_session: YYYY-MM-DD, weekdays: [mon, tue, wed, thu, fri]",
            f"layout: sessions, header_row: {row}, session_dates: [YYYY-MM-DD, YYYY-MM-DD]",
            "kind: ignored",
        )
    return None


def _dated_sessions(found: Recognition, tab: str, columns: list[int], choice: TabChoice) -> Recognition:
    """Return the recognition with the declared date of each column, or the question for them."""
    days = declared_dates(choice, len(columns))
    if days is None:
        return found.asking(
            *(tab, f"its {len(columns)} sessions have no dates"),
            "layout: sessions, session_dates: [YYYY-MM-DD, YYYY-MM-DD]",
            "layout: sessions, first_session: YYYY-MM-DD, weekdays: [mon, wed]",
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
        return (
            "no column of students (such as `Student id` or `Name`) was found: "
            "add the word above them to `headers` in params/sheet.yml"
        )
    return "no marks were found: neither a column `Mark` nor columns headed by dates"
