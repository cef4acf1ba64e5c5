"""What a new day makes of yesterday's episodes: the table reads like a specification."""

from datetime import timedelta

import pytest

from student_track.alerting.episodes import Episode, changed, decide, transitions
from student_track.alerting.signals import BY_REACTION, IN_THE_SHEET, Signal
from student_track.alerting.standings import AlertDay
from tests.alerting.conftest import DAY, standing

KEY = "a" * 16
YESTERDAY = DAY - timedelta(days=1)
RULES = ("streak", "tier_entered")
OWNERS = {"7A": "ann@example.org", "7B": "ben@example.org"}


def streak(state, number=1, **more):
    told = {"notified_date": YESTERDAY} if state == "notified" else {}
    return Episode(KEY, "streak", number, state, YESTERDAY, YESTERDAY, "ann@example.org", **{**told, **more})


HOLDS = {"opens": {"streak"}, "stays": {"streak"}}
STAYS = {"stays": {"streak"}}

#  what is remembered, how the student stands today, and the state, number and cause of the streak's latest episode
SPECIFICATION = {
    "a rule begins to hold: an episode opens": (None, HOLDS, ("new", 1, "the rule holds")),
    "nothing holds: nothing opens": (None, {}, None),
    "it still holds: the same episode": (streak("new"), HOLDS, ("new", 1, "")),
    "told, and it still holds: not new again": (streak("notified"), HOLDS, ("notified", 1, "")),
    "between the two limits it stays open": (streak("notified"), STAYS, ("notified", 1, "")),
    "between the two limits none opens": (None, STAYS, None),
    "it holds no more: resolved": (streak("notified"), {}, ("resolved", 1, "recovered")),
    "never told and over: resolved too": (streak("new"), {}, ("resolved", 1, "recovered")),
    "it holds again after that: the next episode": (streak("resolved"), HOLDS, ("new", 2, "the rule holds")),
    "resolved stays resolved": (streak("resolved"), {}, ("resolved", 1, "")),
    "no decision possible: as it was": (streak("notified"), {"undecided": {"streak"}}, ("notified", 1, "")),
    "no decision possible: none opens": (None, {"undecided": {"streak"}}, None),
    "a student who left: over, and no recovery": (
        streak("notified"),
        {"status": "left", **HOLDS},
        ("resolved", 1, "left"),
    ),
    "a student who left opens none": (None, {"status": "left", **HOLDS}, None),
    "a student not yet there opens none": (None, {"status": "not_started", **HOLDS}, None),
    "a held cohort: an open one stays": (streak("notified"), {"is_left_as_is": True}, ("notified", 1, "")),
    "a held cohort: none opens": (None, {"is_left_as_is": True, **HOLDS}, None),
    "no longer in any sheet: over": (streak("notified"), None, ("resolved", 1, "no longer in the sheet")),
    "acknowledged stays so while it holds": (streak("acknowledged"), HOLDS, ("acknowledged", 1, "")),
}


@pytest.mark.parametrize(("remembered", "today", "expected"), SPECIFICATION.values(), ids=SPECIFICATION.keys())
def test_a_day(day, remembered, today, expected):
    before = [remembered] if remembered else []
    found = [] if today is None else [standing(KEY, **today)]
    after = decide(before, found, RULES, OWNERS, day)
    assert [(episode.state, episode.number, episode.cause) for episode in after] == ([expected] if expected else [])


@pytest.mark.parametrize(("remembered", "today", "expected"), SPECIFICATION.values(), ids=SPECIFICATION.keys())
def test_the_same_day_decided_again_changes_nothing(day, remembered, today, expected):
    found = [] if today is None else [standing(KEY, **today)]
    once = decide([remembered] if remembered else [], found, RULES, OWNERS, day)
    assert changed(once, decide(once, found, RULES, OWNERS, day)) == []


@pytest.mark.parametrize("because", ["stale", "back_fill"])
@pytest.mark.parametrize("today", [HOLDS, {}], ids=["it holds", "it does not"])
def test_old_data_and_days_long_past_decide_nothing(day, because, today):
    undecided = AlertDay(day.as_of_date, 2026, "school", 9, because)
    for before in ([], [streak("notified")]):
        assert decide(before, [standing(KEY, **today)], RULES, OWNERS, undecided) == before


def test_a_rule_taken_out_of_the_file_ends_its_episodes_in_silence(day):
    (over,) = decide([streak("notified")], [standing(KEY, **HOLDS)], ["tier_entered"], OWNERS, day)
    assert (over.state, over.cause, over.is_recovery_untold) == ("resolved", "the rule was removed", False)


def test_an_open_episode_follows_the_student_to_the_next_owner(day):
    (moved,) = decide([streak("notified")], [standing(KEY, cohort="7B", **HOLDS)], RULES, OWNERS, day)
    assert moved.owner == "ben@example.org"
    (orphan,) = decide([streak("notified")], [standing(KEY, cohort="Nobody's", **HOLDS)], RULES, OWNERS, day)
    assert orphan.owner is None


def test_a_recovery_is_said_by_whom_the_student_had_then(day):
    (over,) = decide([streak("notified")], [standing(KEY, cohort="7B")], RULES, OWNERS, day)
    assert over.owner == "ann@example.org"


