"""A course under its own policy, from the register to pages and messages: nothing of a school year is wired in."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable

from student_track.errors import InputError
from student_track.policy import load_policy
from student_track.resources import resource
from tests.lakes import student_track

SESSIONS = [date(2026, 6, 22) + timedelta(days=7 * number + day) for number in range(8) for day in (0, 2)]
"""Mondays and Wednesdays from June to August: the course goes on over the first day of a school year."""
MARKS = {"attends": "P" * 16, "exactly": "A" * 4 + "P" * 12, "below": "A" * 5 + "P" * 11, "close": "AAA" + "P" * 9}
OTHERS = [f"other{number:02}" for number in range(12)]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the lake and the pages of the course after one run."""
    folder = tmp_path_factory.mktemp("course")
    register = folder / "course.csv"
    with register.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Student id", "Date", "Class", "Mark"])
        for student, marks in {**MARKS, **dict.fromkeys(OTHERS, "P" * 16)}.items():
            out.writerows(
                [student, day.isoformat(), "Welding", mark]
                for day, mark in zip(SESSIONS[-len(marks) :], marks, strict=True)
            )
    (folder / "settings.yml").write_text(
        f"school_name: Welding\nsheet: '{register}'\npolicy: params/policy_course.yml\ntoday: '2026-08-13'\n",
        encoding="utf-8",
    )
    places = {"STUDENT_TRACK_LAKE": str(folder / "lake"), "STUDENT_TRACK_REPORTS": str(folder / "reports")}
    result = student_track("run", "--settings", str(folder / "settings.yml"), **places)
    assert result.returncode == 0, result.stderr
    return folder


def test_exactly_three_quarters_may_sit_the_exam_and_less_may_not(course: Path) -> None:
    names = ("scope", "count_possible_units", "count_absences", "tier", "policy_version", "period_start_date")
    table = DeltaTable(str(course / "lake" / "attendance" / "student_metrics")).to_pyarrow_table(columns=list(names))
    found = [tuple(row.values())[1:] for row in table.to_pylist() if row["scope"] == "cohort" and row["count_absences"]]
    assert SESSIONS[0] < date(2026, 8, 1) < SESSIONS[-1]
    assert sorted(found) == [
        (12, 3, "moderate_chronic", "course-2026.1", SESSIONS[4]),  # joined later
        (16, 4, "moderate_chronic", "course-2026.1", SESSIONS[0]),
        (16, 5, "severe_chronic", "course-2026.1", SESSIONS[0]),
    ]


def test_the_pages_say_the_limits_and_the_unit_of_the_course(course: Path) -> None:
    (page,) = course.glob("reports/site/*/index.html")
    text = page.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "severe chronic above 25 %" in text
    assert "exactly a limit is still the better tier" in text
    assert "no tier before 4 possible sessions" in text


def test_what_is_not_said_is_taken_from_the_policy_it_is_based_on() -> None:
    school, of_course = (load_policy(resource(f"params/{name}.yml")) for name in ("policy", "policy_course"))
    assert of_course.codes == school.codes
    assert of_course.severe_chronic_from != school.severe_chronic_from


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("based_on: policy.yml\n", "has a version of its own"),
        ("based_on: other.yml\nversion: x\n", "there is no such file"),
        ("based_on: own.yml\nversion: x\n", "line 1: .*is itself based on another"),
        ("based_on: policy.yml\nversion: x\nunits: day\n", "line 3: unknown key `units`"),
    ],
)
def test_a_base_that_cannot_be_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "policy.yml").write_bytes(resource("params/policy.yml").read_bytes())
    (tmp_path / "own.yml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_policy(tmp_path / "own.yml")
