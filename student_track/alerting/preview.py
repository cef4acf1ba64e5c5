"""What the next run would say to whom, without writing or sending anything: for a terminal, or as a page."""

import html
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession

from student_track.alerting import outbox, preparation
from student_track.alerting.answers import gather_answers
from student_track.alerting.context import context_of, people_of
from student_track.alerting.episodes import decide
from student_track.alerting.memory import recall
from student_track.alerting.owners import Owners, read_owners
from student_track.alerting.posting import place_of
from student_track.alerting.rendering import Messages, as_read
from student_track.alerting.rules import load_rules
from student_track.alerting.standings import day_of, decided_by, has_promoted_model, standings, with_school_days
from student_track.alerting.today import gather_today
from student_track.owner_only_files import replace_whole
from student_track.policy import Policy
from student_track.settings import Settings

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "article{border:1px solid #767676;border-radius:8px;padding:0 1rem;margin:1rem 0}"
    "pre{white-space:pre-wrap;font:inherit}"
)


@dataclass(frozen=True)
class Preview:
    """A message as a reader would see it: to whom, of which kind, where to."""

    to: str
    kind: str
    place: str
    text: str


def preview_messages(spark: SparkSession, config: Settings, policy: Policy, secret: bytes) -> list[Preview]:
    """Return the messages the next run would prepare, in the order of their owners; nothing is written or sent.

    Reactions are not read, for Slack is not asked. Raises InputError where rules, owners or templates cannot be used.
    """
    metrics = spark.table("student_metrics")
    day = day_of(metrics, config.as_of_date, policy.tier_scope, config.today, config.alerts_stale_after_days)
    day = with_school_days(day, spark.table("sessions"))
    rules = load_rules(config.alert_rules_path, policy, day.as_of_date).in_force(has_promoted_model(spark))
    owners = read_owners(config.alert_owners_path, spark.table("cohorts"))
    day = decided_by(day, policy.fingerprint, rules)
    found = standings(spark, rules, day)
    before = recall(spark, found)
    answers = gather_answers(spark, None, before, found, owners, rules, day)
    after = decide(before, found, rules.by_name, owners.of_cohort, day, answers.signals)
    today = gather_today(spark, before, after, found, owners, rules, policy, day)
    people = people_of(spark, today.students)
    context = context_of(spark, today.students, people, rules, day, config, policy)
    sending = preparation.Sending(secret, config.deliver_alerts, config.operator_channel, config.read_at)
    made_with = Messages(config.alert_messages_path), context, sending
    deliveries = preparation.without_known_updates(spark, preparation.prepare(today, *made_with))
    preparation.should_name_nobody(deliveries, people, config.names_in_alerts)
    lines = preparation.operator_lines(day, owners, after, preparation.Sent(), 0, today.storms)
    deliveries += preparation.prepare_for_operators(lines, *made_with)
    preparation.should_be_within_limits(deliveries)
    return [
        Preview(one.owner, one.kind, _place(one, owners, config.operator_channel), as_read(one.payload))
        for one in deliveries
    ]


def as_terminal_text(previews: list[Preview]) -> str:
    """Return the messages one below the other."""
    if not previews:
        return "Nothing new: nobody would be told anything."
    head = [f"── {one.kind} to {one.to} ({one.place}) ──\n{one.text}" for one in previews]
    return "\n\n".join([*head, f"{len(previews)} messages. Nothing was written, and nothing was sent."])


def write_page(previews: list[Preview], path: Path, school: str) -> None:
    """Write the messages as one page without a script, readable by its owner alone."""
    articles = "".join(
        f"<article><h2>{html.escape(one.kind)} to {html.escape(one.to)}</h2><p>{html.escape(one.place)}</p>"
        f"<pre dir='auto'>{html.escape(one.text)}</pre></article>"
        for one in previews
    )
    title = html.escape(f"{school}: alerts, a preview")
    page = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title><style>{STYLE}</style>"
        f"<h1>{title}</h1><p>{len(previews)} messages. Nothing was written, and nothing was sent.</p>{articles}</html>"
    )
    replace_whole(path, page.encode())


def _place(delivery: outbox.Delivery, owners: Owners, operator_channel: str) -> str:
    place = place_of(delivery, owners, operator_channel)
    if delivery.owner == outbox.OPERATORS:
        return operator_channel or "no operator_channel: only written down"
    if place is None:
        return "nowhere: neither an e-mail address nor a channel is known"
    return f"channel {place.channel}" if place.channel else f"direct message to {place.email}"
