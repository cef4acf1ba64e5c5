"""What is said today, about which episode and to whom: the table reads like a specification."""

from dataclasses import replace
from datetime import timedelta

import pytest

from student_track.alerting.due import due_today, heard
from student_track.alerting.episodes import Episode, decide
from student_track.alerting.owners import Owners
from student_track.alerting.rules import Rule
from student_track.alerting.standings import AlertDay
from tests.alerting.conftest import DAY, shipped_rules, standing

KEY = "a" * 16
ANN, DEPUTY, LEAD = "ann@example.org", "deputy@example.org", "lead@example.org"
OWNERS = Owners({"7A": ANN}, {}, (), {("deputy", "7A"): DEPUTY, ("lead", "7A"): LEAD})
RULE = Rule(
    name="streak",
    severity="high",
    says="absent",
    says_when_over="back",
    repeat_after_school_days=5,
    escalate_after_school_days=3,
    worsens={"column": "count_streak_units", "by": 2},
    opens_when=[{"column": "count_streak_units", "at_least": 3}],
)
RULES = {"streak": RULE}
HOLDS = {"opens": {"streak"}, "stays": {"streak"}}


def ago(school_days):
    """The date so many school days before the day: every date is one."""
    return DAY - timedelta(days=school_days)


def told(school_days_ago, state="notified", level=3, **more):
    since = ago(school_days_ago)
    facts = {"state": state, "notified_date": since, "last_told_date": since, "told_level": level, **more}
    return replace(Episode(KEY, "streak", 1, state, since, since, ANN), **facts)


def over(school_days_ago, **more):
    return told(school_days_ago, **OVER, **more)


@pytest.fixture
def today():
    return AlertDay(DAY, 2026, "school", 0, school_days=tuple(ago(number) for number in range(60, -1, -1)))


NEW = Episode(KEY, "streak", 1, "new", DAY, DAY, ANN)
OVER = {"state": "resolved", "cause": "recovered"}

#  the episode, the streak today, and what is said to whom
SPECIFICATION = {
    "it opened: the owner hears": (NEW, 3, [("opened", ANN)]),
    "told today: nothing more": (told(0), 9, []),
    "told yesterday, and the same: nothing": (told(1), 3, []),
    "worse by less than the rule asks: nothing": (told(1), 4, []),
    "worse by as much as the rule asks": (told(1), 5, [("worse", ANN)]),
    "worse than when last told, not than at first": (told(1, level=5), 6, []),
    "a day before the repeat interval": (told(4, last_told_date=ago(4), notified_date=ago(2)), 3, []),
    "at the repeat interval": (told(5, notified_date=ago(2)), 3, [("again", ANN)]),
    "acknowledged: never repeated": (told(50, "acknowledged"), 3, []),
    "acknowledged, and worse": (told(50, "acknowledged"), 5, [("worse", ANN)]),
    "snoozed up to today: nothing, however bad": (told(50, "snoozed", snoozed_until_date=DAY), 30, []),
    "the snooze is over": (told(50, "snoozed", snoozed_until_date=ago(1)), 3, [("again", ANN)]),
    "the snooze of what was never told is over": (
        replace(NEW, state="snoozed", snoozed_until_date=ago(1)),
        3,
        [("opened", ANN)],
    ),
    "a day before it goes to the deputy": (told(2), 3, []),
    "nobody answers: the deputy": (told(3), 3, [("escalation", DEPUTY)]),
    "the deputy heard, and the next is not due yet": (
        told(5, "escalated", escalated_to="deputy", state_since_date=ago(2)),
        3,
        [],
    ),
    "the deputy does not answer either: the lead": (
        told(6, "escalated", escalated_to="deputy", state_since_date=ago(3)),
        3,
        [("escalation", LEAD)],
    ),
    "after the lead it stops": (told(50, "escalated", escalated_to="lead", state_since_date=ago(40)), 3, []),
    "acknowledged does not go up": (told(9, "acknowledged"), 3, []),
    "a recovery is said": (over(3), 0, [("recovery", ANN)]),
    "a recovery is said once": (over(3, recovery_told_date=ago(1)), 0, []),
    "over before anybody was told: nothing": (replace(NEW, **OVER), 0, []),
    "left: nothing": (told(3, "resolved", cause="left"), 0, []),
    "without an owner there is nobody to tell": (replace(NEW, owner=None), 3, []),
}


@pytest.mark.parametrize(("episode", "streak", "said"), SPECIFICATION.values(), ids=SPECIFICATION.keys())
def test_a_day(today, episode, streak, said):
    due = due_today([episode], [standing(KEY, count_streak_units=streak, **HOLDS)], RULES, OWNERS, today)
    assert [(one.what, one.to) for one in due] == said


@pytest.mark.parametrize(("episode", "streak", "said"), SPECIFICATION.values(), ids=SPECIFICATION.keys())
def test_what_was_heard_today_is_not_said_again_today(today, episode, streak, said):
    found = [standing(KEY, count_streak_units=streak, **HOLDS)]
    for one in due_today([episode], found, RULES, OWNERS, today):
        episode = heard(episode, one.reference, DAY)
        assert heard(episode, one.reference, DAY) == episode
    assert due_today([episode], found, RULES, OWNERS, today) == []


