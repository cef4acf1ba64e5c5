"""Writes random registers with the quirks of real ones, and says what is true of them. Knows nothing of the reader."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

MARKS = "PPPPPPAALEH"
TYPED_ERRORS = ("#REF!", "#N/A", "Loading...")
ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
LAST_DAY = date(2027, 7, 31)
"""Of the school year that the titles say; a register of 2026/27 with days of August 2027 would be a riddle."""
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
Truth = dict[tuple[str, date], str]


@dataclass
class Register:
    """A register as written, with the contract's choice for its tab, and what is true: the mark by student and day."""

    layout: str
    rows: list[list[object]]
    truth: Truth
    choice: dict[str, object] = field(default_factory=dict)
    tab: str = "7A"


def random_register(random: Random) -> Register:
    """Return a random register in a random layout."""
    days = _random_days(random)
    students = _random_students(random)
    truth = {(student, day): random.choice(MARKS) for student, _ in students for day in days if random.random() < 0.9}
    layout = random.choice(
        ["long", "wide", "wide", "months", "weeks", "sessions", "list", "stamps", "one_session", "numeric"]
    )
    return WRITERS[layout](random, students, days, truth)


def _random_days(random: Random) -> list[date]:
    first = date(2026, 8, 20) + timedelta(days=random.randrange(280))
    weekdays = random.sample(range(5), random.randint(1, 5))
    days = [first + timedelta(days=number) for number in range(70)]
    return [day for day in days if day.weekday() in weekdays and day <= LAST_DAY][: random.randint(2, 30)]


def _random_students(random: Random) -> list[tuple[str, str]]:
    names = [f"{first} {last}" for first in ("Ada", "Grace", "Alan", "Key", "Mark") for last in ("Rate", "Poe", "Ng")]
    width = random.choice([3, 5])
    numbers = random.sample(range(1, 10**width), random.randint(2, 8))
    if random.random() < 0.2:
        return [(name, name) for name in random.sample(names, len(numbers))]
    return list(zip((f"{number:0{width}d}" for number in numbers), random.sample(names, len(numbers)), strict=True))


def _date_writer(random: Random, days: list[date]):
    """A way to write the dates of one register, and a title that may be needed to read them."""
    title = random.choice(["Register", "Attendance 2026/27", "Class 7A, 2026-27"])
    order = random.choice(["%d/%m", "%m/%d"])
    names = random.choice([ENGLISH, GERMAN, FRENCH])
    return title, random.choice(
        [
            lambda day: day,
            lambda day: day.isoformat(),
            lambda day: day.strftime(order + "/%Y"),
            lambda day: day.strftime(order + "/%y").translate(FULL_WIDTH),
            lambda day: day.strftime(order),
            lambda day: f"{WEEKDAYS[day.weekday()]} {day.strftime(order)}/{day.year}",
            lambda day: f"{day.day} {names[day.month - 1]} {day.year}",
            lambda day: f"{day.day}. {names[day.month - 1]}",
            lambda day: f"{WEEKDAYS[day.weekday()]} {day.day} {ENGLISH[day.month - 1]}",
            lambda day: f"\u00a0{day.day}.{day.month}.{day.year}\u200b",
            lambda day: (day - date(1899, 12, 30)).days if day != days[0] else day,
            lambda day: datetime(day.year, day.month, day.day, 9, 30),
            lambda day: f"{day.isoformat()} 00:00:00",
            lambda day: f"{day.day} {ENGLISH[day.month - 1]} {day.year} 9:00-10:30",
            lambda day: f"{day.day} {names[day.month - 1]} {day.year} (1)",
            _swapped if sum(day.day > 12 for day in days) > 1 else date.isoformat,
        ]
    )


def _swapped(day: date) -> object:
    """What a spreadsheet set to American dates makes of day/month/year: a wrong date, or a text."""
    return date(day.year, day.day, day.month) if day.day <= 12 else f"{day:%d/%m/%Y}"


