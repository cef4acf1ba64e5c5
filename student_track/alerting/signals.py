"""What people ask for: an alert acknowledged, or snoozed until a date; from the Actions tab, or by a reaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

ACKNOWLEDGE, SNOOZE = "acknowledge", "snooze"
ACTION_KINDS = {
    "acknowledgement": ACKNOWLEDGE,
    "acknowledged": ACKNOWLEDGE,
    "acknowledge": ACKNOWLEDGE,
    "snooze": SNOOZE,
    "snoozed": SNOOZE,
}
"""Kinds of actions that answer an alert. The date of a snooze is its last day."""

IN_THE_SHEET, BY_REACTION = "in the Actions tab", "by a reaction"


@dataclass(frozen=True)
class Signal:
    """One answer to an alert: of one episode, or of all of a student where no rule is named.

    ``on_date`` is the day of the answer; of a reaction, the as-of date of the message. ``until_date`` is the last day
    of a snooze.
    """

    kind: str
    student_key: str
    on_date: date
    source: str
    until_date: date | None = None
    rule: str | None = None
    number: int | None = None

    def is_about(self, student_key: str, rule: str, number: int) -> bool:
        """Return whether the answer is about an episode."""
        return self.student_key == student_key and self.rule in (None, rule) and self.number in (None, number)

    def is_after(self, told_on: date | None) -> bool:
        """Return whether a reaction stands on the latest message that asks; a date in the sheet holds by itself."""
        return self.source == IN_THE_SHEET or told_on is None or self.on_date >= told_on


def signals_of_actions(actions: DataFrame, today: date) -> list[Signal]:
    """Return the acknowledgements up to today and the snoozes that are not over, from rows of ``actions``."""
    is_snooze = F.col("kind").isin([name for name, kind in ACTION_KINDS.items() if kind == SNOOZE])
    is_answer = F.col("kind").isin(list(ACTION_KINDS))
    lately = F.col("action_date") >= F.lit(today - timedelta(days=400))
    wanted = actions.where(is_answer & lately & (is_snooze | (F.col("action_date") <= F.lit(today))))
    rows = wanted.select("student_key", "action_date", "kind").toArrow().to_pylist()
    return in_order(
        Signal(
            kind=ACTION_KINDS[row["kind"]],
            student_key=row["student_key"],
            on_date=row["action_date"],
            source=IN_THE_SHEET,
            until_date=row["action_date"] if ACTION_KINDS[row["kind"]] == SNOOZE else None,
        )
        for row in rows
    )


def in_order(signals: Iterable[Signal]) -> list[Signal]:
    """Return the answers, each once, the earliest first."""
    return sorted(set(signals), key=lambda one: (one.on_date, one.student_key, one.kind, one.rule or ""))