@pytest.mark.parametrize("reason", ["stale", "back_fill"])
def test_old_data_says_nothing(today, reason):
    day = replace(today, undecided_because=reason)
    assert due_today([NEW, told(9)], [standing(KEY, count_streak_units=9, **HOLDS)], RULES, OWNERS, day) == []


def test_nothing_is_said_of_a_held_cohort(today):
    held = standing(KEY, count_streak_units=9, is_left_as_is=True, **HOLDS)
    assert due_today([NEW, told(9)], [held], RULES, OWNERS, today) == []


def test_where_no_deputy_is_named_it_goes_to_the_lead(today):
    owners = Owners({"7A": ANN}, {}, (), {("lead", "7A"): LEAD})
    (one,) = due_today([told(3)], [standing(KEY, count_streak_units=3, **HOLDS)], RULES, owners, today)
    assert (one.to, one.role, one.reference) == (LEAD, "lead", f"{KEY}|streak|1^lead")


def test_where_the_owner_is_the_deputy_nobody_is_asked_twice(today):
    owners = Owners({"7A": ANN}, {}, (), {("deputy", "7A"): ANN})
    assert due_today([told(3)], [standing(KEY, count_streak_units=3, **HOLDS)], RULES, owners, today) == []


def test_a_rule_may_tell_another_than_the_owner_and_no_recovery(today):
    rules = {"streak": RULE.model_copy(update={"tell": "lead", "notify_on_recovery": False})}
    found = [standing(KEY, count_streak_units=3, **HOLDS)]
    assert [one.to for one in due_today([NEW], found, rules, OWNERS, today)] == [LEAD]
    assert due_today([over(3)], found, rules, OWNERS, today) == []


def test_heard_again_after_an_acknowledgement_it_waits_for_an_answer_anew():
    before = told(9, "acknowledged", escalated_to="deputy")
    after = heard(before, f"{KEY}|streak|1~5", DAY)
    assert (after.state, after.notified_date, after.told_level, after.escalated_to) == ("notified", DAY, 5, None)
    assert heard(after, f"{KEY}|streak|1^deputy", ago(2)) == after  # what the deputy was told before is long past


def test_the_notes_say_who_was_told_when():
    episode = heard(heard(NEW, f"{KEY}|streak|1~3", DAY), f"{KEY}|streak|1^deputy", DAY + timedelta(days=3))
    assert episode.transitions == (
        f"{DAY}|notified|told",
        f"{DAY + timedelta(days=3)}|escalated|nobody answered; deputy told",
    )


def test_unanswered_for_sixty_days_is_said_so_often_and_no_more(today):
    """Once when it opens, to deputy and lead once each, and to the owner never again: it has gone up."""
    episode, said = NEW, []
    for number in range(61):
        day = AlertDay(DAY + timedelta(days=number), 2026, "school", 0)
        day = replace(day, school_days=tuple(DAY + timedelta(days=one) for one in range(number + 1)))
        for one in due_today([episode], [standing(KEY, count_streak_units=3, **HOLDS)], RULES, OWNERS, day):
            said.append((number, one.what, one.to))
            episode = heard(episode, one.reference, day.as_of_date)
    assert said == [(0, "opened", ANN), (3, "escalation", DEPUTY), (6, "escalation", LEAD)]


def thirty_days(rule, days):
    """What is said over school days on each of which the rule opens (o), only stays (s), or is over (.)."""
    holds = {"o": ({rule.name}, {rule.name}), "s": (set(), {rule.name}), ".": (set(), set())}
    dates = tuple(DAY + timedelta(days=one) for one in range(len(days)))
    episodes, said = [], []
    for number, (today, sign) in enumerate(zip(dates, days, strict=True)):
        day = AlertDay(today, 2026, "school", 0, school_days=dates[: number + 1])
        opens, stays = holds[sign]
        found = [standing(KEY, opens=opens, stays=stays, count_streak_units=3 if opens else 0)]
        episodes = decide(episodes, found, {rule.name: rule}, OWNERS.of_cohort, day)
        due = due_today(episodes, found, {rule.name: rule}, OWNERS, day)
        said += [(number, one.what) for one in due]
        for one in due:
            place = one.episode.place
            episodes = [heard(each, one.reference, today) if each.place == place else each for each in episodes]
    return said


def test_flapping_around_a_tiers_limit_for_thirty_days_is_one_message_to_the_owner():
    """Below and above 90 % every other day, never above 91 %: one to the owner, and unanswered one to each above."""
    said = thirty_days(shipped_rules().by_name["tier_entered"], "os" * 15)
    assert said == [(0, "opened"), (10, "escalation"), (20, "escalation")]


def test_three_days_absent_and_one_there_for_thirty_days_is_fourteen_messages():
    """The fastest a streak can come and go: seven times told, and as often over; each is a story of its own."""
    said = [what for _, what in thirty_days(shipped_rules().by_name["streak"], "sso." * 7 + "ss")]
    assert (said.count("opened"), said.count("recovery"), len(said)) == (7, 7, 14)
