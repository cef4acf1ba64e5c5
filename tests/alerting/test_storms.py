"""Storms, changed rules and the heartbeat: what is not said to owners, and what the operators hear instead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from student_track.alerting.digest import digests
from student_track.alerting.due import due_today
from student_track.alerting.episodes import Episode, decide, rules_have_changed
from student_track.alerting.owners import Owners
from student_track.alerting.preparation import heartbeat_lines
from student_track.alerting.rules import Storm
from student_track.alerting.standings import AlertDay
from student_track.alerting.storms import hold_back_storms
from tests.alerting.conftest import DAY, shipped_rules, standing

ANN = "ann@example.org"
RULES = shipped_rules().by_name
OWNERS = Owners({"7A": ANN, "7B": ANN}, {}, ())
STORM = Storm(most_students=8, most_share="50 %", in_cohorts_from=6)
SIZES = {"7A": 6, "7B": 30}
HOLDS = {"opens": {"streak"}, "stays": {"streak"}, "count_streak_units": 3}


def key_of(cohort, number):
    return f"{cohort}{number:014}"


def new_in(count, cohort="7A", **facts):
    """So many students of a cohort with a streak since the day."""
    keys = [key_of(cohort, number) for number in range(count)]
    episodes = [Episode(key, "streak", 1, "new", DAY, DAY, ANN) for key in keys]
    return episodes, [standing(key, cohort, **{**HOLDS, **facts}) for key in keys]


def after_storms(episodes, found, day, told_before=(ANN,)):
    due = due_today(episodes, found, RULES, OWNERS, day)
    said, lines = hold_back_storms(due, found, set(told_before), SIZES, STORM, day)
    return len(said), lines


@pytest.mark.parametrize(
    ("in_7a", "in_7b", "said", "held"),
    [
        (3, 0, 3, None),  # half of the cohort is no storm
        (4, 0, 0, "4, in 7A"),
        (4, 3, 3, "4, in 7A"),  # the other cohort's are told
        (0, 8, 8, None),
        (0, 9, 0, "9, in the whole school"),
        (3, 6, 0, "9, in the whole school"),
    ],
)
def test_more_than_half_of_a_cohort_or_far_too_many_are_held_back(day, in_7a, in_7b, said, held):
    (one, of_one), (other, of_other) = new_in(in_7a), new_in(in_7b, "7B")
    count, lines = after_storms(one + other, of_one + of_other, day)
    assert count == said
    assert [held in line for line in lines] == ([True] if held else [])


def test_a_small_cohort_has_no_storm(day):
    episodes, found = new_in(5)
    due = due_today(episodes, found, RULES, OWNERS, day)
    assert hold_back_storms(due, found, {ANN}, {"7A": 5}, STORM, day) == (due, [])


def test_what_still_holds_on_the_next_school_day_is_told(day):
    episodes, found = new_in(6)
    assert after_storms(episodes, found, day)[0] == 0
    monday = AlertDay(DAY + timedelta(days=3), 2026, "school", 0)
    assert after_storms(decide(episodes, found, RULES, OWNERS.of_cohort, monday), found, monday)[0] == 6


def test_what_a_mended_sheet_takes_back_is_never_told(day):
    episodes, _ = new_in(6)
    well = [standing(episode.student_key) for episode in episodes]
    monday = AlertDay(DAY + timedelta(days=3), 2026, "school", 0)
    over = decide(episodes, well, RULES, OWNERS.of_cohort, monday)
    assert {episode.state for episode in over} == {"resolved"}
    assert after_storms(over, well, monday) == (0, [])


def test_in_a_storm_a_recovery_is_said_and_a_worsening_is_not(day):
    episodes, found = new_in(6)
    told = {"notified_date": DAY - timedelta(days=9), "last_told_date": DAY - timedelta(days=9), "told_level": 1}
    worse = replace(episodes[0], rule="streak", state="notified", opened_date=DAY - timedelta(days=9), **told)
    over = replace(worse, rule="fell", state="resolved", cause="recovered")
    due = due_today([worse, over, *episodes[1:]], found, RULES, OWNERS, day)
    said, _ = hold_back_storms(due, found, {ANN}, SIZES, STORM, day)
    assert [one.what for one in said] == ["recovery"]


def test_a_first_summary_is_no_storm(day):
    episodes, found = new_in(6)
    assert after_storms(episodes, found, day, told_before=()) == (6, [])


def test_after_a_change_of_rules_each_owner_gets_one_summary_and_no_storm(day):
    by_old, by_new = replace(day, decided_by="old"), replace(day, decided_by="new")
    open_before = decide([], new_in(2)[1], RULES, OWNERS.of_cohort, by_old)
    assert not rules_have_changed(open_before, by_old)
    assert rules_have_changed(open_before, by_new)
    found = new_in(6)[1]
    after = decide(open_before, found, RULES, OWNERS.of_cohort, by_new)
    assert not rules_have_changed(after, by_new)
    (one,) = digests(due_today(after, found, RULES, OWNERS, by_new), after, found, {ANN}, set(), is_after_change=True)
    assert (one.kind, len(one.entries), one.is_after_change) == ("summary", 6, True)


def test_a_heartbeat_only_where_there_is_nothing_else_to_say(day):
    episodes, _ = new_in(2)
    (line,) = heartbeat_lines(day, episodes, is_quiet_day=True)
    assert line == "Ran, nothing new. Students who still need attention: 2."
    assert heartbeat_lines(day, episodes, is_quiet_day=False) == []
    assert heartbeat_lines(replace(day, undecided_because="stale"), episodes, is_quiet_day=True) == []
