"""The truth: worked out by hand on few days, and what the pipeline finds on a school with every effect."""

import ast
import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from student_track.errors import InputError
from student_track.resources import resource
from student_track.sample import SAMPLE_TODAY, Effects, School, truth, write_sample_workbook
from student_track.sample.calendar import school_days
from student_track.sample.marks import story, true_marks
from student_track.sample.school import BadWeeks, Pupil, Stay, pupils
from student_track.sample.truth import AsOf, school_of_sheet, school_of_tables, true_drop_offs, true_risks, true_student
from student_track.sample.truth.records import Record, Session, Student
from tests import lakes
from tests.truth_comparison import assert_metrics_are_true, assert_records_are_true, differences, true_metrics

KEY = "key-of-a-test-0123456789"
EVERY_EFFECT = School(110, effects=Effects.all())
DAYS = school_days(date(2026, 9, 2), SAMPLE_TODAY)
RULES = truth.read_rules(resource("params/policy.yml"))


@pytest.fixture(scope="module")
def true_school():
    return school_of_sheet(EVERY_EFFECT)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """The school's workbook, read and measured by the notebooks."""
    folder = tmp_path_factory.mktemp("every_effect")
    write_sample_workbook(folder / "school.xlsx", EVERY_EFFECT)
    done = lakes.student_track(
        *("run", "--sheet", str(folder / "school.xlsx"), "--as-of", str(SAMPLE_TODAY), *lakes.UP_TO_METRICS),
        STUDENT_TRACK_LAKE=str(folder / "lake"),
        STUDENT_TRACK_REPORTS=str(folder / "reports"),
        STUDENT_TRACK_KEY=KEY,
    )
    assert done.returncode == 0, done.stderr
    return folder / "lake"


def test_every_metric_of_a_school_with_every_effect_is_true(lake, true_school):
    assert_metrics_are_true(lake, true_school, KEY.encode())


def test_every_record_session_and_kept_out_mark_is_true(lake, true_school):
    assert_records_are_true(lake, true_school, KEY.encode())
    reasons = {mark.reason for student in true_school.students for mark in student.kept_out}
    assert reasons | {mark.reason for mark in true_school.strangers} == {
        "unknown_mark",
        "unknown_student",
        "bad_date",
        "conflicting_marks",
    }


def test_the_comparison_sees_one_absence_more(true_school):
    """It is able to fail, for a student and for the cohort."""
    students = list(true_school.students)
    place, mark = next(
        (place, mark)
        for place, student in enumerate(students)
        for mark in student.records
        if mark.day == DAYS[5] and mark.mark == "P"
    )
    changed = [Record(*m[:3], "A") if m == mark else m for m in students[place].records]
    students[place] = students[place]._replace(records=changed)
    other = truth.TrueSchool(EVERY_EFFECT, true_school.sessions, students, true_school.strangers)
    for one, another in zip(true_metrics(true_school, b"k"), true_metrics(other, b"k"), strict=True):
        seen = {name for _, name, _, _ in differences(as_found(one), another)}
        assert {"missed_units", "attendance_rate", "count_absences"} <= seen


def as_found(rows):
    """True rows in the form of a table's."""
    parts = {
        key: {"missed_parts": row["missed_units"].numerator, "parts_per_unit": row["missed_units"].denominator}
        for key, row in rows.items()
    }
    return {key: row | parts[key] for key, row in rows.items()}


def student_of(marks, joined=DAYS[0], left=None):
    """What is true of a student with one mark a day from the first day on, a dot for none, in a register all taken."""
    pupil = Pupil("1", "One", (Stay("Ash", joined, left),), absence=0.1, tardiness=0.1)
    days = [day for day in DAYS if day >= joined]
    records = [Record("1", "Ash", day, mark) for day, mark in zip(days, marks, strict=False) if mark != "."]
    last = days[len(marks) - 1]
    planned = school_days(last + timedelta(days=1), date(2027, 7, 16))
    sessions = [Session("Ash", day, True, False, True, True) for day in DAYS if day <= last]
    sessions += [Session("Ash", day, False, False, False, True) for day in planned]
    as_of = AsOf(last, DAYS[0], days[len(marks) - 2])
    return true_student(Student(pupil, records, []), {"Ash": sessions}, RULES, as_of).rows["cohort", "Ash"]


