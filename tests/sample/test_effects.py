"""Each effect is a switch: off, it is gone and the rest stays; and the default school is the one of the notebooks."""

import hashlib
from collections import Counter

import openpyxl
import pytest

from student_track.errors import InputError
from student_track.sample import Effects, School, chosen_school, effect_names, write_sample_workbook
from student_track.sample.calendar import HOLIDAYS, SNOW_DAY, START
from student_track.sample.marks import true_marks, untaken_registers
from student_track.sample.registers import registers
from student_track.sample.school import CLUB, GROUPS, pupils

CELLS_OF_THE_SAMPLE_SCHOOL = "ec1b765b68c3f9a33eaa8b84c1586e7a063e995ce7ff6a65a836b29e5a81c914"
SIZE = 120


def school_without(*names):
    return School(SIZE, effects=Effects().switched(off=names))


def school_with(*names):
    return School(SIZE, effects=Effects().switched(on=names))


def marks_in(school):
    return Counter(true_marks(pupils(school), school).values())


def test_no_cell_of_the_default_school_has_changed(tmp_path):
    """The committed notebooks and README show its numbers."""
    write_sample_workbook(tmp_path / "sample.xlsx")
    digest = hashlib.sha256()
    for sheet in openpyxl.load_workbook(tmp_path / "sample.xlsx", read_only=True):
        digest.update(f"#{sheet.title}\n".encode())
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    digest.update(f"{cell.coordinate}|{type(cell.value).__name__}|{cell.value}\n".encode())
    assert digest.hexdigest() == CELLS_OF_THE_SAMPLE_SCHOOL


@pytest.mark.parametrize("name", effect_names())
def test_every_switch_changes_the_school(name):
    """Switched against the default, so that a switch nobody reads is seen."""
    default, other = School(SIZE), School(SIZE, effects=Effects().switched(*one_switch(name)))
    assert everything_of(default) != everything_of(other)


def one_switch(name):
    return ((), (name,)) if getattr(Effects(), name) else ((name,), ())


def everything_of(school):
    people = pupils(school)
    marks = true_marks(people, school)
    return people, marks, untaken_registers(school), registers(school, people, marks)


@pytest.mark.parametrize(
    ("name", "gone"), [("half_days", {"H", "HE"}), ("tardies", {"L"}), ("holidays", {"CLOSED"}), ("part_time", {"NR"})]
)
def test_a_mark_of_an_effect_stands_only_where_it_is_on(name, gone):
    assert gone <= set(marks_in(School(SIZE, effects=Effects.all())))
    assert not gone & set(marks_in(School(SIZE, effects=Effects.all().switched(off=(name,)))))


def test_without_stories_of_stays_everybody_is_in_one_group_from_first_to_last():
    school = school_without("late_joiners", "leavers", "transfers", "second_cohorts")
    assert {(len(p.stays), p.stays[0].joined, p.stays[0].left) for p in pupils(school)} == {(1, START, None)}
    assert school.cohorts == GROUPS


def test_one_story_of_stays_at_a_time_is_switched_off():
    assert all(pupil.stays[0].joined == START for pupil in pupils(school_without("late_joiners")))
    assert all(stay.left is None for p in pupils(school_without("leavers", "transfers")) for stay in p.stays)
    groups = [{s.cohort for s in p.stays} - {CLUB} for p in pupils(school_without("transfers"))]
    assert {len(own) for own in groups} == {1}


def test_without_decline_and_streaks_nobody_has_a_story_of_bad_weeks():
    stories = [p.bad_weeks for p in pupils(school_without("decline", "streaks")) if p.bad_weeks]
    assert stories
    assert all(story.declines_from == story.silent_from == story.returns_on for story in stories)
    assert not any(p.declines_from for p in pupils(school_without("decline")))


