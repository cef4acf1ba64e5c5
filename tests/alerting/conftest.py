"""Students and messages by hand, a clock that stands still, and a Slack of the test's own."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from student_track.alerting import delivery, outbox
from student_track.alerting.owners import Owners
from student_track.alerting.rules import load_rules
from student_track.alerting.slack import Slack
from student_track.alerting.standings import AlertDay, Standing
from student_track.policy import load_policy
from student_track.schemas import STUDENT_METRICS
from tests.slack_emulator import SlackEmulator
from tests.table_rows import lake_with_every_table

DAY = date(2026, 11, 20)
ANN, BEN = "ann@example.org", "ben@example.org"
NOBODY = Owners({}, {}, ())
"""Nobody looks after a cohort: who is told is an e-mail address."""

BLANK = dict.fromkeys(STUDENT_METRICS.column_names)
COUNTS = {column.name: 0 for column in STUDENT_METRICS.columns if column.type == "bigint"}


ALERTS = Path(__file__).parent.parent.parent / "alerts"
POLICY = load_policy(ALERTS.parent / "params" / "policy.yml")


def shipped_rules():
    """The rules as they are shipped, with their limits by the shipped policy."""
    return load_rules(ALERTS / "rules.yml", POLICY, DAY)


class StandingClock:
    """A clock that moves only when somebody waits for it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.moment += timedelta(seconds=seconds)


def metrics_row(student_key: str, **facts: object) -> dict[str, object]:
    """A row of ``student_metrics``: an enrolled student with nothing the matter, changed by the facts."""
    usual = {
        "student_key": student_key,
        "scope": "school",
        "cohort_id": "",
        "status": "enrolled",
        "tier": "satisfactory",
        "previous_tier": "satisfactory",
        "tier_change": "same",
        "attendance_rate": 0.97,
        "count_possible_units": 50,
        "parts_per_unit": 2,
        "missed_parts": 3,
        "missed_units": 1.5,
        "is_streak_open": False,
        "has_early_warning": False,
        "as_of_date": DAY,
        "school_year": 2026,
    }
    return {**BLANK, **COUNTS, **usual, **facts}


def standing(student_key: str = "a" * 16, cohort: str = "7A", **verdicts: object) -> Standing:
    """A student's standing; sets of rules by keyword, other keywords are facts of the row."""
    fields = {name: verdicts.pop(name) for name in ("opens", "stays", "undecided", "is_left_as_is") if name in verdicts}
    fields = {name: frozenset(value) if isinstance(value, set) else value for name, value in fields.items()}
    return Standing(student_key, metrics_row(student_key, **verdicts), cohort, **fields)


def prepared(clock, owner, text="news", as_of_date=DAY, state=outbox.PENDING, episodes=("k|streak|1",)):
    """A digest as the outbox has it before it is sent."""
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": text}}]
    return outbox.Delivery(
        delivery_id=outbox.delivery_id(b"a secret of the lake", state, outbox.DIGEST, owner, as_of_date),
        as_of_date=as_of_date,
        kind=outbox.DIGEST,
        owner=owner,
        payload=json.dumps({"text": text, "blocks": blocks}),
        episodes=episodes,
        state=state,
        changed_at=clock.now(),
    )


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def emulator(clock):
    with SlackEmulator() as running:
        running.now = lambda: clock.now().timestamp()
        yield running


@pytest.fixture
def slack(emulator, clock):
    return Slack(emulator.token, emulator.url, clock)


@pytest.fixture
def day():
    return AlertDay(DAY, 2026, "school", 0)


@pytest.fixture(scope="module")
def alerts_lake(tmp_path_factory):
    """One lake for the tests of a module, with every table."""
    with lake_with_every_table(tmp_path_factory.mktemp("alerts")) as spark:
        yield spark


@pytest.fixture
def empty_lake(alerts_lake):
    """The module's lake, with nothing remembered and nothing in the outbox."""
    for name in ("alert_episodes", "alert_outbox"):
        alerts_lake.sql(f"DELETE FROM {name}").collect()
    return alerts_lake


@pytest.fixture
def workspace(emulator):
    emulator.add_person(ANN)
    emulator.add_person(BEN)
    return emulator


@pytest.fixture
def run(empty_lake, slack, clock, workspace):
    """One run of the sender: settle, put what is prepared, deliver; each a few minutes after the one before."""

    def run_once(*owners, minutes_later=5):
        clock.wait(60 * minutes_later)
        delivery.settle(empty_lake, slack, clock, "run")
        outbox.put_in_outbox(empty_lake, [prepared(clock, owner) for owner in owners], "run")
        return delivery.deliver(empty_lake, slack, outbox.DIGESTS, NOBODY, "", clock, "run")

    return run_once


def states(lake):
    return {row.owner: row.state for row in lake.table("alert_outbox").collect()}
