"""Slack's Web API on loopback: a workspace that enforces what the real one does, and fails when told to.

It knows nothing of the code under test. What was posted is read from its channels, as a reader there sees it.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Self

from tests import slack_server
from tests.slack_blocks import Json, as_a_reader_sees, why_not_blocks
from tests.slack_server import Fault

SECONDS_BETWEEN_POSTS = 1.0
SOME_USERS = 50
ALL_SCOPES = frozenset(
    {
        "chat:write",
        "users:read.email",
        "im:write",
        "im:history",
        "groups:history",
        "groups:read",
        "im:read",
        "reactions:read",
    }
)
SCOPE_OF = {
    "chat.postMessage": "chat:write",
    "users.lookupByEmail": "users:read.email",
    "chat.delete": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "reactions.get": "reactions:read",
}
SCOPE_OF_KIND = {
    "conversations.history": ("groups:history", "im:history"),
    "conversations.replies": ("groups:history", "im:history"),
    "conversations.info": ("groups:read", "im:read"),
}


@dataclass
class Channel:
    """A conversation: what it is, whether the bot is in it, and its messages, those of threads too, oldest first."""

    id: str
    is_private: bool = True
    is_im: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    has_bot: bool = True
    messages: list[Json] = field(default_factory=list)

    def read(self) -> list[str]:
        """What a reader sees, one text per message."""
        return [as_a_reader_sees(message) for message in self.messages]

    def message(self, ts: str) -> Json | None:
        return next((one for one in self.messages if one["ts"] == ts), None)

    def thread(self, ts: str) -> list[Json]:
        """The replies to a message."""
        return [one for one in self.messages if one.get("thread_ts") == ts and one["ts"] != ts]


class SlackEmulator:
    """A workspace of one bot. Use it as a context; ``url`` is the base address of its API."""

    def __init__(self, token: str = "xoxb-of-the-emulator", scopes: frozenset[str] = ALL_SCOPES) -> None:  # noqa: S107
        self.token, self.scopes = token, scopes
        self.people: dict[str, str] = {}
        self.deactivated: set[str] = set()
        self.channels: dict[str, Channel] = {}
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, Json]] = []
        self.chance: Callable[[str], Fault | None] = lambda method: None
        self.page_size = 100
        self.silent_seconds = 0.5
        self.after_post: Callable[[int], object] = lambda count: None
        self.now: Callable[[], float] = time.time
        self._count_posted, self._latest_ts = 0, 0.0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        emulator = self

        class Handler(slack_server.Handler):
            slack = emulator

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def add_person(self, email: str) -> Channel:
        """Let the workspace know a person; returns the direct message with them."""
        user = f"U{len(self.people):04d}"
        self.people[email] = user
        self.channels[f"D{user[1:]}"] = Channel(f"D{user[1:]}", is_private=False, is_im=True)
        return self.channels[f"D{user[1:]}"]

    def add_channel(self, id: str, **traits: bool) -> Channel:
        self.channels[id] = Channel(id, **traits)
        return self.channels[id]

    def direct_message(self, email: str) -> Channel:
        return self.channels[f"D{self.people[email][1:]}"]

    def everything_read(self) -> dict[str, list[str]]:
        """What stands in every channel that holds a message, by e-mail or channel id."""
        email_of = {f"D{user[1:]}": email for email, user in self.people.items()}
        return {email_of.get(key, key): channel.read() for key, channel in self.channels.items() if channel.messages}

    def answer(self, method: str, token: str, arguments: Json) -> Json:
        """What the API answers, and its effect on the workspace."""
        if token != self.token:
            return {"ok": False, "error": "invalid_auth"}
        needed = self._scope_needed(method, arguments)
        if needed and needed not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": needed, "provided": ",".join(sorted(self.scopes))}
        handle = getattr(self, "_" + method.replace(".", "_"), None)
        if handle is None:
            return {"ok": False, "error": "unknown_method"}
        with self._lock:
            return handle(arguments)

    def _scope_needed(self, method: str, arguments: Json) -> str | None:
        """Some scopes depend on what the channel is."""
        if method in SCOPE_OF_KIND:
            channel = self.channels.get(arguments["channel"])
            return SCOPE_OF_KIND[method][channel is not None and channel.is_im]
        return SCOPE_OF.get(method)

    def fault_for(self, method: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.method == method and fault.times > 0:
                    fault.times -= 1
                    return fault
            return self.chance(method)

    def _auth_test(self, _: Json) -> Json:
        return {"ok": True, "user": "attendance", "bot_id": "B1", "team": "Emulated"}

    def _users_lookupByEmail(self, arguments: Json) -> Json:  # noqa: N802
        user = self.people.get(arguments["email"])
        if user is None:
            return {"ok": False, "error": "users_not_found"}
        return {"ok": True, "user": {"id": user, "deleted": arguments["email"] in self.deactivated}}

    def _conversations_open(self, arguments: Json) -> Json:
        return {"ok": True, "channel": {"id": f"D{arguments['users'][1:]}"}}

    def _conversations_info(self, arguments: Json) -> Json:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return {"ok": False, "error": "channel_not_found"}
        traits = {name: getattr(channel, name) for name in ("id", "is_im", "is_archived", "is_ext_shared")}
        private = {} if channel.is_im else {"is_private": channel.is_private}
        return {"ok": True, "channel": {**traits, **private}}

    def _chat_postMessage(self, arguments: Json) -> Json:  # noqa: N802
        channel = self.channels.get(arguments.get("channel", ""))
        error = _why_not(channel, arguments)
        if error or channel is None:
            return {"ok": False, "error": error}
        thread_ts = arguments.get("thread_ts")
        if thread_ts and (parent := channel.message(thread_ts)) is None:
            return {"ok": False, "error": "thread_not_found"}
        now = max(self.now(), self._latest_ts + 0.000_01)
        if channel.messages and now - float(channel.messages[-1]["ts"]) < SECONDS_BETWEEN_POSTS:
            return {"ok": False, "error": "ratelimited"}
        self._count_posted, self._latest_ts = self._count_posted + 1, now
        ts = f"{now:.6f}"
        kept = {name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments}
        if thread_ts:
            kept["thread_ts"] = parent["thread_ts"] = thread_ts
        channel.messages.append({"type": "message", "bot_id": "B1", "ts": ts, **kept})
        self.after_post(self._count_posted)
        return {"ok": True, "channel": channel.id, "ts": ts, "message": channel.messages[-1]}

    def _chat_delete(self, arguments: Json) -> Json:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return {"ok": False, "error": "channel_not_found"}
        kept = [one for one in channel.messages if one["ts"] != arguments["ts"]]
        if len(kept) == len(channel.messages):
            return {"ok": False, "error": "message_not_found"}
        channel.messages[:] = kept
        return {"ok": True, "channel": channel.id, "ts": arguments["ts"]}

    def _chat_update(self, arguments: Json) -> Json:
        """What is left out of the arguments, as the metadata, is kept; nobody is called."""
        channel = self.channels.get(arguments.get("channel", ""))
        error = _why_not(channel, arguments)
        if error or channel is None:
            return {"ok": False, "error": error}
        message = channel.message(arguments["ts"])
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.update({name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments})
        message["edited"] = {"user": "B1", "ts": f"{self.now():.6f}"}
        return {"ok": True, "channel": channel.id, "ts": message["ts"], "text": message["text"]}

    def react(self, email: str, message: Json, name: str = "eyes") -> None:
        """Let a person react to a message; one that is nobody's e-mail is taken for a user's id."""
        reactions = message.setdefault("reactions", [])
        found = next((one for one in reactions if one["name"] == name), None)
        if found is None:
            reactions.append(found := {"name": name, "users": [], "count": 0})
        found["users"].append(self.people.get(email, email))
        found["count"] += 1

    def _reactions_get(self, arguments: Json) -> Json:
        """All who reacted only where ``full`` is asked for, otherwise some of them."""
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return {"ok": False, "error": "channel_not_found"}
        message = next((one for one in channel.messages if one["ts"] == arguments["timestamp"]), None)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        is_full = str(arguments.get("full", "0")).lower() in ("1", "true")
        some = [
            {**one, "users": one["users"] if is_full else one["users"][:SOME_USERS]}
            for one in message.get("reactions", [])
        ]
        return {"ok": True, "type": "message", "channel": channel.id, "message": {**message, "reactions": some}}

    def _conversations_history(self, arguments: Json) -> Json:
        """Newest first, in pages; what the metadata say only where ``include_all_metadata`` is asked for."""
        channel = self.channels.get(arguments["channel"])
        if channel is None or not channel.has_bot:
            return {"ok": False, "error": "channel_not_found" if channel is None else "not_in_channel"}
        in_channel = [one for one in channel.messages if one.get("thread_ts", one["ts"]) == one["ts"]]
        return self._page([one for one in in_channel[::-1] if _is_asked_for(one, arguments)], arguments)

    def _conversations_replies(self, arguments: Json) -> Json:
        """The message itself and what answers it, oldest first."""
        channel = self.channels.get(arguments["channel"])
        if channel is None or not channel.has_bot:
            return {"ok": False, "error": "channel_not_found" if channel is None else "not_in_channel"}
        parent = channel.message(arguments["ts"])
        if parent is None:
            return {"ok": False, "error": "thread_not_found"}
        replies = channel.thread(arguments["ts"])
        return self._page([parent, *(one for one in replies if _is_asked_for(one, arguments))], arguments)

    def _page(self, found: list[Json], arguments: Json) -> Json:
        start, size = int(arguments.get("cursor") or 0), min(int(arguments.get("limit", 100)), self.page_size)
        page = [_shown(message, arguments) for message in found[start : start + size]]
        has_more = start + size < len(found)
        following = {"response_metadata": {"next_cursor": str(start + size)}} if has_more else {}
        return {"ok": True, "messages": page, "has_more": has_more, **following}


def _is_asked_for(message: Json, arguments: Json) -> bool:
    """Between ``oldest`` and ``latest``, which are among them only where ``inclusive`` is asked for."""
    ts, oldest, latest = float(message["ts"]), float(arguments.get("oldest", 0)), float(arguments.get("latest", "inf"))
    if str(arguments.get("inclusive", "0")).lower() in ("1", "true"):
        return oldest <= ts <= latest
    return oldest < ts < latest


def _shown(message: Json, arguments: Json) -> Json:
    if str(arguments.get("include_all_metadata", "0")).lower() in ("1", "true"):
        return message
    metadata = {"event_type": message["metadata"]["event_type"]} if "metadata" in message else None
    return {**message, **({"metadata": metadata} if metadata else {})}


def _why_not(channel: Channel | None, arguments: Json) -> str:
    """The error Slack answers a post with; empty where it takes it."""
    if channel is None:
        return "channel_not_found"
    if channel.is_archived:
        return "is_archived"
    if not channel.has_bot:
        return "not_in_channel"
    if not arguments.get("text") and not arguments.get("blocks"):
        return "no_text"
    return why_not_blocks(arguments.get("blocks", []))
