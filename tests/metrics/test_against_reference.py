"""Random schools under random policies: every figure of every student equals the plain-Python reference."""

import random
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from student_track.policy import TIERS, Policy
from tests import reference_metrics
from tests.metric_frames import gold_of, measured_rows, policy_with, rows_by_key, rules_of, silver_of
from tests.plain_school import Record, School, Session
from tests.random_schools import FIRST_DAY, Shape, random_school

CODES = {"any": {"marks": ["any"], "state": "partial", "missed": "1/12"}}
# A smaller seed is no smaller school: shrinking would only cost minutes.
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
COMMON = settings(phases=WITHOUT_SHRINKING, suppress_health_check=list(HealthCheck))
BRIEF = settings(COMMON, max_examples=7, derandomize=True)
LONG = settings(COMMON, max_examples=50)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies that differ in everything a figure depends on; small numbers, so that every rule is met."""
    share = st.fractions(Fraction(1, 12), Fraction(11, 12), max_denominator=12)
    limits = sorted(draw(st.sets(share, min_size=3, max_size=3)))
    return policy_with(
        codes=CODES,
        unit=draw(st.sampled_from(("day", "session"))),
        blank_mark=draw(st.sampled_from(("unknown", "present", "absent"))),
        possible_from_known=draw(st.sampled_from((Fraction(1, 3), Fraction(1, 2), Fraction(1)))),
        absence_from_missed=draw(st.sampled_from((Fraction(1, 3), Fraction(1, 2), Fraction(1)))),
        enrolment_closes_after_registers=draw(st.integers(1, 12)),
        at_risk_from=limits[0],
        moderate_chronic_from=limits[1],
        severe_chronic_from=limits[2],
        tier_from_possible_units=draw(st.integers(1, 12)),
        withheld_window_units=draw(st.integers(1, 20)),
        withheld_above_unknown=draw(st.sampled_from((Fraction(0), Fraction(1, 10), Fraction(1, 3)))),
        early_warning_units=draw(st.integers(0, 20)),
        early_warning_absences=draw(st.integers(1, 4)),
        trend_window_units=draw(st.integers(1, 12)),
        attention_tiers=draw(st.lists(st.sampled_from(TIERS), unique=True)),
        attention_streak_units=draw(st.integers(1, 4)),
        tier_limit_belongs_to=draw(st.sampled_from(("worse", "better"))),
        weekday_pattern_up_to_chance=draw(st.sampled_from((Fraction(1, 100), Fraction(1, 4), Fraction(1)))),
        ladder=draw(ladders()),
        suppress_groups_below=draw(st.integers(0, 12)),
        overrides=draw(st.lists(overrides(limits), unique_by=lambda override: override["cohort"], max_size=2)),
    )


def ladders() -> st.SearchStrategy[list[dict[str, object]]]:
    """Up to three rungs, each due from a tier or from absences."""
    due = st.one_of(
        st.fixed_dictionaries({"due_from_tier": st.sampled_from(TIERS[1:])}),
        st.fixed_dictionaries({"due_from_absences": st.integers(1, 6)}),
    )
    kinds = st.lists(st.sampled_from(("call", "letter", "meeting")), min_size=1, unique=True)
    rung = st.builds(
        lambda of, by, within: {**of, "satisfied_by": by, "within_units": within}, due, kinds, st.integers(0, 9)
    )
    return st.lists(rung, max_size=3).map(
        lambda rungs: [{**rung, "name": f"rung {number}"} for number, rung in enumerate(rungs)]
    )


@st.composite
def overrides(draw: st.DrawFn, limits: list[Fraction]) -> dict[str, object]:
    """Rules of one cohort, in force for ever or beginning with the last days."""
    first = draw(st.sampled_from((FIRST_DAY, Shape().as_of)))
    rules = {
        "severe_chronic_from": draw(st.sampled_from((limits[2], Fraction(23, 24)))),
        "tier_from_possible_units": draw(st.integers(1, 6)),
        "withheld_window_units": draw(st.integers(1, 9)),
        "trend_window_units": draw(st.integers(1, 9)),
        "attention_streak_units": draw(st.integers(1, 4)),
        "early_warning_units": draw(st.integers(0, 9)),
    }
    some = draw(st.sets(st.sampled_from(sorted(rules)), min_size=1))
    return {"cohort": draw(st.sampled_from(("c0", "c1", "c2"))), "from": first, **{name: rules[name] for name in some}}


def assert_as_the_reference_says(spark: SparkSession, seed: int, policy: Policy, shape: Shape) -> None:
    school = random_school(seed, shape)
    found = measured_rows(spark, school, shape.as_of, policy)
    expected = reference_metrics.student_metrics(school, rules_of(policy, shape.as_of), shape.as_of)
    assert found.keys() == expected.keys()
    different = [
        (key, name, found[key][name], value)
        for key, row in expected.items()
        for name, value in row.items()
        if not _is_same(found[key][name], value)
    ]
    assert not different, different[:5]


def _is_same(found: object, expected: object) -> bool:
    if isinstance(expected, Fraction):
        return found is not None and abs(found - float(expected)) < 1e-9
    return found == expected


@BRIEF
@given(seed=seeds, policy=policies())
def test_every_figure_equals_the_reference(spark: SparkSession, seed: int, policy: Policy) -> None:
    assert_as_the_reference_says(spark, seed, policy, Shape())


def test_every_figure_equals_the_reference_under_the_policy_as_it_is(spark: SparkSession) -> None:
    shape = Shape(count_cohorts=4, count_days=60, students_per_cohort=20)
    assert_as_the_reference_says(spark, 20261120, policy_with(codes=CODES), shape)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(21))  # 1,050 schools, in parts that end in time
@LONG
@given(seed=seeds, policy=policies())
def test_every_figure_equals_the_reference_in_many_schools(
    spark: SparkSession, part: int, seed: int, policy: Policy
) -> None:
    assert_as_the_reference_says(spark, seed, policy, Shape(count_cohorts=6, count_days=48, students_per_cohort=12))


def test_what_is_dated_after_the_as_of_date_changes_nothing(spark: SparkSession) -> None:
    shape = Shape()
    school, as_of = random_school(7, shape), shape.days[20]
    assert any(session.is_taken and session.day > as_of for session in school.sessions)
    truncated = up_to(school, as_of)
    assert len(truncated.records) < len(school.records)
    policy = policy_with(codes=CODES, tier_from_possible_units=4, enrolment_closes_after_registers=5)
    assert measured_rows(spark, school, as_of, policy) == measured_rows(spark, truncated, as_of, policy)


def up_to(school: School, as_of: date) -> School:
    """Return the school as it stood on the date: of what comes later only the plan is known."""
    days = {session.session_id: session.day for session in school.sessions}
    sessions = [
        session if session.day <= as_of else session._replace(is_taken=False, is_in_sheet=False)
        for session in school.sessions
        if session.day <= as_of or session.is_in_calendar
    ]
    return school._replace(
        enrolments=[stay._replace(last=None if stay.last and stay.last > as_of else stay.last) for stay in school[0]],
        sessions=sessions,
        records=[mark for mark in school.records if days[mark.session_id] <= as_of],
        spoiled=[mark for mark in school.spoiled if days[mark.session_id] <= as_of],
    )


def test_the_order_of_rows_changes_nothing(spark: SparkSession) -> None:
    shape = Shape()
    school = random_school(11, shape)
    shuffled = School(*(random.Random(1).sample(rows, len(rows)) for rows in school))
    policy = policy_with(codes=CODES, unit="session", tier_from_possible_units=4)
    assert measured_rows(spark, shuffled, shape.as_of, policy) == measured_rows(spark, school, shape.as_of, policy)


def with_one_mark_turned(school: School, shape: Shape) -> tuple[str, list[Record]]:
    """Return a student with a mark that counts, and the records with that mark turned into its opposite."""
    known = {(mark.student, mark.session_id) for mark in school.records}
    student, session_id = next(pair for pair in sorted(known) if _is_counted(school, *pair, shape))
    turned = [m._replace(missed=1 - m.missed) if m[:2] == (student, session_id) else m for m in school.records]
    return student, turned


def test_an_edit_to_an_old_mark_changes_no_row_outside_the_students_cohorts(spark: SparkSession) -> None:
    shape = Shape()
    school = random_school(3, shape)
    student, changed = with_one_mark_turned(school, shape)
    policy = policy_with(codes=CODES)
    before = measured_rows(spark, school, shape.as_of, policy)
    after = measured_rows(spark, school._replace(records=changed), shape.as_of, policy)
    cohorts = {stay.cohort for stay in school.enrolments if stay.student == student}
    different = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert (student, "school", "") in different
    assert all(key[0] == student or key[2] in cohorts for key in different)


def test_the_reference_would_see_one_mark_more(spark: SparkSession) -> None:
    """The comparison is able to fail: one absence more in the reference's school is seen."""
    shape = Shape()
    school = random_school(3, shape)
    student, changed = with_one_mark_turned(school, shape)
    policy = policy_with(codes=CODES)
    found = rows_by_key(gold_of(silver_of(spark, school), policy, shape.as_of, shape.days[0]))
    expected = reference_metrics.student_metrics(
        school._replace(records=changed), rules_of(policy, shape.as_of), shape.as_of
    )
    own = (student, "school", "")
    assert not _is_same(found[own]["missed_units"], expected[own]["missed_units"])


def _is_counted(school: School, student: str, session_id: str, shape: Shape) -> bool:
    session: Session = next(s for s in school.sessions if s.session_id == session_id)
    mark: Record = next(m for m in school.records if m[:2] == (student, session_id))
    stays = [stay for stay in school.enrolments if stay.student == student]
    is_whole = all(stay.first == shape.days[0] and stay.last is None for stay in stays) and len(stays) == 1
    return is_whole and not session.is_cancelled and session.period == "" and mark.counts_in_rate
