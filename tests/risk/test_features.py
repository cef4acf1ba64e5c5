"""Features: against a plain reference, at their boundaries, and blind to everything after the landmark."""

import math
import random
from datetime import date, timedelta

import pytest

from student_track.risk import FEATURE_NAMES
from tests.drawn_schools import school_days, together
from tests.metric_frames import policy_with
from tests.plain_school import Enrolment
from tests.risk_frames import class_of, students_on

DAYS = school_days(30)
MISSED = {".": 0.0, "T": 0.0, "A": 1.0, "E": 1.0, "H": 0.5}


def drawn_lines(seed: int, count: int = 9) -> dict[str, str]:
    """A class of the seed: every sign a register has, unknown units among them; the first day is everybody's."""
    rng = random.Random(seed)
    signs = [rng.choices("..........TAAEH?", k=len(DAYS) - 1) for _ in range(count)]
    return {f"s{place}": "." + "".join(line) for place, line in enumerate(signs)}


def reference(line: str) -> dict[str, float]:
    """The features of one student's line but for those that need the class, by counting."""
    known = [sign for sign in line if sign != "?"]
    missed = [MISSED[sign] for sign in known]
    absent = [share >= 0.5 for share in missed]
    streak = longest = now = 0
    for is_absent in absent:
        now = now + 1 if is_absent else 0
        longest = max(longest, now)
        streak = now

    def rate(part: list[float]) -> float:
        return 1 - sum(part) / len(part)

    def ewma(half_life: int) -> float:
        weights = [0.5 ** ((len(missed) - 1 - place) / half_life) for place in range(len(missed))]
        return 1 - sum(w * m for w, m in zip(weights, missed, strict=True)) / sum(weights)

    return {
        "rate_all": rate(missed),
        "rate_5": rate(missed[-5:]),
        "rate_10": rate(missed[-10:]),
        "rate_20": rate(missed[-20:]),
        "ewma_3": ewma(3),
        "ewma_10": ewma(10),
        "log_streak": math.log1p(streak),
        "log_longest_streak": math.log1p(longest),
        "first_rate": rate(missed[:4]),
        "late_share": known.count("T") / len(known),
    }


