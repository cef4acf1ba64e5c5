"""What an answer of Slack's, or the lack of one, says of a call: most errors say nothing, and then it may be done."""

import re
import socket
import ssl
from dataclasses import dataclass
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError

from student_track.alerting.outbox import FAILED, PENDING, UNKNOWN
from student_track.errors import OutsideServiceError

CODE = re.compile(r"^[a-z][a-z0-9_]*$")
RATE_LIMITED = ("ratelimited", "rate_limited")
TOKEN_REFUSED = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope")
THREAD_GONE = ("thread_not_found", "cannot_reply_to_message", "message_not_found")
"""The message to be answered in its thread is no longer there."""

MAY_HAVE_POSTED = ("fatal_error", "internal_error", "service_unavailable", "request_timeout")


@dataclass(frozen=True)
class Answer:
    """What is known of a post: ``sent`` with its ts, ``pending`` (certainly not sent), ``unknown`` or ``failed``."""

    state: str
    ts: str | None = None
    error: str | None = None
    retry_after: float | None = None


class CannotDeliverError(Exception):
    """This one message cannot be delivered; others can. The text is a code of Slack's or ours, and names nobody."""


def answer_of(error: Exception) -> Answer:
    """What an error says of the post: most say nothing, and then the message may be there."""
    if isinstance(error, SlackApiError):
        code, status = code_of(error), error.response.status_code
        if status == 429 or code in RATE_LIMITED:
            return Answer(PENDING, error="ratelimited", retry_after=retry_after_of(error) or 1.0)
        if status == 200 and code in TOKEN_REFUSED:
            return Answer(PENDING, error=code)
        if status == 200 and code and code not in MAY_HAVE_POSTED:
            return Answer(FAILED, error=code)
        return Answer(UNKNOWN, error=code or f"HTTP status {status}")
    reason = getattr(error, "reason", error)
    was_never_sent = isinstance(reason, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError)
    if isinstance(error, URLError) and not isinstance(error, HTTPError) and was_never_sent:
        return Answer(PENDING, error=type(reason).__name__)
    return Answer(UNKNOWN, error=type(reason).__name__)


def refusal(code: str, error: SlackApiError) -> Exception:
    """The error of ours for one that Slack is sure of: the token is refused, or this one thing cannot be done."""
    if code in TOKEN_REFUSED:
        needed = error.response.data.get("needed")
        scope = f" It lacks the scope {needed}." if needed else ""
        return OutsideServiceError(
            f"Slack refuses the bot's token: {code}.{scope} Mend it in the app's settings (OAuth & Permissions), and "
            "put the token where slack_bot_token_from says."
        )
    return CannotDeliverError(code)


def code_of(error: SlackApiError) -> str:
    """Slack's own code; empty where the answer is not Slack's: the client puts half an answer into the same place."""
    data = error.response.data
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    return code if CODE.match(code) else ""


def retry_after_of(error: SlackApiError) -> float | None:
    """Seconds that Slack asks to wait; None where it does not say, or not in a number."""
    headers = {str(name).lower(): value for name, value in (error.response.headers or {}).items()}
    value = headers.get("retry-after")
    try:
        return max(0.0, float(value[0] if isinstance(value, list) else value))
    except (TypeError, ValueError):
        return None
