"""Slack, as the outbox needs it: one attempt per call that posts, and an answer that says what is known of it."""

import http.client
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from student_track.alerting.outbox import SENT
from student_track.alerting.owners import Place
from student_track.alerting.slack_answers import (
    MAY_HAVE_POSTED,
    RATE_LIMITED,
    THREAD_GONE,
    Answer,
    CannotDeliverError,
    answer_of,
    code_of,
    refusal,
    retry_after_of,
)
from student_track.errors import OutsideServiceError
from student_track.proxies import go_past_proxies

TIMEOUT_SECONDS = 10
ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 60.0
"""Longer than this no run waits for Slack at one place."""

BETWEEN_POSTS_SECONDS = 1.0
EVENT_TYPE = "attendance_alert"
PAGE = 200
OPTIONAL = ("reactions_get",)
"""Without the scope for these, alerts are delivered all the same."""

GONE = ("message_not_found", "channel_not_found", "not_in_channel", "no_item_specified", "bad_timestamp")


class Clock:
    """The moment, and waiting; a test has one of its own."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


class Slack:
    """A workspace, by its bot token."""

    def __init__(self, token: str, base_url: str, clock: Clock) -> None:
        quiet = logging.Logger("slack", level=logging.CRITICAL)  # a request's headers hold the token
        self._client = WebClient(
            token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=quiet, proxy=None
        )
        self._clock = clock
        self._last_post: dict[str, datetime] = {}
        self._checked: set[str] = set()
        self._users: dict[str, str] = {}
        if base_url.startswith("http:"):
            self._client.proxy = None
        go_past_proxies(base_url)

    def check_token(self) -> str:
        """Return the name of the bot; raise OutsideServiceError where Slack refuses the token or does not answer."""
        return str(self._ask("auth_test").get("user", ""))

    def channel_of(self, place: Place) -> str:
        """Return the id of the channel to post to: a private one as it stands, or the direct message with a person.

        Raises CannotDeliverError where Slack knows no such person or channel, or the channel is no private one.
        """
        if place.channel is None:
            return self._direct_message(place.email or "")
        if place.channel not in self._checked:
            info = self._ask("conversations_info", channel=place.channel)["channel"]
            self._checked.add(_private(place.channel, info))
        return place.channel

    def post(self, channel: str, payload: dict[str, Any], delivery_id: str, thread_ts: str | None = None) -> Answer:
        """Post a message, at most once, and return what is known of it. Never raises for what Slack answers.

        With ``thread_ts`` it answers that message in its thread.
        """
        self._pace(channel)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"d": delivery_id}}
        try:
            answer = self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                **payload,
            )
            return Answer(SENT, ts=str(answer["ts"]))
        except Exception as error:  # whatever went wrong, the message may be there: what is known is in the answer
            return answer_of(error)

    def message(self, channel: str, ts: str) -> dict[str, Any] | None:
        """Return a message as it stands in the channel; None where it is gone.

        Raises CannotDeliverError where the history cannot be read, OutsideServiceError where Slack does not answer.
        """
        page = self._ask("conversations_history", channel=channel, latest=ts, oldest=ts, inclusive=True, limit=1)
        return next((one for one in page["messages"] if one["ts"] == ts), None)

    def update(self, channel: str, ts: str, payload: dict[str, Any]) -> Answer:
        """Change a message of the bot's own in place, its metadata kept. It may be repeated, and calls nobody."""
        try:
            self._client.chat_update(channel=channel, ts=ts, **payload)
            return Answer(SENT, ts=ts)
        except Exception as error:  # as in post
            return answer_of(error)

    def find(self, channel: str, delivery_id: str, since: datetime, thread_ts: str | None = None) -> list[str]:
        """Return the ts of every message of the delivery in the channel's history, earliest first.

        With ``thread_ts`` in that message's thread, for the channel's own history is without what stands in threads;
        where the thread is gone, in the channel's all the same, for there an answer is posted then.

        Raises CannotDeliverError where the history cannot be read, OutsideServiceError where Slack does not answer.
        """
        oldest = f"{since.timestamp():.6f}"
        try:
            messages = list(self._history(channel, oldest, thread_ts))
        except CannotDeliverError as error:
            if str(error) not in THREAD_GONE or not thread_ts:
                raise
            messages = list(self._history(channel, oldest, None))
        return sorted(message["ts"] for message in messages if _delivery_of(message) == delivery_id)

    def delete(self, channel: str, ts: str) -> bool:
        """Delete a message of the bot's own; return whether it is gone. It may be repeated."""
        try:
            self._ask("chat_delete", channel=channel, ts=ts)
        except CannotDeliverError as error:
            return str(error) == "message_not_found"
        except OutsideServiceError:
            return False
        return True

    def user_of(self, place: Place) -> str | None:
        """Return the id of the person told there, looked up once; None where nobody is named, or Slack knows none."""
        if place.user or not place.email:
            return place.user
        if place.email not in self._users:
            try:
                self._users[place.email] = self._user(place.email)
            except CannotDeliverError:
                return None
        return self._users[place.email]

    def reactions(self, channel: str, ts: str) -> dict[str, set[str]]:
        """Return who has reacted to a message, by the reaction's name; nobody where the message is gone.

        Raises CannotDeliverError where the bot lacks the scope, OutsideServiceError where Slack does not answer.
        """
        try:
            message = self._ask("reactions_get", channel=channel, timestamp=ts, full=True).get("message") or {}
        except CannotDeliverError as error:
            if str(error) in GONE:
                return {}
            raise
        found: dict[str, set[str]] = {}
        for reaction in message.get("reactions", ()):
            found.setdefault(reaction["name"].partition("::")[0], set()).update(reaction["users"])
        return found

    def _history(self, channel: str, oldest: str, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        cursor = None
        method, thread = ("conversations_replies", {"ts": thread_ts}) if thread_ts else ("conversations_history", {})
        while True:
            page = self._ask(
                method,
                **thread,
                channel=channel,
                oldest=oldest,
                limit=PAGE,
                include_all_metadata=True,
                **({"cursor": cursor} if cursor else {}),
            )
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def _direct_message(self, email: str) -> str:
        self._users[email] = self._user(email)
        return str(self._ask("conversations_open", users=self._users[email])["channel"]["id"])

    def _user(self, email: str) -> str:
        user = self._ask("users_lookupByEmail", email=email)["user"]
        if user.get("deleted"):
            raise CannotDeliverError("user_disabled")
        return str(user["id"])

    def _ask(self, method: str, **arguments: Any) -> Any:
        """What a call answers that posts nothing, so that it may be repeated."""
        reason = ""
        for attempt in range(ATTEMPTS):
            try:
                return getattr(self._client, method)(**arguments).data
            except SlackApiError as error:
                code, wait = code_of(error), retry_after_of(error)
                if error.response.status_code == 200 and code and code not in (*RATE_LIMITED, *MAY_HAVE_POSTED):
                    is_optional = method in OPTIONAL and code == "missing_scope"
                    raise CannotDeliverError(code) if is_optional else refusal(code, error) from None
                reason = code or f"HTTP status {error.response.status_code}"
            except (SlackClientError, OSError, http.client.HTTPException, ValueError) as error:
                reason, wait = type(getattr(error, "reason", error)).__name__, None
            if attempt + 1 < ATTEMPTS:
                self._clock.wait(min(wait or 2.0**attempt, LONGEST_WAIT_SECONDS))
        raise OutsideServiceError(
            f"Slack does not answer {method.replace('_', '.', 1)} ({reason}). Nothing is lost: what is not sent yet is "
            "sent by the next run."
        )

    def _pace(self, channel: str) -> None:
        """About one message per second and channel is what Slack takes."""
        last, now = self._last_post.get(channel), self._clock.now()
        if last and (left := BETWEEN_POSTS_SECONDS - (now - last) / timedelta(seconds=1)) > 0:
            self._clock.wait(left)
        self._last_post[channel] = self._clock.now()


def _private(channel: str, info: dict[str, Any]) -> str:
    """The channel, where it is a direct message or a private channel of this workspace alone, and in use."""
    if info.get("is_archived"):
        raise CannotDeliverError("is_archived")
    is_shared = any(info.get(name) for name in ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared"))
    if is_shared:
        raise CannotDeliverError("channel_is_shared")
    if not (info.get("is_im") or info.get("is_mpim") or info.get("is_private")):
        raise CannotDeliverError("channel_is_public")
    return channel


def _delivery_of(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    is_ours = metadata.get("event_type") == EVENT_TYPE
    return (metadata.get("event_payload") or {}).get("d") if is_ours else None
