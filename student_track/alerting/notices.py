"""What is not about a student goes to its own owner: registers that were not taken, cells of the sheet to be mended.

Each thing is said once, and again after as many school days as the rules say where it is still to be done; a message
says all that is to be done, so that nobody collects it from several.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from student_track.alerting.outbox import IN_DOUBT, MEND, NOTICES, OPERATORS, REGISTERS, SENT, read_outbox
from student_track.alerting.owners import Owners
from student_track.alerting.rules import Notices
from student_track.alerting.standings import AlertDay
from student_track.alerting.wording import short_day
from student_track.policy import Policy
from student_track.queries import ask, values_of

REMEMBERED = timedelta(days=120)


@dataclass(frozen=True)
class Item:
    """One thing to do: where (a cohort, a tab), what, and by which reference it is remembered, which tells nothing."""

    where: str
    what: str
    reference: str


@dataclass(frozen=True)
class Notice:
    """A message to somebody about the sheet: its kind, to whom, and all there is to do."""

    kind: str
    owner: str
    items: tuple[Item, ...]

    @property
    def places(self) -> dict[str, list[str]]:
        """What is to be done, by where."""
        found: dict[str, list[str]] = {}
        for item in self.items:
            found.setdefault(item.where, []).append(item.what)
        return found


def gather_notices(spark: SparkSession, owners: Owners, rules: Notices, policy: Policy, day: AlertDay) -> list[Notice]:
    """Return the notices of the day: none of old data, and to nobody who has heard of everything lately.

    One whose last notice may or may not have arrived waits.
    """
    if not day.decides:
        return []
    found = {
        REGISTERS: registers_not_taken(spark, owners, policy, day) if REGISTERS in rules.tell else {},
        MEND: cells_to_mend(spark, owners) if MEND in rules.tell else {},
    }
    said = _said(spark, day)
    waiting = {(one.kind, one.owner) for one in read_outbox(spark, IN_DOUBT, NOTICES)}
    return [
        Notice(kind, owner, tuple(items))
        for kind, of_owner in found.items()
        for owner, items in sorted(of_owner.items())
        if (kind, owner) not in waiting
        and any(_is_due(said.get((kind, owner, item.reference)), rules, day) for item in items)
    ]


def registers_not_taken(spark: SparkSession, owners: Owners, policy: Policy, day: AlertDay) -> dict[str, list[Item]]:
    """Return by who takes them the registers missing of the last four weeks, those of today not yet among them."""
    answer = ask(spark, "registers_not_taken", **values_of(policy, day.as_of_date, day.school_year))
    dates = answer.groupBy("cohort", "date").agg(F.count("*").alias("count_sessions")).orderBy("cohort", "date")
    found: dict[str, list[Item]] = {}
    for row in dates.collect():
        if row.date < day.today:
            several = f" ({row.count_sessions} sessions)" if row.count_sessions > 1 else ""
            what = f"{row.date:%a} {short_day(row.date)}{several}"
            item = Item(row.cohort, what, _reference(REGISTERS, row.cohort, str(row.date)))
            found.setdefault(owners.registers.get(row.cohort, OPERATORS), []).append(item)
    return found


def cells_to_mend(spark: SparkSession, owners: Owners) -> dict[str, list[Item]]:
    """Return the causes by which cells of the sheet could not be understood, most marks kept out first: no values."""
    cause = ("source_id", "tab", "reason", "what_to_do")
    cells = spark.table("quarantine").where("NOT is_resolved").groupBy(*cause)
    counted = cells.agg(
        F.count("*").alias("count_cells"), F.sum("count_marks").alias("count_marks"), F.min("cell").alias("cell")
    )
    rows = counted.orderBy(F.desc("count_marks"), "tab", "reason", "what_to_do").collect()
    items = []
    for row in rows:
        where = f"cell {row.cell}" if row.count_cells == 1 else f"{row.count_cells} cells, such as {row.cell}"
        reference = _reference(MEND, *(row[name] for name in cause))
        items.append(Item(row.tab, f"{where}: {row.what_to_do}", reference))
    return {owners.sheet or OPERATORS: items} if items else {}


def _said(spark: SparkSession, day: AlertDay) -> dict[tuple[str, str, str], date]:
    """The as-of date at which each thing was last said to whom, by kind, owner and reference."""
    sent = read_outbox(spark, [SENT], NOTICES, day.as_of_date - REMEMBERED)
    return {(one.kind, one.owner, reference): one.as_of_date for one in sent for reference in one.episodes}


def _is_due(last_said: date | None, rules: Notices, day: AlertDay) -> bool:
    return last_said is None or day.school_days_since(last_said) >= rules.repeat_after_school_days


def _reference(kind: str, *parts: str | None) -> str:
    return f"{kind}|{hashlib.sha256('|'.join(part or '' for part in parts).encode()).hexdigest()[:16]}"