def _student_cells(random: Random, students: list[tuple[str, str]]):
    """The headers of the students' columns, and the cells of each student."""
    if students[0][0] == students[0][1]:
        return _name_cells(random, [student for student, _ in students])
    style = random.choice(["id and name", "id", "name (id)", "id - name"])
    if style == "id and name":
        return ["Id", "Name"], {student: [student, name] for student, name in students}
    if style == "id":
        return ["Student id"], _ids(random, [student for student, _ in students])
    if style == "name (id)":
        return ["Student"], {student: [f"{name} ({student})"] for student, name in students}
    return ["Student"], {student: [f"{student} - {name}"] for student, name in students}


def _name_cells(random: Random, names: list[str]) -> tuple[list[str], dict[str, list[object]]]:
    """Names alone: whole or in two columns, after the number of the row or not."""
    header, cells = random.choice(
        [
            ([random.choice(["Name", "Pupil"])], {name: [name] for name in names}),
            (["Surname", "First name"], {name: [*reversed(name.split())] for name in names}),
            (["First name", "Name"], {name: [*name.split()] for name in names}),
        ]
    )
    if random.random() < 0.3:
        return ["Nr.", *header], {name: [number, *cells[name]] for number, name in enumerate(names, 1)}
    return header, cells


def _ids(random: Random, students: list[str]) -> dict[str, list[object]]:
    """Ids as text; one may have lost its zeros to a spreadsheet, where another still shows that ids have them."""
    cells: dict[str, list[object]] = {student: [student] for student in students}
    with_zeros = [student for student in students if student.startswith("0")]
    if len(with_zeros) > 1 and random.random() < 0.5:
        cells[with_zeros[0]] = [int(with_zeros[0])]
    return cells


def _mark(random: Random, mark: str | None) -> object:
    if mark is None:
        return None
    return (
        random.choice([mark, mark.lower(), f" {mark}", mark, mark, f"{mark}\u200b"])
        if random.random() > 0.001
        else _error(random)
    )


def _error(random: Random) -> str:
    return random.choice(TYPED_ERRORS)


def _above(random: Random, title: str) -> list[list[object]]:
    rows = [[title]] if random.random() < 0.8 or title != "Register" else []
    return rows + random.choice([[], [[]], [["P is present, A is absent"], []]])


def _below(random: Random, width: int) -> list[list[object]]:
    totals = [random.choice(["Total", "Total present", "% present"]), *[random.choice([3, "#DIV/0!", "50 %"])] * width]
    legend = [[], ["Key", "P", "A"], ["P", "Present"], ["A", "Absent"]]
    return random.choice([[], [totals], [[], totals], legend, [totals, *legend], [[], ["Printed by the office"]]])


def _wide(random: Random, students, days, truth: Truth) -> Register:
    title, write = _date_writer(random, days)
    headers, cells = _student_cells(random, students)
    totals = random.random() < 0.5
    header = [*headers, *map(write, days), *(["Absent", "%", "Notes"] if totals else [])]
    rows = [*_above(random, title), header]
    if random.random() < 0.2:
        rows.append([*[None] * len(headers), *(WEEKDAYS[day.weekday()] for day in days)])
    body = _rows_of_marks(random, students, days, truth, cells, totals)
    if random.random() < 0.1:
        body.insert(
            len(body) // 2,
            [
                random.choice(["Subtotal", "Boys present", "Sub-total 7A"]),
                *[None] * (len(headers) - 1),
                *[2] * len(days),
            ],
        )
    if random.random() < 0.05:
        _put_beside(random, rows, body, headers, header)
    rows += body
    rows += _below(random, len(headers) + len(days) - 1)
    if write is not _swapped and random.random() < 0.1:
        later = [day + timedelta(days=70) for day in days]
        rows += [[], [*headers, *map(write, later)], [*cells[students[0][0]], *["A"] * len(later)]]
        truth = truth | {(students[0][0], day): "A" for day in later}
    return Register("wide", rows, truth)


def _put_beside(random: Random, rows: list[list[object]], body: list[list[object]], headers, header) -> None:
    """Put the register of another class to the right: its students are none of the truth."""
    place = rows.index(header)
    rows[place] = [*header, None, *header]
    width = len(header) - len(headers)
    for number, row in enumerate(body):
        strangers = [f"Zed {number}" for _ in headers]
        row += [*[None] * (len(header) - len(row)), None, *strangers, *random.choices("PA", k=width)]