@pytest.mark.parametrize(
    ("marks", "tier"),
    [
        ("A" + 9 * "P", "moderate_chronic"),
        ("A" + 19 * "P", "at_risk"),
        ("AA" + 8 * "P", "severe_chronic"),
        ("A" + 8 * "P", "too_early"),
        (20 * "P" + 3 * ".", "withheld"),
        (20 * "P" + 2 * ".", "satisfactory"),
        ("L" + 9 * "P", "satisfactory"),
    ],
)
def test_a_limit_belongs_to_the_worse_tier(marks, tier):
    assert student_of(marks)["tier"] == tier


def test_half_a_day_is_half_missed_and_an_absence():
    row = student_of("H" + 9 * "P")
    assert (row["missed_units"], row["attendance_rate"], row["tier"]) == (Fraction(1, 2), Fraction(19, 20), "at_risk")
    assert (row["count_absences"], row["count_unexcused_sessions"], row["count_excused_sessions"]) == (1, 1, 0)


def test_an_unknown_day_neither_breaks_nor_extends_a_streak():
    row = student_of(9 * "P" + "AA.A")
    assert (row["count_streak_units"], row["is_streak_open"], row["streak_start_date"]) == (3, True, DAYS[9])
    assert row["attention_reasons"] == "tier,early_warning,streak"
    assert not student_of(9 * "P" + ".PAA")["is_streak_open"]


def test_a_day_that_is_not_required_is_not_expected():
    row = student_of(["NR", *"PPPPPPPPPP"])
    assert (row["count_expected_sessions"], row["count_possible_units"]) == (10, 10)


def test_who_joins_late_is_measured_from_then_on_and_who_left_keeps_the_tier():
    late = student_of("AA" + 3 * "P", joined=DAYS[20])
    assert (late["count_expected_units"], late["tier"], late["has_early_warning"]) == (5, "too_early", True)
    gone = student_of(12 * "A", left=DAYS[10])
    assert (gone["status"], gone["tier"], gone["needs_attention"]) == ("left", "severe_chronic", False)
    assert (gone["count_expected_units"], gone["count_planned_units"]) == (11, None)


def test_room_left_is_what_one_absence_more_would_do():
    row = student_of(20 * "P")
    # 1 of 21 is below 5 %, 2 of 22 is not
    assert (row["next_tier"], row["count_absences_to_next_tier"]) == ("at_risk", 2)
    planned, left = row["count_planned_units"], row["count_absences_left_in_year"]
    assert Fraction(left, 20 + planned) < Fraction(1, 20) <= Fraction(left + 1, 20 + planned)


@pytest.mark.parametrize(
    ("marks", "before", "change"),
    [
        ("A" + 9 * "P", "too_early", "first"),
        ("A" + 20 * "P", "at_risk", "better"),
        ("A" + 19 * "P", "at_risk", "same"),
        (19 * "P" + "A", "satisfactory", "worse"),
    ],
)
def test_change_is_against_the_day_before(marks, before, change):
    row = student_of(marks)
    assert (row["previous_tier"], row["tier_change"]) == (before, change)


def risk_of(**changes):
    pupil = Pupil("1", "One", (Stay("Ash", DAYS[0]),), absence=0.5, tardiness=0.0, **changes)
    (risk,) = true_risks(pupil, School(effects=Effects().switched(off=("weekday", "excused_runs", "half_days"))))
    return risk


def test_true_risk_of_silence_is_the_product_of_the_days_chances():
    risk = risk_of()
    assert risk.chance_of_absence == pytest.approx(0.5)
    assert risk.chance_of_silence == pytest.approx(0.5**20)  # four weeks of five days


def test_true_risk_of_who_falls_silent_is_one_and_of_who_comes_on_one_day_a_week_counts_those_days():
    silent = BadWeeks(date(2026, 11, 16), date(2026, 11, 16), date(2027, 1, 31))
    assert risk_of(bad_weeks=silent).chance_of_silence == pytest.approx(1.0)
    assert risk_of(weekdays=(2,)).chance_of_silence == pytest.approx(0.5**4)


