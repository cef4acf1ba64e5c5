"""The form of the named queries, and how they are asked."""

import re
from datetime import datetime

import pytest

from student_track import queries
from student_track.errors import InputError
from student_track.policy import load_policy
from student_track.resources import resource
from tests.queries.conftest import AS_OF, VALUES

NAMES = queries.query_names()


@pytest.mark.parametrize("name", NAMES)
def test_a_query_begins_with_the_question_it_answers_and_is_short(name):
    query = queries.named_query(name)
    assert "?" in query.question
    assert not query.question.startswith("-")
    assert len(query.sql.splitlines()) <= 30


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_of_a_query_is_declared_with_its_type(name):
    assert queries.named_query(name).parameters <= set(queries.PARAMETERS)


def test_the_policy_gives_every_parameter_a_value_of_its_type():
    values = queries.values_of(load_policy(resource("params/policy.yml")), AS_OF, 2026)
    assert {name: type(value) for name, value in values.items()} == queries.PARAMETERS


@pytest.mark.parametrize("name", NAMES)
def test_no_query_tells_what_staff_wrote_or_a_name_but_for_the_cohorts_own_staff(name):
    sql = queries.named_query(name).sql
    assert not re.search(r"\bnotes?\b", sql)
    assert "raw_value" not in sql
    assert ("student_name" in sql) == (name == "cohort_roster")


def test_an_unknown_query_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"no query 'call_lst'\. Did you mean call_list\? There are: by_cohort"):
        queries.named_query("call_lst")


def test_a_missing_an_unknown_and_a_mistyped_value_are_refused(spark):
    with pytest.raises(InputError, match="needs as_of_date, tier_scope"):
        queries.ask(spark, "call_list")
    with pytest.raises(InputError, match=r"parameter 'as_of'\. Did you mean as_of_date\?"):
        queries.ask(spark, "call_list", as_of=AS_OF)
    for value in ("2026-11-20", datetime(2026, 11, 20)):
        with pytest.raises(InputError, match="as_of_date is of type date"):
            queries.ask(spark, "call_list", **VALUES | {"as_of_date": value})


def test_of_one_cohort_are_its_students_or_its_own_row(spark, view):
    view("cohorts", {"cohort_id": "7A"}, {"cohort_id": "7B"})
    tardy = {"count_tardy_sessions": 1}
    view(
        "student_metrics",
        *({"student_key": key, **tardy} for key in ("a", "b")),
        {"student_key": "a", "scope": "cohort", "cohort_id": "7A"},
        {"student_key": "b", "scope": "cohort", "cohort_id": "7B"},
    )
    view("cohort_metrics", *({"cohort_id": name, "count_tardy_sessions": 1} for name in ("7A", "7B")))
    students = queries.ask_of_cohort(spark, "tardies", "7B", **VALUES)
    assert [row.student_key for row in students.collect()] == ["b"]
    cohorts = queries.ask_of_cohort(spark, "excused_against_unexcused", "7B", **VALUES)
    assert [row.cohort for row in cohorts.collect()] == ["7B"]
    with pytest.raises(InputError, match=r"no cohort '7a'\. Did you mean 7A\? There are: 7A, 7B"):
        queries.ask_of_cohort(spark, "tardies", "7a", **VALUES)
    with pytest.raises(InputError, match="neither by cohort nor by student"):
        queries.ask_of_cohort(spark, "by_month", "7A", **VALUES)