def _rows_of_marks(random: Random, students, days, truth, cells, has_totals: bool) -> list[list[object]]:
    return [
        [
            *cells[student],
            *(_mark(random, truth.get((student, day))) for day in days),
            *([random.randrange(9), random.choice(["#DIV/0!", "95 %"]), "see file"] if has_totals else []),
        ]
        for student, _ in students
    ]


def _months(random: Random, students, days, truth: Truth) -> Register:
    headers, cells = _student_cells(random, students)
    names = random.choice([ENGLISH, GERMAN, FRENCH])
    has_year = random.random() < 0.5
    months: list[object] = []
    for index, day in enumerate(days):
        is_new = index == 0 or days[index - 1].month != day.month
        is_said = is_new and (index == 0 or random.random() < 0.97)
        months.append(
            f"{names[day.month - 1]} {day.year}" if has_year and is_said else names[day.month - 1] if is_said else None
        )
    weekdays = [*[None] * len(headers), *(WEEKDAYS[day.weekday()] for day in days)]
    numbers = [*headers, *(day.day for day in days)]
    rows = [*_above(random, "Register 2026/27"), [*[None] * len(headers), *months]]
    rows += random.choice([[numbers], [numbers, weekdays], [weekdays, numbers]])
    rows += _rows_of_marks(random, students, days, truth, cells, has_totals=False)
    return Register("months", rows + _below(random, len(headers) + len(days) - 1), truth)


def _weeks(random: Random, students, days, truth: Truth) -> Register:
    """The date of each week above the days of the week; or a tab of one week, said by a title or by its name."""
    headers, cells = _student_cells(random, students)
    begins = 6 if random.random() < 0.2 else 0  # some weeks begin on a Sunday
    week_of = {day: day - timedelta((day.weekday() - begins) % 7) for day in days}
    written = random.choice(["w/c {}", "W/C: {}", "Week commencing {}", "week of {}"])
    write = random.choice([lambda day: day.isoformat(), lambda day: f"{day.day} {ENGLISH[day.month - 1]} {day.year}"])
    if random.random() < 0.4:
        days = [day for day in days if week_of[day] == week_of[days[0]]]
        truth = {key: mark for key, mark in truth.items() if key[1] in days}
        said = written.format(write(week_of[days[0]]))
        above, tab = random.choice([([[said]], "7A"), ([], f"7A {said}".replace("/", "").replace(":", ""))])
        rows = [*above, [*headers, *(WEEKDAYS[day.weekday()] for day in days)]]
    else:
        firsts = [index == 0 or week_of[days[index - 1]] != week_of[day] for index, day in enumerate(days)]
        tab, weeks = (
            "7A",
            [
                written.format(write(week_of[day])) if is_first else None
                for day, is_first in zip(days, firsts, strict=True)
            ],
        )
        rows = [[*headers, *weeks], [*[None] * len(headers), *(WEEKDAYS[day.weekday()] for day in days)]]
    rows += _rows_of_marks(random, students, days, truth, cells, has_totals=False)
    return Register("weeks", rows + _below(random, len(headers) + len(days) - 1), truth, tab=tab)