@pytest.mark.parametrize("count_days", [4, 30])
def test_they_are_those_of_a_plain_reference(spark, count_days) -> None:
    lines = {name: line[:count_days] for name, line in drawn_lines(1).items()}
    day = DAYS[count_days - 1]
    found = students_on(spark, class_of(DAYS[:count_days], lines), [day])
    members = [name for name in lines if found[name, day]["is_in_risk_set"]]
    recent = [reference(lines[name])["rate_10"] for name in members]
    mean = sum(recent) / len(recent)
    deviation = math.sqrt(sum((rate - mean) ** 2 for rate in recent) / len(recent))
    for name, line in lines.items():
        expected = reference(line)
        expected["class_z"] = (expected["rate_10"] - mean) / max(deviation, 0.05)
        expected["week"] = float((day - DAYS[0]).days // 7)
        assert set(expected) == set(FEATURE_NAMES)
        assert {key: found[name, day][key] for key in expected} == pytest.approx(expected, abs=2e-9), name


def test_nothing_after_the_landmark_touches_a_row(spark) -> None:
    lines, day = drawn_lines(2), DAYS[19]
    turned = {
        name: line[:20] + "".join("A" if sign == "." else "." for sign in line[20:]) for name, line in lines.items()
    }
    before = students_on(spark, class_of(DAYS, lines), [day, DAYS[-1]])
    after = students_on(spark, class_of(DAYS, turned), [day, DAYS[-1]])
    assert {key: row for key, row in before.items() if key[1] == day} == {
        key: row for key, row in after.items() if key[1] == day
    }
    assert before["s0", DAYS[-1]]["rate_10"] != after["s0", DAYS[-1]]["rate_10"]


def test_an_unknown_unit_keeps_what_stood_before_it(spark) -> None:
    found = students_on(spark, class_of(DAYS[:6], {"a": "..AA?.", "b": "..AA??"}), [DAYS[4], DAYS[5]])
    assert found["b", DAYS[5]]["rate_all"] == found["b", DAYS[4]]["rate_all"] == 0.5
    assert found["b", DAYS[5]]["count_streak_units"] == 2


@pytest.fixture(scope="module")
def on_the_thirteenth_day(spark) -> dict[str, dict[str, object]]:
    """A class with one student for each boundary, and a small one, looked at on a Wednesday: rows by student."""
    lines = {
        **dict.fromkeys(("f1", "f2", "f3", "f4", "f5", "f6", "f7"), "." * 13),
        "away for 13 days": "...." + "A" * 9,
        "away for 14 days": "..." + "A" * 10,
        "never came": "A" * 13,
        "last day": "." * 13,
        "day before the last": "." * 13,
        "joined two weeks ago": "--" + "." * 11,
        "joined 13 days ago": "---" + "." * 10,
        "joined two days ago": "-" * 11 + "..",
    }
    joined = {"joined two weeks ago": DAYS[2], "joined 13 days ago": DAYS[3], "joined two days ago": DAYS[11]}
    stays = {name: [Enrolment(name, "c", day)] for name, day in joined.items()} | {
        "last day": [Enrolment("last day", "c", DAYS[0], DAYS[12])],
        "day before the last": [Enrolment("day before the last", "c", DAYS[0], DAYS[13])],
    }
    small = class_of(DAYS[:13], dict.fromkeys(("1", "2", "3", "4", "5", "6", "7"), "." * 13), cohort="small")
    found = students_on(spark, together(class_of(DAYS[:13], lines, **stays), small), [DAYS[12]])
    return {name: row for (name, _), row in found.items()}


@pytest.mark.parametrize(
    ("name", "is_in_risk_set", "because"),
    [
        ("f1", True, None),
        ("away for 13 days", True, None),
        ("away for 14 days", False, "already absent for 10 days in a row"),
        ("never came", False, "not present once so far"),
        ("last day", False, "last day in the cohort"),
        ("day before the last", True, None),
        ("joined two weeks ago", True, None),
        ("joined 13 days ago", True, "too early: less than 2 weeks since the first day"),
        ("joined two days ago", True, "too early: fewer than 3 days are known"),
        ("7", True, "fewer than 8 students in the cohort to compare with"),
    ],
)
def test_who_is_in_the_risk_set_and_who_is_scored(on_the_thirteenth_day, name, is_in_risk_set, because) -> None:
    row = on_the_thirteenth_day[name]
    assert (row["is_in_risk_set"], row["abstained_because"]) == (is_in_risk_set, because)


def test_after_a_long_holiday_the_last_units_count(spark) -> None:
    days = [DAYS[0], DAYS[1], *[day + timedelta(weeks=4) for day in DAYS[:3]]]
    found = students_on(spark, class_of(days, {"a": "..AA-", "b": ".AAA-", "c": "....-"}), [days[3]])
    assert [found[name, days[3]]["is_in_risk_set"] for name in "abc"] == [True, False, True]


def test_sessions_can_be_the_units(spark) -> None:
    policy = policy_with(unit="session")
    found = students_on(spark, class_of(DAYS[:2], {"a": "[.A][A.]", "b": "[..][..]"}), [DAYS[1]], policy)
    row = found["a", DAYS[1]]
    assert (row["count_possible"], row["rate_all"], row["count_longest_streak"]) == (4, 0.5, 2)
    assert row["abstained_because"].endswith("weeks since the first session")


def test_a_landmark_is_in_the_term_the_class_was_in(spark) -> None:
    found = students_on(spark, class_of(DAYS[:5], {"a": "....."}), [DAYS[4] + timedelta(days=2)])
    assert list(found) == [("a", date(2026, 9, 6))]
