"""The rule by which trees take the place of the logistic model, as a table: what holds, and what is missing."""

import pytest

from student_track.risk.audit import Audit
from student_track.risk.figures import Figure
from student_track.risk.promotion import Contest, TermResult, conditions, why_not_tried

CLEAR = TermResult("Spring", gain=Figure(0.020, 0.004, 0.036), precision_gain=0.0)
JUST = TermResult("Summer", gain=Figure(0.010, 0.001, 0.019), precision_gain=0.02)
TOO_SMALL = TermResult("Summer", gain=Figure(0.009, 0.001, 0.017), precision_gain=0.02)
NOT_SURE = TermResult("Summer", gain=Figure(0.030, 0.000, 0.060), precision_gain=0.02)
NAMES_FEWER = TermResult("Summer", gain=Figure(0.020, 0.004, 0.036), precision_gain=-0.001)
UNFAIR = TermResult("Summer", JUST.gain, 0.02, Audit(alarms=("girls missed",), said="Fairness: girls missed."))
FAIR = TermResult("Summer", JUST.gain, 0.02, Audit(said="Fairness: no gap beyond the limits among girls, boys."))


@pytest.mark.parametrize(
    ("students", "terms", "results", "passes_gate", "has_reasons", "missing"),
    [
        (400, 3, (CLEAR, JUST), True, True, ""),
        (400, 3, (CLEAR, FAIR), True, True, ""),
        (399, 3, (CLEAR, JUST), True, True, "enough to learn trees from: 399 students"),
        (400, 2, (CLEAR, JUST), True, True, "enough to learn trees from"),
        (400, 3, (JUST,), True, True, "on two terms in a row"),  # one term won is not two
        (400, 3, (TOO_SMALL, CLEAR), True, True, "on Summer ranks above"),
        (400, 3, (CLEAR, TOO_SMALL), True, True, "on Summer ranks above"),
        (400, 3, (CLEAR, NOT_SURE), True, True, "on Summer ranks above"),  # an interval that touches 0 is not above it
        (400, 3, (CLEAR, NAMES_FEWER), True, True, "on Summer at staff's capacity names no fewer"),
        (400, 3, (CLEAR, UNFAIR), True, True, "on Summer treats no group worse: Fairness: girls missed"),
        (400, 3, (CLEAR, JUST), False, True, "passes the gate itself"),
        (400, 3, (CLEAR, JUST), True, False, "gives exact reasons"),
    ],
)
def test_all_must_hold(students, terms, results, passes_gate, has_reasons, missing) -> None:
    found = conditions(Contest(students, terms, results, passes_gate, has_reasons))
    failed = [sentence for holds, sentence in found if not holds]
    assert len(failed) == bool(missing)
    assert missing in "".join(failed)


@pytest.mark.parametrize(
    ("students", "terms", "because"),
    [
        (400, 3, ""),
        (399, 3, "399 students dropped off in the terms to train on; 400 are needed before trees can be better."),
        (4000, 2, "2 terms have finished; 3 are needed, for trees are judged on two in a row."),
    ],
)
def test_with_less_they_are_not_even_tried(students, terms, because) -> None:
    assert why_not_tried(students, terms) == because


def test_without_groups_it_says_that_none_were_compared() -> None:
    said = " ".join(sentence for _, sentence in conditions(Contest(400, 3, (CLEAR, FAIR), True, True)))
    assert "on Spring treats no group worse: no groups were supplied, none were compared" in said
    assert "no gap beyond the limits among girls, boys" in said