def _long(random: Random, students, days, truth: Truth) -> Register:
    title, write = _date_writer(random, days)
    headers, cells = _student_cells(random, students)
    header = [*headers, "Date", "Mark", "Comment"]
    rows = [
        [*cells[student], write(day), _mark(random, mark), random.choice([None, "called", "P"])]
        for (student, day), mark in truth.items()
    ]
    if random.random() < 0.5:
        random.shuffle(rows)
    if random.random() < 0.2:
        rows.insert(len(rows) // 2, header)
    columns = random.sample(range(len(header)), len(header))
    table = [[row[column] for column in columns] for row in [header, *rows]]
    return Register("long", [*_above(random, title), *table], truth)


def _sessions(random: Random, students, days, truth: Truth) -> Register:
    headers, cells = _student_cells(random, students)
    word = random.choice(["", "Session ", "Week ", "L", "#"])
    numbers = [f"{word}{number}" if word else number for number in range(1, len(days) + 1)]
    rows = [*_above(random, "Course"), [*headers, *numbers]]
    rows += _rows_of_marks(random, students, days, truth, cells, has_totals=False)
    choice = {"session_dates": [day.isoformat() for day in days]} if random.random() < 0.8 else {}
    return Register("sessions", rows, truth, choice)


def _list(random: Random, students, days, truth: Truth) -> Register:
    title, write = _date_writer(random, days)
    headers, cells = _student_cells(random, students)
    absent = {key: "A" for key, mark in truth.items() if mark == "A"}
    between = random.choice([", ", "; ", "\n", "; "])
    listed = {student: [write(day) for day in days if (student, day) in absent] for student, _ in students}
    rows = [*_above(random, title), [*headers, "Absent dates"]]
    for student, _ in students:
        dates = listed[student]
        rows.append([*cells[student], dates[0] if len(dates) == 1 else between.join(map(str, dates)) or None])
    rows += random.choice([[], [[], ["Printed by the office"]]])
    if random.random() < 0.5:
        return Register("list", rows, absent)
    choice = {"session_dates": [day.isoformat() for day in days], "others": "present"}
    everybody = {(student, day): absent.get((student, day), "P") for student, _ in students for day in days}
    return Register("list", rows, everybody, choice)


def _numeric(random: Random, students, days, truth: Truth) -> Register:
    """0 and 1, or minutes: with a rule of the contract, or without."""
    headers, cells = _student_cells(random, students)
    has_minutes = random.random() < 0.4
    truth = {key: "A" if mark == "A" else "P" for key, mark in truth.items()}
    low, high = (range(0, 30), range(30, 61)) if has_minutes else ((0,), (1,))
    written = {key: random.choice(low if mark == "A" else high) for key, mark in truth.items()}
    totals = ["Total", *(sum(written.get((student, day), 0) for student, _ in students) for day in days)]
    rows = [[*headers, *days, "Total"]]
    rows += [
        [*cells[student], *(numbers := [written.get((student, day)) for day in days]), sum(filter(None, numbers))]
        for student, _ in students
    ]
    rows.append([totals[0], *[None] * (len(headers) - 1), *totals[1:]])
    rule = {"present_from_minutes": 30} if has_minutes else {"marks": {"0": "A", "1": "P"}}
    return Register("numeric", rows, truth, rule if random.random() < 0.8 or has_minutes else {})


def _stamps(random: Random, students, days, truth: Truth) -> Register:
    headers, cells = _student_cells(random, students)
    order = random.choice(["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y"])
    present = {key: "P" for key, mark in truth.items() if mark == "P"}
    rows = [
        ["Timestamp", *headers],
        *(
            [
                datetime(day.year, day.month, day.day, 8, random.randrange(60)).strftime(order + " %H:%M"),
                *cells[student],
            ]
            for student, day in present
        ),
    ]
    rows = [*_above(random, "Register"), *rows]
    if random.random() < 0.5:
        return Register("stamps", rows, present)
    seen = {student for student, _ in present}
    choice = {"session_dates": [day.isoformat() for day in days], "others": "absent"}
    everybody = {(student, day): present.get((student, day), "A") for student in seen for day in days}
    return Register("stamps", rows, everybody, choice)


def _one_session(random: Random, students, days, truth: Truth) -> Register:
    headers, cells = _student_cells(random, students)
    day = days[0]
    marks = {key: mark for key, mark in truth.items() if key[1] == day}
    written = random.choice(
        [day.isoformat(), f"{day.day} {ENGLISH[day.month - 1]} {day.year}", day.strftime("%d/%m/%Y")]
    )
    above, tab = random.choice(
        [([[f"Session of {written}"]], "Sheet1"), ([], f"export {written}".replace("/", "-")), ([], "x")]
    )
    rows = [*above, [*headers, "Status"], *([*cells[s], _mark(random, marks.get((s, day)))] for s, _ in students)]
    rows += random.choice([[], [[], ["Printed by the office"]]])
    return Register("one_session", rows, marks, tab=tab)


WRITERS = {
    "long": _long,
    "wide": _wide,
    "months": _months,
    "weeks": _weeks,
    "sessions": _sessions,
    "list": _list,
    "stamps": _stamps,
    "one_session": _one_session,
    "numeric": _numeric,
}
