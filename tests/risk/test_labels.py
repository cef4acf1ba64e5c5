"""The label: what is the event, and which rows have no known outcome."""

from datetime import date, timedelta

import pytest

from student_track.risk import label_definition
from student_track.risk.labels import for_label
from tests.drawn_schools import school_days
from tests.metric_frames import policy_with
from tests.plain_school import Enrolment
from tests.risk_frames import class_of, labelled_rows

DAYS = school_days(35)
LAST_OF_WEEK_TWO, LAST_OF_WEEK_THREE = DAYS[9], DAYS[14]


def stay(name: str, last: date, next_stay_after: int | None = None) -> list[Enrolment]:
    """A stay with a declared end, and where said another in another cohort so many days later."""
    own = [Enrolment(name, "c", DAYS[0], last)]
    later = [] if next_stay_after is None else [Enrolment(name, "d", last + timedelta(days=next_stay_after))]
    return [*own, *later]


@pytest.fixture(scope="module")
def events(spark) -> dict[str, dict[date, bool]]:
    """Whether each student of a class has the event, by landmark; five days a week, so the window is twenty units."""
    lines = {
        "always there": "." * 35,
        "silent": "." * 10 + "A" * 20 + "." * 5,
        "there once": "." * 10 + "A" * 19 + "." * 6,
        "ill": "." * 10 + "E" * 10 + "H" * 15,
        "gone": "." * 4 + "A" * 31,
        "unknown": "." * 15 + "?" * 20,
        "one known absence": "." * 15 + "?" * 19 + "A",
        "left inside": "." * 29 + "-" * 6,
        "left at the end": "." * 30 + "-" * 5,
        **dict.fromkeys(("moved at once", "moved in 31 days", "moved in 32 days"), "." * 21 + "-" * 14),
    }
    stays = {
        "left inside": stay("left inside", DAYS[28]),
        "left at the end": stay("left at the end", DAYS[29]),
        "moved at once": stay("moved at once", DAYS[20], 0),
        "moved in 31 days": stay("moved in 31 days", DAYS[20], 31),
        "moved in 32 days": stay("moved in 32 days", DAYS[20], 32),
    }
    rows = labelled_rows(spark, class_of(DAYS, lines, **stays), DAYS[-1], policy_with())
    return {
        name: {day: row["has_event"] for (other, day), row in sorted(rows.items()) if other == name} for name in lines
    }


def test_landmarks_are_weekly_and_those_whose_window_runs_past_the_end_are_dropped(events) -> None:
    # the window of the third week ends on the very last day
    assert events["always there"] == dict.fromkeys((DAYS[4], DAYS[9], DAYS[14]), False)


@pytest.mark.parametrize(
    ("name", "landmark", "expected"),
    [
        ("silent", LAST_OF_WEEK_TWO, True),
        ("there once", LAST_OF_WEEK_TWO, False),
        ("ill", LAST_OF_WEEK_TWO, True),  # excused absences and half days missed are no presence
        ("gone", LAST_OF_WEEK_TWO, True),
        ("gone", LAST_OF_WEEK_THREE, None),  # gone already: not in the risk set
        ("unknown", LAST_OF_WEEK_THREE, None),  # censored
        ("one known absence", LAST_OF_WEEK_THREE, True),
        ("left inside", LAST_OF_WEEK_TWO, True),
        ("left at the end", LAST_OF_WEEK_TWO, False),
        ("moved at once", LAST_OF_WEEK_TWO, None),  # censored
        ("moved in 31 days", LAST_OF_WEEK_TWO, None),
        ("moved in 32 days", LAST_OF_WEEK_TWO, True),
    ],
)
def test_what_is_the_event_what_is_none_and_what_is_not_known(events, name, landmark, expected) -> None:
    assert events[name].get(landmark) is expected


def test_the_horizon_is_that_of_the_usual_week_and_at_least_so_many_units(spark) -> None:
    once_a_week = [day for day in school_days(60) if day.weekday() == 1]
    rows = labelled_rows(spark, class_of(once_a_week, {"a": "." * 12}), once_a_week[-1], policy_with())
    assert {row["horizon_units"] for row in rows.values()} == {4}
    assert {(row["window_end_date"] - row["landmark_date"]).days for row in rows.values()} == {28}


def test_who_is_absent_already_belongs_to_the_other_label_and_its_horizon_is_in_units(spark) -> None:
    lines = {"gone": "." * 4 + "A" * 26 + "." * 5, "never came": "A" * 35, "back": "." * 4 + "A" * 11 + "." * 20}
    policy = for_label(policy_with(), "dropoff", horizon_units=10)
    rows = labelled_rows(spark, class_of(DAYS, lines), DAYS[-1], policy)
    found = {name: {day: row["has_event"] for (other, day), row in rows.items() if other == name} for name in lines}
    assert found["gone"] == {DAYS[place]: place < 20 for place in (4, 9, 14, 19, 24)}
    assert found["back"] == {DAYS[4]: True} | dict.fromkeys((DAYS[9], DAYS[14], DAYS[19], DAYS[24]), False)
    assert found["never came"] == {}  # who was not there once is no drop-off
    assert {row["horizon_units"] for row in rows.values()} == {10}
    assert "in the next 10 units, among those present once before" in label_definition(policy, "dropoff")


def test_another_horizon_is_another_definition() -> None:
    policy = policy_with()
    other = policy_with(dropout_risk=policy.dropout_risk.model_copy(update={"horizon_weeks": 3}))
    assert label_definition(policy) == label_definition(policy_with(version="other"))
    assert label_definition(policy) != label_definition(other) != label_definition(policy_with(unit="session"))
