"""Terms that are over, and when there is something to train."""

from datetime import date

import pytest

from student_track.frames import arrow_type, frame_from_rows
from student_track.risk import finished_terms, plan_training
from student_track.risk.terms import Term

AUTUMN = Term(2025, "1", date(2025, 9, 1), date(2025, 12, 18))
SPRING = Term(2025, "2", date(2026, 1, 5), date(2026, 3, 27))
NAMES = ("school_year", "term", "session_date", "is_taken", "is_cancelled")
TYPES = dict(zip(NAMES, map(arrow_type, ("int", "string", "date", "boolean", "boolean")), strict=True))


def sessions(spark, *terms: Term):
    """First and last session of each term, all taken."""
    rows = [
        (term.school_year, term.name, day, True, False) for term in terms for day in (term.first_date, term.last_date)
    ]
    return frame_from_rows(spark, NAMES, rows, TYPES)


def models(spark, *judged: tuple[str, str, date]):
    names = ("label_definition", "policy_version", "judged_to_date")
    return frame_from_rows(spark, names, judged, {"judged_to_date": arrow_type("date")})


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2025, 12, 18), ()),
        (date(2026, 1, 1), ()),  # 14 days after the last session: the gap is not over yet
        (date(2026, 1, 2), (AUTUMN,)),
        (date(2026, 1, 5), (AUTUMN,)),
        (date(2026, 3, 28), (AUTUMN,)),
        (date(2026, 4, 11), (AUTUMN, SPRING)),
    ],
)
def test_a_term_is_over_when_a_later_one_has_begun_or_the_gap_has_passed(spark, as_of, expected) -> None:
    assert finished_terms(sessions(spark, AUTUMN, SPRING), as_of, 14) == expected


def test_planned_sessions_keep_a_term_open(spark) -> None:
    planned = frame_from_rows(spark, NAMES, [(2025, "1", date(2026, 2, 1), False, False)], TYPES)
    assert finished_terms(sessions(spark, AUTUMN).unionByName(planned), date(2026, 1, 20), 14) == ()


def test_the_last_finished_term_judges_what_the_earlier_ones_taught(spark) -> None:
    task = plan_training((AUTUMN, SPRING), models(spark), "label", "2026.1")
    assert (task.train, task.test) == ((AUTUMN,), SPRING)


@pytest.mark.parametrize("terms", [(), (AUTUMN,)])
def test_with_fewer_than_two_finished_terms_there_is_nothing_to_do(spark, terms) -> None:
    task = plan_training(terms, models(spark), "label", "2026.1")
    assert not task.is_due
    assert "Two finished terms are needed" in task.because


@pytest.mark.parametrize(
    ("label", "version", "judged_to", "is_due"),
    [
        ("label", "2026.1", SPRING.last_date, False),
        ("label", "2026.1", date(2026, 7, 17), False),  # a later term was judged already: an older date is run again
        ("label", "2026.1", AUTUMN.last_date, True),
        ("label", "2025.9", SPRING.last_date, True),
        ("another", "2026.1", SPRING.last_date, True),
    ],
)
def test_it_is_done_once_for_a_term_a_label_and_a_policy(spark, label, version, judged_to, is_due) -> None:
    task = plan_training((AUTUMN, SPRING), models(spark, (label, version, judged_to)), "label", "2026.1")
    assert task.is_due is is_due
