"""A register that its people keep correcting: each change changes the records it should, and no other.

What should stand is kept by the test itself, as a list of what was written where.
"""

import random
from datetime import date, timedelta

import openpyxl
import pytest
from deltalake import DeltaTable

from tests.lakes import rows

BRONZE, SILVER = "01_ingest_attendance_bronze", "02_clean_attendance_silver"
DAYS = [date(2026, 9, 7) + timedelta(number) for number in range(20) if number % 7 < 5]
STATES = {"P": "present", "A": "absent", "L": "present"}


class Register:
    """Two forms of six students, as a workbook and as the truth."""

    def __init__(self, path):
        self.path = path
        self.forms = {
            form: {f"{form}{number}": ["P"] * (len(DAYS) - 1) + [None] for number in range(6)} for form in ("7A", "7B")
        }
        self.days = list(DAYS)

    def save(self, extra_columns=0):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for form, students in self.forms.items():
            sheet = book.create_sheet(form)
            notes = [f"Notes {number}" for number in range(extra_columns)]
            sheet.append(["Student id", *notes, *(day.isoformat() for day in self.days)])
            for student, marks in students.items():
                sheet.append([student, *("seen by the office" for _ in notes), *marks])
        book.save(self.path)

    def truth(self):
        return {
            (student, day, form): STATES[mark]
            for form, students in self.forms.items()
            for student, marks in students.items()
            for day, mark in zip(self.days, marks, strict=True)
            if mark
        }


@pytest.fixture
def register(tmp_path):
    return Register(tmp_path / "register.xlsx")


@pytest.fixture
def read_register(register, run_notebook, tmp_path):
    """Return a function that runs bronze and silver on the register as it was last saved."""
    settings = tmp_path / "hill.yml"
    settings.write_text(f'sheet: "{register.path}"\ntoday: "2026-10-30"\n', encoding="utf-8")
    run_notebook("00_setup_infrastructure", settings=str(settings))

    def read():
        for stem in (BRONZE, SILVER):
            run_notebook(stem, settings=str(settings))

    return read


@pytest.fixture
def records(register, read_register, lake):
    """Return a function that saves the register, reads it, and returns the records that stand."""

    def read(extra_columns=0):
        register.save(extra_columns)
        read_register()
        found = lake.sql(
            "SELECT s.student_id, r.session_date, r.cohort_id, r.state FROM attendance_records r JOIN students s "
            "ON s.student_key = r.student_key"
        ).collect()
        return {tuple(row[:3]): row[3] for row in found}

    return read


def test_every_correction_changes_its_own_records_and_no_other(register, records, lake):
    assert records() == register.truth()

    form = register.forms["7A"]
    form["7A0"][-1] = "P"  # a late mark
    form["7A1"][3] = "A"  # an edit
    form["7A2"][4] = None  # a mark taken back
    assert records() == register.truth()

    register.forms["7A"] = dict(sorted(form.items(), reverse=True))  # rows sorted, columns inserted before the dates
    assert records(extra_columns=2) == register.truth()

    register.forms["7B"] = {"7B9": ["L"] * len(DAYS), **register.forms["7B"]}  # a row inserted
    del register.forms["7B"]["7B5"]  # and one deleted: 14 of 84 records would be one student's whole register
    assert held(lake) == {}
    assert records(extra_columns=2) != register.truth()
    assert set(held(lake)) == {"7B"}  # one student in six is too much to lose without a word


def held(lake):
    return {row.cohort_id: row.held_reason for row in lake.table("cohorts").where("is_held").collect()}


def test_a_tab_that_is_renamed_takes_its_records_along(register, records, lake):
    before = records()
    register.forms = {"7A": register.forms["7A"], "7 Beech": register.forms["7B"]}
    after = records()
    assert after == register.truth()
    assert {(student, day) for student, day, _ in after} == {(student, day) for student, day, _ in before}
    assert held(lake) == {}
    assert {row.cohort_id for row in lake.table("cohorts").collect()} == {"7A", "7 Beech"}
    assert lake.sql("SELECT DISTINCT cohort_id FROM enrolments").count() == 2


def test_a_column_cleared_by_mistake_is_a_loss_only_where_it_is_much(register, records, lake):
    records()
    for marks in register.forms["7A"].values():
        marks[2] = None
    assert records() == register.truth()  # 6 of 84: believed, the register of that day counts as not taken
    for marks in register.forms["7A"].values():
        marks[3:9] = [None] * 6
    assert records() != register.truth()
    assert "36 of 78 records would be lost at once" in held(lake)["7A"]


SILVER_TABLES = ("students", "cohorts", "enrolments", "sessions", "attendance_records", "quarantine", "sheet_tabs")
MARKS = ("P", "P", "A", "L", None, "?", "CLOSED")


def forget_what_is_settled(lake):
    """As if silver had never been written in full: the next run judges every mark again."""
    table = DeltaTable(str(lake / "attendance" / "sheet_tabs"))
    table.update(updates={"fingerprint": "NULL", "settled_sessions": "NULL"})


def correct(register, chosen):
    """One correction of the kind that people make, anywhere in the register."""
    form = register.forms[chosen.choice(list(register.forms))]
    student = chosen.choice(list(form))
    kind = chosen.choice(("mark", "mark", "column", "sort", "leave", "join", "day"))
    if kind == "mark":
        form[student][chosen.randrange(len(register.days))] = chosen.choice(MARKS)
    elif kind == "column":
        day, mark = chosen.randrange(len(register.days)), chosen.choice(MARKS)
        for marks in form.values():
            marks[day] = mark
    elif kind == "sort":
        people = list(form.items())
        chosen.shuffle(people)
        form.clear()
        form.update(people)
    elif kind == "leave" and len(form) > 2:
        del form[student]
    elif kind == "join":
        form[f"new{len(form)}{chosen.randrange(1000)}"] = ["P"] * len(register.days)
    elif kind == "day":
        register.days.append(register.days[-1] + timedelta(days=1))
        for everybody in register.forms.values():
            for marks in everybody.values():
                marks.append(chosen.choice(MARKS))


@pytest.mark.parametrize(
    ("seed", "days"), [(1, 4), *(pytest.param(seed, 8, marks=pytest.mark.soak) for seed in range(2, 10))]
)
def test_judging_everything_again_gives_what_day_after_day_gave(register, records, read_register, own_lake, seed, days):
    chosen = random.Random(seed)
    records()
    for day in range(days):
        for _ in range(chosen.randint(1, 3)):
            correct(register, chosen)
        records()
        day_after_day = {name: rows(own_lake, name) for name in SILVER_TABLES}
        forget_what_is_settled(own_lake)
        read_register()
        for name, expected in day_after_day.items():
            assert rows(own_lake, name) == expected, f"{name}, day {day}"