def test_true_chance_of_dropping_off_counts_the_registers_taken_and_the_known_last_day():
    school = School(effects=Effects().switched(off=("weekday", "excused_runs", "half_days")))
    landmark, taken = DAYS[10], (DAYS[11], DAYS[12], DAYS[15])
    windows = {("Ash", landmark): taken, ("Elm", landmark): taken}

    def chances(left=None, **changes):
        pupil = Pupil("1", "One", (Stay("Ash", DAYS[0], left),), absence=0.5, tardiness=0.0, **changes)
        return true_drop_offs(pupil, school, windows)

    assert chances() == {("Ash", landmark): pytest.approx(0.5**3)}
    assert chances(weekdays=(DAYS[12].weekday(),)) == {("Ash", landmark): pytest.approx(0.5)}
    assert chances(left=DAYS[12]) == {("Ash", landmark): 1.0}
    assert chances(left=DAYS[15]) == {("Ash", landmark): pytest.approx(0.5**3)}
    assert chances(left=DAYS[9]) == {}
    silent = BadWeeks(DAYS[11], DAYS[11], DAYS[15])  # back on the last day of the window
    assert chances(bad_weeks=silent) == {("Ash", landmark): pytest.approx(0.5)}


def test_true_risk_is_how_often_it_happens():
    """Drawn again and again from the same day on: the chance of an absence on the next day, illness included."""
    school = School()
    pupil = Pupil("000100", "One", (Stay("Ash", DAYS[0]),), absence=0.3, tardiness=0.0)
    away, expected = 0, 0.0
    draws = 1500
    for number in range(draws):
        one = Pupil(str(number), "One", pupil.stays, pupil.absence, pupil.tardiness)
        (risk,) = true_risks(one, school)
        expected += risk.chance_of_absence
        away += next_mark(one, school, risk.next_day) not in "PL"
    deviation = (draws * 0.25) ** 0.5
    assert abs(away - expected) < 4 * deviation


def next_mark(pupil, school, day):
    """The mark that the story goes on with on the day after today."""
    random = Random(f"{school.seed}-{pupil.number}")
    days = [*DAYS, day]
    return list(story(pupil, days, random, school.effects))[-1][0]


def test_tables_hold_the_same_marks_as_the_workbook_of_a_clean_school():
    school = School(60, effects=Effects().switched(off=("dirty_cells",)))
    sheet, tables = school_of_sheet(school), school_of_tables(school)
    assert sheet.sessions == tables.sessions
    for one, other in zip(sheet.students, tables.students, strict=True):
        assert sorted(one.records) == sorted(other.records)
    everything = true_marks(pupils(school), school)
    assert sum(len(student.records) for student in tables.students) < len(everything)  # registers nobody took


def test_under_a_rule_it_does_not_know_the_truth_says_nothing(tmp_path):
    text = resource("params/policy.yml").read_text(encoding="utf-8").replace("unit: day ", "unit: session ")
    (tmp_path / "policy.yml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"not known under \{'unit': 'session'\}"):
        truth.read_rules(tmp_path / "policy.yml")


def test_the_truth_shares_no_code_with_what_it_judges():
    folder = Path(truth.__file__).parent
    imported = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported |= {name for name in names if name.startswith("student_track")}
    assert imported
    assert all(name.startswith("student_track.sample.") or name == "student_track.errors" for name in imported)


def test_the_command_writes_tables_and_truth(student_track, tmp_path):
    options = ("--students", "40", "--effects", "all", "--tables", str(tmp_path / "lake"))
    code, said, _ = student_track("sample", *options, "--truth", str(tmp_path / "truth"))
    assert (code, "What is true of its 40 students" in said) == (0, True)
    with (tmp_path / "truth" / "records.csv").open(encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    assert sum(lakes.rows(tmp_path / "lake", "attendance_records").values()) == len(records)
    assert f"({len(records)} attendance records)" in said
    with (tmp_path / "truth" / "student_metrics.csv").open(encoding="utf-8") as file:
        assert len({row["student_id"] for row in csv.DictReader(file)}) > 30
    code, _, complaint = student_track("sample", *options)
    assert (code, "nothing is overwritten" in complaint) == (2, True)
