"""Alerts of seventy school days, day by day through slack-sdk: what people read is what an own reading says.

The rule is the streak's as it is shipped: opens at three units, ends at none, told again at three more or after ten
school days, to the deputy after three school days without an answer and to the lead after three more. The reading
below knows none of the code it judges; it counts for each student what was said last.
"""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from student_track.alerting import delivery, memory, outbox
from student_track.alerting.answers import gather_answers
from student_track.alerting.context import Context
from student_track.alerting.digest import digests
from student_track.alerting.due import due_today
from student_track.alerting.episodes import changed, decide
from student_track.alerting.owners import Owners
from student_track.alerting.preparation import Sending, prepare
from student_track.alerting.rendering import Messages
from student_track.alerting.standings import AlertDay
from student_track.alerting.today import Today
from student_track.alerting.wording import Style
from tests.alerting.conftest import (  # noqa: F401 - fixtures
    ALERTS,
    DAY,
    alerts_lake,
    clock,
    empty_lake,
    emulator,
    shipped_rules,
    slack,
    standing,
)

pytestmark = pytest.mark.soak

DAYS, STUDENTS = 70, 24
COHORTS = ("7A", "7B", "7C")
STAFF = {role: {cohort: f"{role}-{cohort.lower()}@example.org" for cohort in COHORTS} for role in ("owner", "deputy")}
LEAD = "lead@example.org"
OWNERS = Owners(
    STAFF["owner"],
    {},
    (),
    {("deputy", cohort): STAFF["deputy"][cohort] for cohort in COHORTS}
    | {("lead", cohort): LEAD for cohort in COHORTS},
)
RULES = shipped_rules()


def label(number):
    return f"Student {number:04X}-{number:04X}"


def key(number):
    return f"{number:04x}{number:04x}{number:08x}"


def streaks(seed):
    """For every day the streak of every student: absences come in runs."""
    draw, now = random.Random(seed), [0] * STUDENTS
    for _ in range(DAYS):
        now = [(run + 1 if draw.random() < (0.82 if run else 0.08) else 0) for run in now]
        yield list(now)


class Reading:
    """What the rules say of one student, by hand."""

    def __init__(self, cohort):
        self.owner, self.deputy = STAFF["owner"][cohort], STAFF["deputy"][cohort]
        self.forget()

    def forget(self):
        self.is_open = self.is_answered = False
        self.asked = self.told = self.level = self.raised = None
        self.rung = 0

    def day(self, number, streak):
        """Who hears of the student on a day."""
        if self.is_open and streak == 0:
            self.forget()
            return [self.owner]
        if not self.is_open:
            if streak < 3:
                return []
            self.is_open = True
            return self.say(number, streak, asks=True)
        if streak - self.level >= 3:
            heard = self.escalate(number)  # what is due above is due whether or not it got worse
            return heard + self.say(number, streak, asks=self.is_answered)
        if not self.is_answered and self.rung == 0 and number - self.told >= 10:
            return self.escalate(number) + self.say(number, streak, asks=False)
        return self.escalate(number)

    def say(self, number, streak, asks):
        self.told, self.level = number, streak
        if asks:
            self.asked, self.is_answered, self.rung, self.raised = number, False, 0, None
        return [self.owner]

    def escalate(self, number):
        since = self.asked if self.rung == 0 else self.raised
        if self.is_answered or self.rung == 2 or number - since < 3:
            return []
        self.rung, self.raised = self.rung + 1, number
        return [self.deputy if self.rung == 1 else LEAD]

    def answer(self):
        if self.is_open:
            self.is_answered = True


def a_day(spark, connection, now, number, streak_of):
    """One run of the sender, as the notebook makes it, from standings to Slack."""
    first = DAY - timedelta(days=DAYS)
    as_of = first + timedelta(days=number)
    days = tuple(first + timedelta(days=one) for one in range(number + 1))
    day = replace(AlertDay(as_of, 2026, "school", 0), school_days=days)
    rules = RULES.model_copy(update={"rules": (RULES.by_name["streak"],)})
    found = [
        standing(
            key(student),
            COHORTS[student % len(COHORTS)],
            count_streak_units=streak,
            opens={"streak"} if streak >= 3 else set(),
            stays={"streak"} if streak >= 1 else set(),
        )
        for student, streak in enumerate(streak_of)
    ]
    delivery.settle(spark, connection, now, "run")
    before = memory.recall(spark, found)
    answers = gather_answers(spark, connection, before, found, OWNERS, rules, day)
    after = decide(before, found, rules.by_name, OWNERS.of_cohort, day, answers.signals)
    due = due_today(after, found, rules.by_name, OWNERS, day)
    told = digests(due, after, found, set(OWNERS.of_cohort.values()), set())
    context = Context("Hill School", as_of, rules, {}, {}, {}, Style("none", "", "day"))
    sending = Sending(b"a secret", True, "", now.now())
    prepared = prepare(Today(due, told, [], set(), [], []), Messages(ALERTS / "messages"), context, sending)
    outbox.put_in_outbox(spark, prepared, "run")
    memory.write_episodes(spark, changed(before, after), "run")
    delivery.deliver(spark, connection, outbox.ABOUT_STUDENTS, OWNERS, "", now, "run")


def read_since(workspace, counts):
    """Labels of students that each person has read since, and how many messages."""
    read = {}
    for person, texts in workspace.everything_read().items():
        new = texts[counts.get(person, 0) :]
        counts[person] = len(texts)
        for number in range(STUDENTS):
            if any(label(number) in text for text in new):
                read.setdefault(number, []).append(person)
    return {number: sorted(people) for number, people in read.items()}


@pytest.mark.parametrize("seed", range(2))
def test_what_people_read_is_what_the_rules_say(empty_lake, emulator, slack, clock, seed):  # noqa: F811
    for person in [*STAFF["owner"].values(), *STAFF["deputy"].values(), LEAD]:
        emulator.add_person(person)
    readings = [Reading(COHORTS[number % len(COHORTS)]) for number in range(STUDENTS)]
    draw, counts, kinds = random.Random(seed), {}, 0
    for number, streak_of in enumerate(streaks(seed)):
        clock.wait(24 * 3600)
        a_day(empty_lake, slack, clock, number, streak_of)
        said = {one: sorted(set(readings[one].day(number, streak))) for one, streak in enumerate(streak_of)}
        said = {one: people for one, people in said.items() if people}
        assert read_since(emulator, counts) == said, f"day {number}"
        kinds += len(said)
        owner = draw.choice(list(STAFF["owner"].values()))
        if draw.random() < 0.5 and (channel := emulator.direct_message(owner)).messages:
            emulator.react(owner, channel.messages[-1])
            for one in told_by(channel.messages[-1]):
                answer(readings[one], owner, number)
    assert kinds > 100


def told_by(message):
    return [number for number in range(STUDENTS) if label(number) in str(message)]


def answer(reading, owner, number):
    """A reaction to a message that asked counts; to one from before the asking it does not."""
    assert owner == reading.owner
    if reading.is_open and reading.asked is not None:
        reading.answer()
