"""Block Kit as Slack sees it: what it refuses, and what stands on a reader's screen."""

import json
import re
from typing import Any

MOST_BLOCKS, LONGEST_HEADER, LONGEST_TEXT, LONGEST_BLOCKS = 50, 150, 3000, 12_000
SPECIAL = re.compile(r"<([!@#][^>]*|https?:[^>]*)>")

Json = dict[str, Any]


def why_not_blocks(blocks: list[Json]) -> str:
    """The error Slack answers with; empty where it takes the blocks."""
    if len(blocks) > MOST_BLOCKS:
        return "invalid_blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > LONGEST_BLOCKS:
        return "msg_blocks_too_long"
    for block in blocks:
        longest = LONGEST_HEADER if block["type"] == "header" else LONGEST_TEXT
        is_known = block["type"] in ("header", "section", "context", "rich_text", "divider")
        texts = list(_texts(block))
        if not is_known or any(not text or len(text) > longest for _, text in texts):
            return "invalid_blocks"
        if block["type"] == "header" and texts[0][0] != "plain_text":
            return "invalid_blocks"
    return ""


def _texts(node: Any) -> list[tuple[str, str]]:
    """Kind and text of every element, in the order of reading."""
    if isinstance(node, list):
        return [found for item in node for found in _texts(item)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "user" and "user_id" in node:
        return [("user", f"[CALLS {node['user_id']}]")]
    own = [(node["type"], node["text"])] if isinstance(node.get("text"), str) else []
    return own + [found for value in node.values() for found in _texts(value)]


def as_a_reader_sees(message: Json) -> str:
    """The message's text on the screen: plain text as it is; in mrkdwn, a mention or link becomes what it does."""
    return "".join(
        SPECIAL.sub(lambda match: f"[DOES {match.group(1)}]", text) if kind == "mrkdwn" else text
        for kind, text in _texts(message.get("blocks", []))
    )


def notification_of(message: Json) -> str:
    """The notification on a locked screen: ``text``, which is mrkdwn."""
    return SPECIAL.sub(lambda match: f"[DOES {match.group(1)}]", message["text"])
