"""``alert_outbox``: every message, written before anything is sent, and what became of it.

``held`` delivery is off · ``pending`` certainly not sent · ``claimed`` about to be sent · ``sent`` Slack has taken it ·
``unknown`` Slack may have taken it · ``failed`` Slack has refused it, or a later message says it too.
"""

import hmac
import random
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from student_track import tables
from student_track.alerting.standings import AlertDay
from student_track.frames import frame_from_rows
from student_track.schemas import ALERT_OUTBOX
from student_track.sql_text import quoted

HELD, PENDING, CLAIMED, SENT, UNKNOWN, FAILED = "held", "pending", "claimed", "sent", "unknown", "failed"
IN_DOUBT = (CLAIMED, UNKNOWN)
DIGEST, SUMMARY, RESOLVE, ESCALATION = "digest", "summary", "resolve", "escalation"
REGISTERS, MEND = "registers", "mend"
UPDATE = "update"
"""No message of its own: an earlier one is changed in place, which may be repeated and calls nobody."""

OPERATOR, HEARTBEAT = "operator", "heartbeat"
DIGESTS = (DIGEST, SUMMARY)
ABOUT_STUDENTS = (*DIGESTS, RESOLVE, ESCALATION)
NOTICES = (REGISTERS, MEND)
NEWS = (*ABOUT_STUDENTS, *NOTICES)
TO_OWNERS = (*NEWS, UPDATE)
TO_OPERATORS = (OPERATOR, HEARTBEAT)
KINDS = (*TO_OWNERS, *TO_OPERATORS)
OPERATORS = "operators"
"""Stands for the owner of the messages to those who look after the run itself."""

SUPERSEDED = "a later message says it too"
ID_LENGTH = 32
MOST_COMMITS = 8
TYPES = {
    "as_of_date": pa.date32(),
    "count_attempts": pa.int32(),
    "first_attempt_at": pa.timestamp("us", tz="UTC"),
    "changed_at": pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True)
class Delivery:
    """One row of the outbox: a message, of which episodes it tells, and what became of it.

    With ``target_ts`` it answers that message in its thread, or, as an update, is written into it.
    """

    delivery_id: str
    as_of_date: date
    kind: str
    owner: str
    payload: str
    episodes: tuple[str, ...]
    state: str
    changed_at: datetime
    channel: str | None = None
    target_ts: str | None = None
    error: str | None = None
    count_attempts: int = 0
    slack_ts: str | None = None
    first_attempt_at: datetime | None = None

    def became(self, state: str, at: datetime, **changes: object) -> "Delivery":
        """Return the delivery in another state; an error of before is forgotten, and what was sent needs no text."""
        text = "" if state == SENT else self.payload
        return replace(self, **{"error": None, "payload": text, **changes}, state=state, changed_at=at)


def has_told(spark: SparkSession, day: AlertDay) -> bool:
    """Return whether any owner was told anything on the day."""
    told = F.col("kind").isin(list(NEWS)) & F.col("state").isin(SENT, *IN_DOUBT)
    of_day = F.col("as_of_date") == F.lit(day.as_of_date)
    return not spark.table("alert_outbox").where(told & of_day).limit(1).isEmpty()


def delivery_id(secret: bytes, state: str, kind: str, owner: str, as_of_date: date, says: str = "") -> str:
    """Return the opaque id of a message: the same for the same owner, kind and day, so that it is sent once.

    Of a kind that may say several things on a day, ``says`` tells them apart.

    A message that is held has an id of its own, for it is never sent: the first real one of that day is another.
    """
    parts = [kind, owner, as_of_date.isoformat(), *([HELD] if state == HELD else []), *([says] if says else [])]
    return hmac.digest(secret, "|".join(parts).encode(), "sha256").hex()[:ID_LENGTH]


def read_outbox(
    spark: SparkSession, states: Collection[str], kinds: Collection[str] = KINDS, since: date | None = None
) -> list[Delivery]:
    """Return the deliveries of the kinds in one of the states, of ``since`` or later, oldest day first."""
    wanted = F.col("state").isin(list(states)) & F.col("kind").isin(list(kinds))
    wanted = wanted & (F.col("as_of_date") >= F.lit(since)) if since else wanted
    rows = spark.table("alert_outbox").where(wanted).toArrow().to_pylist()
    return sorted(map(_delivery, rows), key=lambda delivery: (delivery.as_of_date, delivery.kind, delivery.owner))


def read_deliveries(spark: SparkSession, ids: Iterable[str]) -> list[Delivery]:
    """Return the deliveries that the outbox has of these ids."""
    wanted = list(ids)
    if not wanted:
        return []
    rows = spark.table("alert_outbox").where(F.col("delivery_id").isin(wanted))
    return [_delivery(row) for row in rows.toArrow().to_pylist()]


def owners_in_state(spark: SparkSession, states: Collection[str], kinds: Collection[str] = DIGESTS) -> set[str]:
    """Return the people who have a message of the kinds, a digest or summary, in one of the states."""
    rows = spark.table("alert_outbox").where(F.col("state").isin(list(states)) & F.col("kind").isin(list(kinds)))
    return {row.owner for row in rows.select("owner").distinct().collect()}


def put_in_outbox(spark: SparkSession, prepared: Iterable[Delivery], run_id: str) -> None:
    """Write what was prepared, in one commit.

    A message of the same id that was sent, or may have been, stays as it is; one that certainly was not is written
    anew, and remembers how often it was tried.
    """
    new = {delivery.delivery_id: delivery for delivery in prepared}
    known = {row.delivery_id: row for row in read_deliveries(spark, new)}
    rows = [_anew(row, known.get(identity)) for identity, row in new.items() if _may_change(known, identity)]
    fixed = ", ".join(quoted(state) for state in (*IN_DOUBT, SENT))
    _put(spark, rows, run_id, f"state NOT IN ({fixed})", or_insert=True)


