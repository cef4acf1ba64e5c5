"""The command ``ask``: it lists the questions, answers one, of one cohort or all, and says what it does not know."""

import csv
import io
import json

import pandas as pd
import pytest

from student_track import queries
from student_track.query_output import formatted


@pytest.fixture
def ask(sample_lake, student_track):
    """Ask a question of the sample school's lake."""
    return lambda *arguments: student_track("ask", *arguments, "--lake", str(sample_lake))


def test_without_a_name_every_question_is_listed_with_its_sentence(student_track):
    code, said, _ = student_track("ask", "--format", "json")
    assert code == 0
    listed = {row["name"]: row["question"] for row in json.loads(said)}
    assert listed == {name: queries.named_query(name).question for name in queries.query_names()}


def test_an_answer_keeps_its_order_and_whole_numbers_whole(ask):
    code, said, complaint = ask("call_list", "--format", "json")
    assert code == 0, complaint
    rows = json.loads(said)
    streaks = [int(row["streak"].rstrip("+")) for row in rows]
    assert streaks == sorted(streaks, reverse=True)
    rooms = {row["absences_to_next_tier"] for row in rows}
    assert None in rooms
    assert all(isinstance(room, int) for room in rooms - {None})
    assert rows[0]["last_absence_date"] <= "2026-11-20"


def test_of_one_cohort_less_is_said_in_the_same_order(ask):
    everybody = [row["student_key"] for row in csv_of(ask("call_list", "--format", "csv"))]
    own = [row["student_key"] for row in csv_of(ask("call_list", "--format", "csv", "--cohort", "Ash"))]
    assert 0 < len(own) < len(everybody)
    assert own == [key for key in everybody if key in own]


def csv_of(result):
    assert result[0] == 0, result[2]
    return list(csv.DictReader(io.StringIO(result[1])))


def test_an_answer_stands_in_a_table_that_cuts_nothing_off(ask):
    code, said, _ = ask("by_cohort")
    assert code == 0
    assert "lindgren@example.org" in said
    assert "…" not in said


def test_what_a_cell_holds_is_shown_and_not_obeyed():
    shown = formatted(pd.DataFrame({"cell": ["[red]a\x1b[2Jb"]}), "table")
    assert "[red]a⟨U+001B⟩[2Jb" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("call_lst",), "Did you mean call_list?"),
        (("call_list", "--cohort", "ash"), "Did you mean Ash?"),
        (("by_month", "--cohort", "Ash"), "neither by cohort nor by student"),
        (("call_list", "--as-of", "2026-11-18"), "no metrics for 2026-11-18. The latest there are: 2026-11-20"),
        (("call_list", "--as-of", "yesterday"), "as_of_date"),
        (("call_list", "--format", "xml"), "table, csv, json"),
    ],
)
def test_what_is_not_known_is_said(ask, arguments, said):
    code, _, complaint = ask(*arguments)
    assert code == 2
    assert said in complaint


def test_an_unknown_option_is_refused_with_those_there_are(ask):
    code, _, complaint = ask("call_list", "--cohrt", "Ash")
    assert code == 2
    assert "--cohort" in complaint
