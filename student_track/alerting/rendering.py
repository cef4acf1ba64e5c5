"""Messages as Slack takes them: templates to Block Kit, within Slack's limits, and as a reader sees them."""

import bisect
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from student_track.alerting.context import Context
from student_track.alerting.digest import Digest, Entry
from student_track.alerting.earlier_messages import Update
from student_track.alerting.notices import Notice
from student_track.alerting.outbox import OPERATOR, UPDATE
from student_track.alerting.wording import StudentLine, day, page_link, student_line, who
from student_track.errors import CheckFailedError, InputError
from student_track.page_names import FIX_IT, INDEX
from student_track.privacy.safe_text import LONGEST_NAME, isolated, one_line

MOST_BLOCKS = 50
LONGEST_HEADER = 150
LONGEST_TEXT = 3000
LONGEST_MESSAGE = 11_000
"""Characters of all blocks as JSON: Slack refuses a message somewhere above, and does not say where exactly."""

ROOM_FOR_STATUS = 700
"""Characters that a new message leaves, so that what has become of it can be written into it later."""

STATUS = "status"
"""Name of the block that says what has become since of those whom a message told of."""

MOST_STUDENTS, MOST_RECOVERED, FEW_RECOVERED = 40, 20, 5
MOST_LINES, MOST_DETAILS = 20, 12
TEXT_KINDS = ("plain_text", "text", "link")
"""Kinds of elements in which a text is only a text. In ``mrkdwn`` a name could call a channel or forge a link."""

Payload = dict[str, Any]


class Messages:
    """The templates of a folder, one per kind of message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = Environment(  # noqa: S701 - what is made is JSON; finalize writes every value as JSON text
            loader=FileSystemLoader(folder), undefined=StrictUndefined, finalize=json.dumps
        )

    def render(self, kind: str, **values: object) -> Payload:
        """Return the message of a kind; raise InputError, naming the template, where it cannot be used."""
        name = f"{kind}.json.j2"
        try:
            payload = json.loads(self.environment.get_template(name).render(**values))
            return {**payload, "text": _escaped(payload["text"])}
        except (TemplateError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{self.folder / name}: is no usable template ({error}). Compare it with ours.") from None


def render_digest(messages: Messages, digest: Digest, context: Context) -> Payload:
    """Return the message for a digest or summary, with as many students as fit; the others are counted in it."""
    students = _lines(digest.entries[:MOST_STUDENTS], context)
    recovered = _lines(digest.recovered[:MOST_RECOVERED], context)
    values = {
        **_head(context),
        "index": page_link(INDEX, context.style.pages_url),
        "count_students": len(digest.entries),
        "count_recovered": len(digest.recovered),
        "is_after_change": digest.is_after_change,
        "count_still_open": digest.count_still_open,
        "mentions": digest.mentions,
    }

    def with_all_but(left_out: int) -> Payload:
        shown = _without(students, recovered, left_out)
        return messages.render(digest.kind, students=shown[0], recovered=shown[1], **values)

    def fits(left_out: int) -> bool:
        return not _excess(with_all_but(left_out), ROOM_FOR_STATUS)

    count = len(students) + len(recovered)
    return with_all_but(0 if fits(0) else bisect.bisect_left(range(count), True, key=fits))


def render_operator(messages: Messages, lines: Iterable[str], context: Context, kind: str = OPERATOR) -> Payload:
    """Return the message to those who look after the run: something to look at, or the heartbeat."""
    shown = [one_line(line, 500) for line in lines][:MOST_LINES]
    return messages.render(kind, **_head(context), lines=shown)


def render_notice(messages: Messages, notice: Notice, context: Context) -> Payload:
    """Return the message about registers or cells: by cohort or tab, of many the first, the others counted."""
    places = [
        {
            "where": isolated(one_line(where, LONGEST_NAME)),
            "whats": [one_line(what, 200) for what in whats[:MOST_DETAILS]],
            "count_more": max(0, len(whats) - MOST_DETAILS),
        }
        for where, whats in notice.places.items()
    ]
    values = {
        **_head(context),
        "count": len(notice.items),
        "link": page_link(FIX_IT, context.style.pages_url),
    }

    def with_first(count: int) -> Payload:
        return messages.render(notice.kind, places=places[:count], count_more=len(places) - count, **values)

    counts = range(min(len(places), MOST_LINES), 0, -1)
    return next(made for count in counts if not _excess(made := with_first(count)))


def render_update(messages: Messages, update: Update, context: Context) -> Payload:
    """Return what is to be written into an earlier message: counts, and a line for each student of whom it told."""
    choice = context.style.names_in_alerts
    lines = [
        f"{who(one.student_key, context.names.get(one.student_key), choice)}: {one.text}" for one in update.changes
    ]
    counts = ", ".join(f"{count} {word}" for word, count in update.counts.items())
    return messages.render(UPDATE, counts=counts, lines=lines)


def with_status(message: Payload, status: Payload) -> Payload | None:
    """Return a message of Slack's history with the status in it, in place of an earlier one, below its header.

    Of the lines so many as there is room for; None where there is not even room for the counts.
    """
    header, *others = [block for block in message["blocks"] if block.get("block_id") != STATUS]
    (block,) = status["blocks"]
    (section,) = block["elements"]
    for count in range(len(section["elements"]), 0, -1):
        shown = {**block, "elements": [{**section, "elements": section["elements"][:count]}]}
        changed = {"text": message["text"], "blocks": [header, shown, *others]}
        if not _excess(changed):
            return changed
    return None


def should_fit_slack(payloads: Mapping[str, Payload]) -> None:
    """Raise CheckFailedError where a message is beyond Slack's limits, or a text could be more than a text."""
    for identity, payload in payloads.items():
        if reason := _excess(payload) or _unsafe(payload):
            raise CheckFailedError(f"alert_outbox: the message {identity} {reason}. Nothing was written.")