@pytest.mark.parametrize(
    ("episode", "is_recovery_untold"),
    [
        (streak("new"), False),
        (streak("notified"), False),
        (streak("resolved", cause="recovered"), False),  # nobody was told of it, so nobody hears that it is over
        (streak("resolved", cause="recovered", notified_date=YESTERDAY), True),
        (streak("resolved", cause="recovered", notified_date=YESTERDAY, recovery_told_date=DAY), False),
        (streak("resolved", cause="left", notified_date=YESTERDAY), False),
    ],
)
def test_a_recovery_that_has_not_been_said_yet(episode, is_recovery_untold):
    assert episode.is_recovery_untold == is_recovery_untold


def test_flapping_between_the_limits_for_thirty_days_is_one_episode(day):
    episodes = []
    for number in range(30):
        today = standing(KEY, **(HOLDS if number % 2 == 0 else STAYS))
        a_day = AlertDay(DAY + timedelta(days=number), 2026, "school", 0)
        episodes = decide(episodes, [today], RULES, OWNERS, a_day)
    assert [(episode.number, episode.state) for episode in episodes] == [(1, "new")]


def test_the_counts_of_a_day_by_rule(day):
    before = [streak("notified")]
    after = decide(before, [standing(KEY, opens={"tier_entered"})], RULES, OWNERS, day)
    counts = transitions(before, after, RULES).set_index("rule").to_dict("index")
    assert counts == {
        "streak": {"opened": 0, "resolved": 1, "open_now": 0},
        "tier_entered": {"opened": 1, "resolved": 0, "open_now": 1},
    }


TOMORROW, NEXT_WEEK = DAY + timedelta(days=1), DAY + timedelta(days=7)


def acknowledged(on_date, source=IN_THE_SHEET, **of):
    return Signal("acknowledge", KEY, on_date, source, **of)


def snoozed(until_date, on_date=DAY, source=IN_THE_SHEET):
    return Signal("snooze", KEY, on_date, source, until_date)


#  what is remembered, what people have answered, and the state, cause and end of the snooze after the day
ANSWERS = {
    "acknowledged on the day it was told": (streak("notified"), [acknowledged(YESTERDAY)], "acknowledged"),
    "acknowledged before it was told, and after it opened": (streak("new"), [acknowledged(DAY)], "acknowledged"),
    "an answer older than the asking is none": (
        streak("notified", notified_date=DAY),
        [acknowledged(YESTERDAY)],
        "notified",
    ),
    "an answer about another episode is none": (
        streak("notified"),
        [acknowledged(DAY, rule="streak", number=2), acknowledged(DAY, rule="tier_entered", number=1)],
        "notified",
    ),
    "a late answer ends an escalation": (
        streak("escalated", notified_date=YESTERDAY, escalated_to="deputy"),
        [acknowledged(YESTERDAY, BY_REACTION)],
        "acknowledged",
    ),
    "snoozed up to today": (streak("notified"), [snoozed(DAY)], "snoozed"),
    "a snooze that is over holds nothing back": (streak("notified"), [snoozed(YESTERDAY)], "notified"),
    "snoozed before anybody was told": (streak("new"), [snoozed(TOMORROW)], "snoozed"),
    "who has it in hand needs no snooze": (
        streak("notified"),
        [acknowledged(DAY), snoozed(TOMORROW)],
        "acknowledged",
    ),
    "a reaction to an earlier asking snoozes nothing": (
        streak("notified", notified_date=DAY),
        [snoozed(NEXT_WEEK, YESTERDAY, BY_REACTION)],
        "notified",
    ),
    "resolved stays resolved": (streak("resolved"), [acknowledged(DAY), snoozed(TOMORROW)], "resolved"),
}


@pytest.mark.parametrize(("remembered", "signals", "state"), ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer(day, remembered, signals, state):
    found = [standing(KEY, **HOLDS)] if remembered.is_open else []
    once = decide([remembered], found, RULES, OWNERS, day, signals)
    assert [episode.state for episode in once] == [state]
    assert decide(once, found, RULES, OWNERS, day, signals) == once


def test_a_snooze_can_be_made_longer_and_ends_with_its_rule(day):
    (short,) = decide([streak("notified")], [standing(KEY, **HOLDS)], RULES, OWNERS, day, [snoozed(TOMORROW)])
    (long,) = decide([short], [standing(KEY, **HOLDS)], RULES, OWNERS, day, [snoozed(TOMORROW), snoozed(NEXT_WEEK)])
    assert (short.snoozed_until_date, long.snoozed_until_date) == (TOMORROW, NEXT_WEEK)
    (over,) = decide([long], [standing(KEY)], RULES, OWNERS, day, [snoozed(NEXT_WEEK)])
    assert (over.state, over.cause) == ("resolved", "recovered")


def test_every_transition_is_noted_with_its_day_and_cause(day):
    (opened,) = decide([], [standing(KEY, **HOLDS)], RULES, OWNERS, day)
    (seen,) = decide([opened], [standing(KEY, **HOLDS)], RULES, OWNERS, day, [acknowledged(DAY)])
    (over,) = decide([seen], [standing(KEY)], RULES, OWNERS, day)
    assert over.transitions == (
        f"{DAY}|new|the rule holds",
        f"{DAY}|acknowledged|acknowledged in the Actions tab",
        f"{DAY}|resolved|recovered",
    )
