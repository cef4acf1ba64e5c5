"""A student's page: its numbers are those of the tables, its marks those of the register, and nobody else is on it."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from student_track import reporting, session
from student_track.page_names import student_file
from student_track.privacy import student_label
from student_track.reporting.calendar import calendar_of
from student_track.reporting.student_facts import Mark
from student_track.reporting.student_page import LEAST_MARKS_TO_COMPARE, time_line
from student_track.settings import load_settings
from tests.reporting.conftest import HELL

DAY = date(2026, 9, 7)
MARK = Mark(DAY, "", "7A", "present", True, False, False, "P", "7A", "B2")


@pytest.fixture(scope="module")
def made(sample_run, policy, tmp_path_factory):
    """The frame, the facts of every student of the sample school, and the lake they were read from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDENT_TRACK_LAKE", str(sample_run / "lake" / "school"))
        patch.setenv("STUDENT_TRACK_REPORTS", str(tmp_path_factory.mktemp("reports")))
        config = load_settings("params/sample.yml")
        spark = session.spark(config)
        day = reporting.day_of(spark.table("student_metrics"), None, policy)
        frame = reporting.frame_of(config, policy, day, reporting.school_facts(spark, day, policy))
        students = list(reporting.each_student(spark, day, reporting.student_sessions(spark, day, frame.from_date)))
        rows = spark.table("attendance_records").where("school_year = 2026 AND session_date <= '2026-11-20'")
        return frame, students, rows.select("student_key", "tab", "cell", "mark").toArrow().to_pylist()


@pytest.fixture(scope="module")
def pages(made):
    frame, students, _ = made
    return {student.student_key: reporting.student_page(frame, student) for student in students}


def test_every_students_weekdays_and_tiers_end_where_the_standing_does(made):
    _, students, _ = made
    assert len(students) == 361
    for student in students:
        (row,) = student.standings
        assert sum(day["count_possible_units"] for day in student.weekdays) == row["count_possible_units"]
        assert sum(day["missed_units"] for day in student.weekdays) == pytest.approx(row["missed_units"])
        tiers = [event for event in time_line(student) if event.what == "tier"]
        assert (tiers[0].subject, tiers[0].date) == (row["tier"], row["tier_since_date"])
        assert all(one.date >= other.date for one, other in pairwise(tiers))


def test_every_students_marks_are_those_the_table_counts_each_with_its_cell(made):
    _, students, records = made
    of_student = {student.student_key: student for student in students}
    cells = Counter((row["student_key"], row["tab"], row["cell"], row["mark"]) for row in records)
    shown = Counter(
        (key, mark.tab, mark.cell, mark.mark) for key, one in of_student.items() for mark in one.marks if mark.cell
    )
    assert shown == Counter({cell: count for cell, count in cells.items() if cell[0] in of_student})
    for student in students:
        (row,) = student.standings
        counted = [mark for mark in student.marks if mark.is_counted]
        missed = [mark for mark in counted if mark.state in ("absent", "partial")]
        assert len(counted) == row["count_expected_sessions"]
        assert sum(mark.state != "unknown" for mark in counted) == row["count_known_sessions"]
        assert sum(mark.is_excused for mark in missed) == row["count_excused_sessions"]
        assert sum(not mark.is_excused for mark in missed) == row["count_unexcused_sessions"]
        assert sum(mark.is_tardy for mark in counted) == row["count_tardy_sessions"]


def test_the_page_shows_the_figures_every_mark_and_its_cell(made, pages):
    _, students, _ = made
    student = next(one for one in students if one.standings[0]["tier"] == "severe_chronic" and one.actions)
    (row,) = student.standings
    soup = BeautifulSoup(pages[student.student_key].replace("\N{NO-BREAK SPACE}", " "), "html.parser")
    figures = [figure.get_text(" ", strip=True) for figure in soup.select(".figures li")]
    missed = f"{row['missed_units']:.1f}".removesuffix(".0")
    assert figures[0] == (
        f"{100 * row['attendance_rate']:.1f} % attendance: {missed} of {row['count_possible_units']} missed"
    )
    assert figures[1].startswith(f"{row['count_excused_sessions']} / {row['count_unexcused_sessions']} ")
    assert f"the longest was {row['count_longest_streak_units']}" in figures[2]
    cells = [line.find_all("td")[-1].get_text(" ", strip=True) for line in soup.select(".marks tbody tr")]
    assert cells == [f"{mark.tab} {mark.cell}" if mark.cell else "–" for mark in reversed(student.marks)]


