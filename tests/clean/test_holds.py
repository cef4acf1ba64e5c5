"""Holds: more than the share, and at least the number; the limits themselves are tested."""

import pytest

from student_track.clean.holds import is_too_much_loss, is_too_much_quarantine


@pytest.mark.parametrize(
    ("refused", "marks", "is_held"),
    [(10, 200, False), (10, 199, True), (9, 20, False), (10, 10, True), (0, 0, False)],
)
def test_a_tab_is_held_above_five_percent_and_from_ten_marks(policy, refused, marks, is_held):
    assert is_too_much_quarantine(refused, marks, policy) is is_held


@pytest.mark.parametrize(
    ("lost", "known", "is_held"), [(11, 110, False), (11, 109, True), (10, 10, False), (11, 11, True), (0, 5, False)]
)
def test_a_cohort_is_held_above_ten_records_and_ten_percent(policy, lost, known, is_held):
    assert is_too_much_loss(lost, known, policy) is is_held