def withdraw_unsent(spark: SparkSession, prepared: Iterable[Delivery], day: AlertDay, at: datetime, run_id: str) -> int:
    """Withdraw what earlier runs left unsent to owners, and return how many: what still holds, is prepared anew.

    Texts of earlier days that are not sent any more are emptied: nobody needs them.
    """
    prepared_ids = {delivery.delivery_id for delivery in prepared}
    unsent = [row for row in read_outbox(spark, [PENDING], TO_OWNERS) if row.as_of_date <= day.as_of_date]
    unsent = [row for row in unsent if row.delivery_id not in prepared_ids]
    withdrawn = [row.became(FAILED, at, error=SUPERSEDED, payload="") for row in unsent if day.decides]
    old = [row for row in read_outbox(spark, [HELD, FAILED]) if row.payload and row.as_of_date < day.as_of_date]
    _put(spark, withdrawn, run_id, f"state = '{PENDING}'")
    write(spark, [replace(row, payload="") for row in old], run_id)
    return len(withdrawn)


def _may_change(known: dict[str, Delivery], identity: str) -> bool:
    return identity not in known or known[identity].state not in (*IN_DOUBT, SENT)


def _anew(delivery: Delivery, known: Delivery | None) -> Delivery:
    if known is None:
        return delivery
    return replace(
        delivery,
        count_attempts=known.count_attempts,
        first_attempt_at=known.first_attempt_at,
        channel=delivery.channel or known.channel,
    )


def write(spark: SparkSession, deliveries: Collection[Delivery], run_id: str) -> None:
    """Put the deliveries into ``alert_outbox`` in one commit, each in place of the row of the same id."""
    if deliveries:
        frame = _frame(spark, deliveries, run_id)
        _in_turn(lambda: tables.merge(spark, "alert_outbox", frame, _is_one_of(deliveries)))


def claim(spark: SparkSession, delivery: Delivery, done: Collection[Delivery], run_id: str) -> bool:
    """Claim a pending delivery for this run, and write what became of others, in one commit; return whether it is ours.

    The commit is a compare-and-set: Delta refuses it where another run has committed since the table was read, it is
    tried again on what stands there then, and what is no longer pending stays as it is.
    """
    _put(spark, [*done, delivery], run_id, f"(new_state <> '{CLAIMED}' OR state = '{PENDING}')")
    of_delivery = F.col("delivery_id") == F.lit(delivery.delivery_id)
    (row,) = spark.table("alert_outbox").where(of_delivery).toArrow().to_pylist()
    return (row["state"], row["run_id"], row["changed_at"]) == (CLAIMED, run_id, delivery.changed_at)


def _put(
    spark: SparkSession, deliveries: Collection[Delivery], run_id: str, where: str, or_insert: bool = False
) -> None:
    """Update the rows that still are as ``where`` says when the commit is made, and differ; one commit, or none."""
    if not deliveries:
        return
    columns, kept_equal = ALERT_OUTBOX.column_names, {*ALERT_OUTBOX.key, *ALERT_OUTBOX.volatile_names}
    assignments = ", ".join(f"`{name}` = `new_{name}`" for name in columns)
    equal = " AND ".join(f"`{name}` <=> `new_{name}`" for name in columns if name not in kept_equal)
    names, values = ", ".join(f"`{name}`" for name in columns), ", ".join(f"`new_{name}`" for name in columns)
    inserting = f" WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values})" if or_insert else ""
    ids = ", ".join(quoted(delivery.delivery_id) for delivery in deliveries)
    statement = (
        f"MERGE INTO alert_outbox USING deliveries_to_put ON delivery_id = new_delivery_id AND delivery_id IN ({ids}) "
        f"WHEN MATCHED AND {where} AND NOT ({equal}) THEN UPDATE SET {assignments}{inserting}"
    )
    rows = _frame(spark, deliveries, run_id)
    rows.toDF(*(f"new_{name}" for name in columns)).createOrReplaceTempView("deliveries_to_put")
    try:
        _in_turn(lambda: spark.sql(statement).collect())
    finally:
        spark.catalog.dropTempView("deliveries_to_put")


def _in_turn(commit: Callable[[], object]) -> None:
    """Commit, and once more where another run has committed in between."""
    for attempt in range(MOST_COMMITS):
        try:
            commit()
            return
        except PySparkException:
            if attempt + 1 == MOST_COMMITS:
                raise
            time.sleep(random.uniform(0.02, 0.2) * (attempt + 1))  # noqa: S311 - only so that two do not keep step


def _frame(spark: SparkSession, deliveries: Iterable[Delivery], run_id: str) -> DataFrame:
    rows = [_row(delivery, run_id) for delivery in deliveries]
    return frame_from_rows(spark, ALERT_OUTBOX.column_names, rows, TYPES)


def _is_one_of(deliveries: Iterable[Delivery]) -> str:
    return f"delivery_id IN ({', '.join(quoted(delivery.delivery_id) for delivery in deliveries)})"


def _delivery(row: dict[str, Any]) -> Delivery:
    values = {name: value for name, value in row.items() if name != "run_id"}
    return Delivery(**values | {"episodes": tuple((row["episodes"] or "").splitlines())})


def _row(delivery: Delivery, run_id: str) -> tuple[object, ...]:
    values = {**vars(delivery), "episodes": "\n".join(delivery.episodes), "run_id": run_id}
    return tuple(values[name] for name in ALERT_OUTBOX.column_names)