@pytest.mark.parametrize(
    ("units", "is_open", "said"),
    [(1, False, "1 absence, on "), (1, True, "1+ absences in a row,"), (2, False, "2 absen")],
)
def test_a_streak_of_one_is_no_row_of_absences(made, units, is_open, said):
    frame, students, _ = made
    student = next(one for one in students if one.standings[0]["count_streak_units"])
    standing = student.standings[0] | {"count_streak_units": units, "is_streak_open": is_open}
    page = BeautifulSoup(reporting.student_page(frame, replace(student, standings=[standing])), "html.parser")
    assert page.select(".figures li")[2].get_text(" ", strip=True).startswith(said)


def test_who_has_no_score_reads_why(made, pages):
    _, students, _ = made
    silent = [(one.student_key, row) for one in students for row in one.cohorts if row["abstained_because"]]
    assert silent
    for key, row in silent:
        if row["status"] != "left":
            assert f"No score: {row['abstained_because']}." in BeautifulSoup(pages[key], "html.parser").get_text()


def test_a_before_and_after_never_stands_without_its_caution(made, pages):
    _, students, _ = made
    compared = {
        one.student_key
        for one in students
        for effect in one.effects
        if min(effect["marks_before"], effect["marks_after"]) >= LEAST_MARKS_TO_COMPARE
    }
    assert 0 < len(compared) < len(students)
    assert {key for key, page in pages.items() if "regression to the mean" in page} == compared
    assert {key for key, page in pages.items() if 'class="effects"' in page} == compared


def test_nobody_else_is_on_a_students_page(made, pages):
    _, students, _ = made
    names = Counter(one.student_name for one in students)
    others = {one.student_key: one.student_name for one in students if names[one.student_name] == 1}
    assert len(others) > 300
    for key, page in pages.items():
        assert student_label(key) in page
        assert not [other for other, name in others.items() if other != key and (name in page or other in page)]


def test_pages_are_named_by_pseudonym_and_their_owners_alone(site, made):
    _, students, _ = made
    for student in students:
        path = site / student_file(student.student_key)
        assert path.stat().st_mode & 0o777 == 0o600
        assert student.student_key not in path.name
        assert student.student_id not in path.name.split("-")


@pytest.mark.parametrize(
    ("states", "day"),
    [
        (["present"], "present"),
        (["absent", "absent"], "absent"),
        (["present", "absent"], "partial"),
        (["partial"], "partial"),
        (["absent", "unknown"], "absent"),  # half is known: the unit is possible
        (["absent", "unknown", "unknown"], "unknown"),
        (["not_expected"], "not_expected"),
    ],
)
def test_a_day_of_the_calendar(states, day, policy):
    marks = [MARK._replace(state=state, is_counted=state != "not_expected") for state in states]
    shown = calendar_of(marks, policy.possible_from_known)
    assert shown.days[1][0].state == day
    assert shown.weeks == [DAY]


def test_the_calendar_has_every_week_between(policy):
    marks = [MARK, MARK._replace(date=DAY + timedelta(days=19), state="absent", is_excused=True)]
    shown = calendar_of(marks, policy.possible_from_known)
    assert shown.weeks == [DAY, DAY + timedelta(days=7), DAY + timedelta(days=14)]
    assert sorted(shown.days) == [1, 2, 3, 4, 5, 6]  # a Saturday occurs
    assert [(day.state, day.is_excused) for day in shown.days[6]][-1] == ("absent", True)
    assert calendar_of([], policy.possible_from_known) is None


def from_hell(student, text):
    """The student's facts with a text from hell wherever the sheet's own words stand."""
    own = [mark._replace(cohort=text, period=text, mark=text, tab=text) for mark in student.marks]
    cohorts = [row | {"cohort": text, "is_held": True, "held_reason": text} for row in student.cohorts]
    actions = [{"action_date": DAY, "kind": text, "taken_by": text}]
    effects = [row | {"kind": text} for row in student.effects]
    return replace(
        student, student_id=text, student_name=text, marks=own, cohorts=cohorts, actions=actions, effects=effects
    )


@pytest.mark.parametrize("text", HELL, ids=range(len(HELL)))
def test_names_from_hell_are_text(made, text):
    frame, students, _ = made
    page = reporting.student_page(frame, from_hell(students[0], text))
    soup = BeautifulSoup(page, "html.parser")
    assert soup.script is None
    assert soup.h1.get_text() == text
    assert not [link for link in soup.find_all("a") if link["href"].startswith(("http", "javascript"))]
    assert text in {cell.get_text() for cell in soup.select(".marks td bdi")}


def test_a_whole_year_of_five_periods_a_day_is_no_heavy_page(made):
    frame, students, _ = made
    days = [DAY + timedelta(days=number) for number in range(266) if number % 7 < 5]
    marks = [
        MARK._replace(date=day, period=str(period), tab="Class 7A", cell=f"FM{number}")
        for number, day in enumerate(days, 100)
        for period in range(1, 6)
    ]
    page = reporting.student_page(frame, replace(students[0], marks=marks))
    assert len(marks) == 950
    assert len(page.encode()) < 150_000