def test_without_the_weekday_effect_no_weekday_stands_out():
    def gap(school):
        marks = true_marks(pupils(school), school)
        share = {}
        for days in ((0, 4), (1, 2, 3)):
            own = [mark in "AE" for (_, _, day), mark in marks.items() if day.weekday() in days and mark != "CLOSED"]
            share[days] = sum(own) / len(own)
        return share[0, 4] / share[1, 2, 3]

    assert gap(School(SIZE)) > 1.15
    assert 0.9 < gap(school_without("weekday")) < 1.1


def test_without_excused_runs_fewer_absences_are_excused():
    usual, without = marks_in(School(SIZE)), marks_in(school_without("excused_runs"))
    assert without["E"] / without["A"] < 0.6 * usual["E"] / usual["A"]


def test_without_holidays_there_are_lessons_in_them():
    assert set(School(SIZE).days_of("Ash")) < set(school_without("holidays").days_of("Ash"))
    assert HOLIDAYS[4][1] in school_without("holidays").days_of("Ash")


def test_without_untaken_registers_and_dirty_cells_every_cell_holds_the_truth():
    school = school_without("untaken_registers", "dirty_cells")
    people = pupils(school)
    marks = true_marks(people, school)
    kept = registers(school, people, marks)
    written = {
        (line.number, register.group, day): mark
        for register in kept
        for line in register.lines
        for day, mark in zip(register.days, line.marks, strict=True)
        if mark
    }
    assert written == {place: mark for place, mark in marks.items() if place[1] != CLUB}
    assert all(register.bad_day is None for register in kept)


def test_part_timers_are_required_on_their_weekdays_alone():
    school = school_with("part_time")
    people = {pupil.number: pupil for pupil in pupils(school)}
    assert any(len(pupil.weekdays) < 5 for pupil in people.values())
    for (number, _, day), mark in true_marks(list(people.values()), school).items():
        if day != SNOW_DAY:
            assert (mark == "NR") == (day.weekday() not in people[number].weekdays)


def test_the_biased_group_is_away_more_and_drops_off_no_more():
    usual, biased = pupils(School(SIZE)), pupils(school_with("subgroup_bias"))
    pairs = [(one, other) for one, other in zip(usual, biased, strict=True) if other.has_support_plan]
    assert len(pairs) > 0.15 * SIZE
    assert all(other.absence > 1.5 * one.absence and other.bad_weeks == one.bad_weeks for one, other in pairs)


def test_a_large_school_has_more_groups_and_no_name_twice():
    school = School(5000)
    people = pupils(school)
    assert len({pupil.name for pupil in people}) == 5000
    size = Counter(pupil.stays[-1].cohort for pupil in people if pupil.stays[-1].cohort != CLUB)
    assert set(size) == set(school.groups)
    assert max(size.values()) < 50


def test_an_unknown_effect_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"no effect 'weekdays'\. Did you mean weekday\?"):
        Effects().switched(off=("weekdays",))


def test_options_that_say_nothing_or_two_things_are_refused():
    with pytest.raises(InputError, match="There are: usual, all, noise_only"):
        chosen_school(400, None, "none", (), ())
    with pytest.raises(InputError, match="switched on and off at once"):
        Effects().switched(("weekday",), ("weekday",))


def test_the_command_writes_the_school_of_its_options(student_track, tmp_path):
    path = tmp_path / "school.xlsx"
    options = ("--students", "40", "--seed", "7", "--without", "second_cohorts", "--with", "subgroup_bias")
    assert student_track("sample", str(path), *options)[0] == 0
    book = openpyxl.load_workbook(path, read_only=True)
    assert "Club register" not in book.sheetnames
    rows = list(book["Roster"].iter_rows(values_only=True))
    assert rows[0][-1] == "Support plan"
    assert len({row[0] for row in rows[1:]}) == 40


def test_the_command_refuses_an_unknown_effect(student_track, tmp_path):
    code, _, complaint = student_track("sample", str(tmp_path / "x.xlsx"), "--without", "tardy")
    assert (code, "Did you mean tardies?" in complaint) == (2, True)
