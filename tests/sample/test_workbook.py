"""The sample school: the same every time, and with every story a school has."""

import hashlib
from datetime import date

import openpyxl
import pytest

from student_track.sample import SAMPLE_TODAY, Effects, School, ensure_sample_workbook, write_sample_workbook
from student_track.sample.calendar import TERMS, school_days
from student_track.sample.marks import true_marks, untaken_registers
from student_track.sample.school import CLUB, GROUPS, pupils

WHOLE = School()


@pytest.fixture(scope="module")
def people():
    return pupils(WHOLE)


def test_the_same_seed_is_the_same_file_to_the_byte(tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_sample_workbook(tmp_path / name, School(40))
    one, two = ((tmp_path / name).read_bytes() for name in ("one.xlsx", "two.xlsx"))
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(two).hexdigest()


def test_another_seed_is_another_school():
    assert [pupil.name for pupil in pupils(School(40, seed=1))] != [pupil.name for pupil in pupils(School(40, seed=2))]


def test_it_is_written_once_and_then_left_alone(tmp_path):
    path = ensure_sample_workbook(tmp_path)
    path.write_bytes(b"edited by somebody")
    assert ensure_sample_workbook(tmp_path).read_bytes() == b"edited by somebody"


def test_there_are_four_hundred_students_in_twelve_cohorts_over_three_finished_terms_and_the_current_one(people):
    cohorts = {stay.cohort for pupil in people for stay in pupil.stays}
    assert (len(people), len(cohorts)) == (400, 12)
    finished = [name for name, _, last in TERMS if last < SAMPLE_TODAY]
    current = [name for name, first, last in TERMS if first <= SAMPLE_TODAY <= last]
    assert (len(finished), current) == (3, ["Autumn 2026"])


def test_there_are_joiners_leavers_transfers_and_members_of_two_cohorts(people):
    groups = [[stay for stay in pupil.stays if stay.cohort != CLUB] for pupil in people]
    assert sum(len(stays) == 2 for stays in groups) >= 5
    assert sum(stays[0].joined > date(2026, 9, 10) for stays in groups) >= 5
    assert sum(stays[-1].left is not None for stays in groups) >= 20
    assert sum(any(stay.cohort == CLUB for stay in pupil.stays) for pupil in people) >= 10


def test_every_kind_of_mark_happens(people):
    assert set(true_marks(people, WHOLE).values()) == {"P", "L", "A", "E", "H", "HE", "CLOSED"}


def test_no_mark_lies_outside_a_stay_or_after_today(people):
    stays = {(pupil.number, stay.cohort): stay for pupil in people for stay in pupil.stays}
    for number, cohort, day in true_marks(people, WHOLE):
        stay = stays[number, cohort]
        assert stay.joined <= day <= (stay.left or SAMPLE_TODAY)


def test_who_declines_is_away_more_in_the_end(people):
    declining = {pupil.number for pupil in people if pupil.declines_from}
    assert declining
    marks = true_marks(people, WHOLE)
    before, after = [], []
    for pupil in people:
        for (number, _, day), mark in marks.items() if pupil.declines_from else ():
            if number == pupil.number:
                (after if day >= pupil.declines_from else before).append(mark in "AE")
    assert sum(after) / len(after) > 3 * sum(before) / len(before)


def finished_term_of(day):
    return next((name for name, first, last in TERMS[:3] if first <= day <= last), None)


def test_in_each_finished_term_some_drop_off_some_recover_and_a_few_are_on_the_way_today(people):
    stories = [pupil.bad_weeks for pupil in people if pupil.bad_weeks]
    drop_offs = [story for story in stories if story.is_drop_off]
    for name in ("Autumn 2025", "Spring 2026", "Summer 2026"):
        assert 15 <= sum(finished_term_of(story.silent_from) == name for story in drop_offs) <= 25
    assert 5 <= sum(story.declines_from <= SAMPLE_TODAY <= story.returns_on for story in drop_offs) <= 15
    assert len(stories) - len(drop_offs) > len(drop_offs)  # bad weeks alone foretell little


def test_who_drops_off_is_not_there_once_until_the_day_of_return_and_some_leave(people):
    dropped = {pupil.number: pupil.bad_weeks for pupil in people if pupil.bad_weeks and pupil.bad_weeks.is_drop_off}
    marks = [
        (dropped[number], day, mark)
        for (number, _, day), mark in true_marks(people, WHOLE).items()
        if number in dropped
    ]
    silent = [mark for story, day, mark in marks if story.silent_from <= day < story.returns_on]
    assert set(silent) <= {"A", "CLOSED"}
    assert any(day >= story.returns_on and mark == "P" for story, day, mark in marks)
    assert 5 <= sum(pupil.number in dropped and pupil.stays[0].left is not None for pupil in people) <= 20


def test_on_noise_alone_people_and_calendar_are_the_same_and_everybody_attends_alike(people):
    noise = pupils(School(effects=Effects.noise_only()))
    assert [pupil.name for pupil in noise] == [pupil.name for pupil in people]
    assert len({(pupil.absence, pupil.tardiness, pupil.declines_from, pupil.bad_weeks) for pupil in noise}) == 1
    leavers = [pupil.stays[0].left for pupil in noise if pupil.stays[0].left]
    for name in ("Autumn 2025", "Spring 2026", "Summer 2026"):
        assert sum(finished_term_of(day) == name for day in leavers) >= 15


def test_some_registers_are_not_taken():
    untaken = untaken_registers(WHOLE)
    held = sum(len(WHOLE.days_of(group)) for group in GROUPS)
    assert 0.005 < len(untaken) / held < 0.03


def test_holidays_and_weekends_have_no_lessons():
    days = school_days(date(2026, 10, 19), date(2026, 11, 6))
    assert all(day.weekday() < 5 for day in days)
    assert date(2026, 10, 28) not in days


def test_ids_are_texts_with_leading_zeros_and_dates_are_true(tmp_path):
    write_sample_workbook(tmp_path / "s.xlsx", School(30))
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["Ash"]
    assert sheet["A4"].value == "000100"
    assert sheet["C3"].value.date() == date(2025, 9, 3)
    assert sheet["A1"].value.startswith("Register of")
