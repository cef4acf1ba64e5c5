"""Random registers with random quirks in a random layout: what is read is true, or something is said; never wrong."""

from collections import Counter
from random import Random

import pytest

from tests.sheets.random_registers import random_register

READ_WHOLE_AT_LEAST = 0.5
"""A reader that only asks would never be wrong either."""


def outcome(read, seed):
    """``whole``, or ``said``: some marks are not read, and something says so. Fails where one is wrong."""
    register = random_register(Random(seed))
    reading = read(register.rows, tab=register.tab, **register.choice)
    found = [
        ((mark.student_id, mark.session_date), (mark.meaning or mark.mark).strip(" \u200b").upper())
        for mark in reading.marks
    ]
    wrong = [(key, mark) for key, mark in found if register.truth.get(key) != mark]
    table = "\n".join(map(str, register.rows))
    assert not wrong, f"seed {seed}, {register.layout}: {wrong[:3]}\n{reading.recognition}\n{table}"
    if len(dict(found)) == len(register.truth):
        return "whole"
    is_said = reading.recognition.question or reading.recognition.missing or reading.problems
    is_said = is_said or any("below another row of dates" in note for note in reading.notes)
    assert is_said, f"seed {seed}, {register.layout}: marks are lost\n{reading.recognition}\n{reading.notes}\n{table}"
    return "said"


def check(read, seeds):
    counts = Counter(outcome(read, seed) for seed in seeds)
    assert counts["whole"] >= READ_WHOLE_AT_LEAST * counts.total(), counts


def test_a_hundred_registers(read):
    check(read, range(100))


@pytest.mark.soak
def test_two_thousand_registers(read):
    check(read, range(100, 2_100))
