"""A school year of the sample school, every school day: 00, 03 and 07 as the runner runs them, all rules, real parts.

What each person reads is what an own reading of the rules says, from the day's metrics: who is new, worse or told
again, who has recovered, who is passed on to deputy and lead; nobody is named.
"""

import random
import re
from datetime import date
from itertools import pairwise

import pytest
import yaml
from deltalake import DeltaTable

from student_track import session
from student_track.sample import School
from student_track.sample.calendar import TERMS
from student_track.sample.tables import write_tables
from student_track.sample.truth import school_of_tables
from student_track.settings import load_settings
from tests.alert_reading import Heard, Reading, label_of
from tests.lakes import ROOT
from tests.notebook_runs import run_in_process
from tests.slack_emulator import SlackEmulator

pytestmark = pytest.mark.soak

LABEL = re.compile(r"Student [0-9A-F]{4}-[0-9A-F]{4}")
TOLD, RECOVERED, ESCALATED = "told", "recovered", "escalated"
HEADS = {"attendance": TOLD, "who needs attention": TOLD, "good news": RECOVERED, "nobody has answered": ESCALATED}
OVER = "No longer the case"
HEAD_OF_SCHOOL = "head@example.org"
SCHOOL = School(121, seed=7)
WEEKS = [date(2025, 9, 3), date(2025, 9, 29), date(2025, 11, 3), date(2025, 12, 1), date(2026, 1, 5), date(2026, 2, 2)]
WEEKS += [date(2026, 3, 2), date(2026, 4, 13), date(2026, 5, 11), date(2026, 6, 8), date(2026, 7, 6), date(2026, 7, 31)]
PARTS = list(pairwise(WEEKS))
"""The year in parts that each end within the time of one test; they continue one another."""


