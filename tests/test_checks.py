"""Checks: all of a notebook in one question, each failing by its own sentence, and no name in it."""

import re

import pytest

from student_track.checks import (
    check_all,
    should_be_unique_by,
    should_have_no_nulls_in,
    should_have_rows,
    should_hold,
    should_only_contain,
    should_refer_to,
)
from student_track.errors import CheckFailedError
from student_track.frames import frame_from_columns

CHECKS = {
    "rows": lambda frame: should_have_rows(frame, "cohorts"),
    "unique": lambda frame: should_be_unique_by(frame, "cohorts", "cohort_id"),
    "nulls": lambda frame: should_have_no_nulls_in(frame, "cohorts", "cohort_id", "owner"),
    "values": lambda frame: should_only_contain(frame, "cohorts", "owner", ("kit", "lee")),
    "rule": lambda frame: should_hold(frame, "cohorts", "length(owner) = 3"),
    "reference": lambda frame: should_refer_to(frame, "cohorts", "owner", frame.where("owner = 'kit'"), "owners"),
}


@pytest.fixture
def cohorts(spark):
    """Return a function that makes a frame of cohorts and their owners."""
    return lambda **owners: frame_from_columns(
        spark, {"cohort_id": [name.rstrip("_") for name in owners], "owner": list(owners.values())}
    )


def test_a_frame_that_holds_to_everything_passes(cohorts):
    frame = cohorts(a="kit", b="kit")
    check_all(*(check(frame) for check in CHECKS.values()))


@pytest.mark.parametrize(
    ("name", "owners", "message"),
    [
        ("rows", {}, "cohorts: there is no row: did the notebook before it find anything in the sheet?"),
        ("unique", {"a": "kit", "a_": "lee", "b": "kit"}, "1 keys stand more than once by cohort_id (for example"),
        ("nulls", {"a": None, "b": "kit"}, "1 rows lack one of cohort_id, owner (for example cohort_id a)"),
        ("values", {"a": "kit", "c": "max", "d": None}, "2 rows have another owner than kit, lee (for example"),
        ("rule", {"a": "kit", "b": "kim-lee", "c": None}, "2 rows break the rule length(owner) = 3 (for example"),
        ("reference", {"a": "kit", "b": "lee", "c": None}, "1 rows have a owner that owners does not know"),
    ],
)
def test_each_fails_by_its_own_sentence_whatever_stands_beside_it(cohorts, name, owners, message):
    sound = cohorts(a="kit", b="kit")
    beside = [check(sound) for other, check in CHECKS.items() if other != name]
    with pytest.raises(CheckFailedError, match=re.escape(message)):
        check_all(*beside, CHECKS[name](cohorts(**owners)))


def test_the_first_that_fails_is_told(cohorts):
    frame = cohorts(a="max", b="kim-lee")
    with pytest.raises(CheckFailedError, match="another owner"):
        check_all(CHECKS["values"](frame), CHECKS["rule"](frame))


def test_a_rule_may_hold_braces_and_a_name_is_never_shown(spark):
    people = frame_from_columns(spark, {"student_key": ["k1"], "student_name": ["Ann Secret"]})
    with pytest.raises(CheckFailedError) as failed:
        check_all(should_hold(people, "students", "student_name = '{count}'"))
    assert "student_name = '{count}' (for example student_key k1)" in str(failed.value)
    with pytest.raises(CheckFailedError) as failed:
        check_all(should_only_contain(people, "students", "student_name", ("Ben",)))
    assert "Secret" not in str(failed.value)