def as_read(payload: str) -> str:
    """Return a message of the outbox as a reader sees it, line by line."""
    return "\n".join(_text_of(block) for block in json.loads(payload)["blocks"])


def _head(context: Context) -> dict[str, str]:
    """What stands above every message."""
    return {"school": one_line(context.school_name, 60), "day": day(context.as_of_date)}


def _lines(entries: Iterable[Entry], context: Context) -> list[StudentLine]:
    by_name = context.rules.by_name
    return [
        student_line(
            entry,
            by_name,
            context.dates.get(entry.standing.student_key, []),
            context.actions.get(entry.standing.student_key),
            context.names.get(entry.standing.student_key),
            context.style,
        )
        for entry in entries
    ]


def _excess(payload: Payload, spare: int = 0) -> str:
    """Which of Slack's limits a message is beyond, so many characters left free; empty where it fits."""
    size = len(json.dumps(payload["blocks"], ensure_ascii=False))
    if len(payload["blocks"]) > MOST_BLOCKS:
        return f"has {len(payload['blocks'])} blocks, more than {MOST_BLOCKS}"
    if size > LONGEST_MESSAGE - spare:
        return f"has {size} characters, more than {LONGEST_MESSAGE}"
    for block in payload["blocks"]:
        longest = LONGEST_HEADER if block["type"] == "header" else LONGEST_TEXT
        if any(len(element.get("text", "")) > longest for element in _elements(block)):
            return f"has a text in a {block['type']} longer than {longest} characters"
    return ""


def _without(
    students: list[StudentLine], recovered: list[StudentLine], left_out: int
) -> tuple[list[StudentLine], list[StudentLine]]:
    """Leave so many out: of many who recovered the last, then the students in least need, then the others."""
    many = min(left_out, max(0, len(recovered) - FEW_RECOVERED))
    least = min(left_out - many, len(students))
    kept = len(recovered) - many - (left_out - many - least)
    return students[: len(students) - least], recovered[:kept]


def _escaped(text: str) -> str:
    """The text of the notification, which Slack reads as mrkdwn: what could call somebody or be a link is text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unsafe(payload: Payload) -> str:
    kinds = {element["type"] for block in payload["blocks"] for element in _elements(block)}
    other = kinds - set(TEXT_KINDS)
    return f"has a text of the kind {sorted(other)[0]}, which is more than a text" if other else ""


def _elements(node: Any) -> Iterator[dict[str, Any]]:
    """Every element of a block that carries a text of its own."""
    if isinstance(node, list):
        for item in node:
            yield from _elements(item)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node
        for value in node.values():
            yield from _elements(value)


def _text_of(block: dict[str, Any]) -> str:
    return "".join(element["text"] for element in _elements(block))