class Year:
    """The school, its Slack, and the reading of the rules, as far as the year has gone."""

    def __init__(self, folder, emulator, patch):
        self.folder, self.emulator, self.patch = folder, emulator, patch
        write_tables(folder / "school", school_of_tables(SCHOOL))
        teachers = {row["teacher"] for row in self.table("cohorts")}
        cohorts = [row["cohort_id"] for row in self.table("cohorts")]
        groups = {cohort: f"group{place // 2}" for place, cohort in enumerate(sorted(cohorts))}
        self.staff = {
            cohort: (f"owner-{cohort.split()[0].lower()}@example.org", f"deputy-{group}@example.org", HEAD_OF_SCHOOL)
            for cohort, group in groups.items()
        }
        for person in sorted(teachers.union(*self.staff.values())):
            emulator.add_person(person)
        self.reading, self.draw = Reading(self.staff), random.Random(7)
        self.counts, self.days, self.heard, self.storms = {}, [], [], 0
        self.write_owners()
        sessions = self.table("sessions", is_taken=True, is_cancelled=False)
        self.school_days = sorted({row["session_date"] for row in sessions})  # of a closed school nobody is told
        self.run("00_setup_infrastructure", TERMS[0][1])

    def table(self, name, **filters):
        table = DeltaTable(str(self.folder / "school" / "attendance" / name))
        return table.to_pyarrow_table(filters=[(key, "=", value) for key, value in filters.items()] or None).to_pylist()

    def write_owners(self):
        roles = ("owner", "deputy", "lead")
        people = {cohort: dict(zip(roles, staff, strict=True)) for cohort, staff in self.staff.items()}
        (self.folder / "owners.yml").write_text(yaml.safe_dump({"cohorts": people}))

    def settings(self, today):
        sample = yaml.safe_load((ROOT / "params" / "sample.yml").read_text())
        on = {"deliver_alerts": True, "slack_base_url": self.emulator.url, "confirmed_channels": ["direct_messages"]}
        path = self.folder / "settings.yml"
        owners = {"alert_owners": str(self.folder / "owners.yml"), "today": str(today)}
        path.write_text(yaml.safe_dump({**sample, **on, **owners}))
        return str(path)

    def run(self, stem, today, **parameters):
        places = {"STUDENT_TRACK_LAKE": self.folder / "school", "STUDENT_TRACK_REPORTS": self.folder / "reports"}
        for name, value in {**places, "SLACK_BOT_TOKEN": self.emulator.token}.items():
            self.patch.setenv(name, str(value))  # each time: every test begins with places of its own
        spark = session.spark(load_settings("params/sample.yml"))
        run_in_process(stem, self.folder, spark, settings=self.settings(today), **parameters)

    def day(self, today):
        """Run the day; return what each person has read, and what the reading says."""
        for stem in ("00_setup_infrastructure", "03_keymetrics_gold", "07_send_alerts"):
            self.run(stem, today, as_of_date=str(today))
        self.days.append(today)
        metrics = self.table("student_metrics", as_of_date=today)
        labels = {row["student_key"]: label_of(row["student_key"]) for row in metrics}
        said = self.reading.day(today, self.days, metrics)
        expected = {
            who: {name: {labels[key] for key in getattr(what, name)} for name in vars(Heard())}
            for who, what in said.items()
        }
        return self.read(), expected

    def read(self):
        """What each person has read since the last time, by student."""
        found = {}
        for person, texts in self.emulator.everything_read().items():
            new = texts[self.counts.get(person, 0) :]
            self.counts[person] = len(texts)
            for text in new:
                kind = HEADS.get(re.match(r"Sample School: ([^,]+), ", text).group(1))
                if kind:
                    of = found.setdefault(person, {name: set() for name in vars(Heard())})
                    news, _, over = text.partition(OVER)
                    of[kind] |= set(LABEL.findall(news))
                    of[RECOVERED] |= set(LABEL.findall(over))
        return found

    def somebody_answers(self):
        """An owner reacts to the message of the day, on some days."""
        told = sorted(who for who, spells in self.reading.said.items() if spells)
        if told and self.draw.random() < 0.4:
            person = self.draw.choice(told)
            messages = self.emulator.direct_message(person).messages
            news = [one for one in messages if "thread_ts" not in one or one["thread_ts"] == one["ts"]]
            about = [one for one in news if re.search(": (attendance|who needs attention), ", str(one["blocks"]))]
            self.emulator.react(person, about[-1])
            self.reading.answer(person)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    with SlackEmulator() as emulator, pytest.MonkeyPatch.context() as patch:
        patch.setattr("student_track.alerting.slack.BETWEEN_POSTS_SECONDS", 0.0)
        patch.setattr("tests.slack_emulator.SECONDS_BETWEEN_POSTS", 0.0)
        yield Year(tmp_path_factory.mktemp("year"), emulator, patch)


@pytest.mark.timeout(950)
@pytest.mark.parametrize("part", PARTS, ids=[f"from {first}" for first, _ in PARTS])
def test_what_people_read_is_what_the_rules_say(year, part):
    first, end = part
    days = [day for day in year.school_days if first <= day < end]
    assert days
    for today in days:
        read, expected = year.day(today)
        assert read == expected, today
        year.heard.append(expected)
        year.somebody_answers()


def test_nobody_was_named_and_everything_was_said(year):
    """After the year: each kind of message was there, and no name, nor id, stands in any."""
    files = len(DeltaTable(str(year.folder / "school" / "attendance" / "alert_outbox")).file_uris())
    assert files < 100  # a message leaves two commits: without upkeep these would be thousands
    if len(year.days) < 150:
        pytest.fail("the year has not been run: run this file as a whole")
    for kind in vars(Heard()):
        assert sum(bool(what[kind]) for day in year.heard for what in day.values()) > 20, kind
    texts = "\n".join(text for texts in year.emulator.everything_read().values() for text in texts)
    students = year.table("students")
    assert len(students) >= 121
    assert not [row for row in students if row["student_name"] in texts or f" {row['student_id']} " in texts]
    written = {row["kind"] for row in year.table("alert_outbox", state="sent")}
    assert written >= {"digest", "summary", "resolve", "escalation", "update", "registers"}
