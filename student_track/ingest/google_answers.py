"""What an answer of Google's, or the lack of one, says of a request; and the words a person needs to mend it."""

from enum import Enum, auto
from typing import Any, NamedTuple

from google.auth.exceptions import RefreshError, TransportError
from requests import Response

from student_track.errors import InputError, OutsideServiceError, PipelineError
from student_track.ingest.google_account import PASSING_STATUSES

DISABLED = {"SERVICE_DISABLED", "accessNotConfigured"}
SCOPE_MISSING = {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"}
MOVED = ("Unable to parse range", "exceeds grid limits")
"""What Google says of a range in a tab that was renamed, deleted or cut short since its size was read."""


class Kind(Enum):
    """What has to happen before the request can succeed."""

    PASSING = auto()
    QUOTA = auto()
    NOT_SHARED = auto()
    NOT_FOUND = auto()
    API_DISABLED = auto()
    SCOPE_MISSING = auto()
    KEY_REFUSED = auto()
    OFFICE_FILE = auto()
    MOVED = auto()
    REFUSED = auto()


class Trouble(NamedTuple):
    """Why a request came to nothing. ``retry_after`` is in seconds, where Google said so."""

    kind: Kind
    cause: str
    retry_after: float | None = None

    @property
    def is_passing(self) -> bool:
        return self.kind in (Kind.PASSING, Kind.QUOTA)


class SheetMovedError(OutsideServiceError):
    """A range is no longer where the metadata said: somebody edits the spreadsheet. Reading anew may succeed."""


WORDS: dict[Kind, tuple[type[PipelineError], str]] = {
    Kind.PASSING: (OutsideServiceError, "the {api} does not answer ({cause}). Nothing is lost: run again later."),
    Kind.QUOTA: (
        OutsideServiceError,
        "the quota of {account} at the {api} is used up ({cause}). Does another program use this account? "
        "Nothing is lost: run again in some minutes.",
    ),
    Kind.NOT_SHARED: (
        InputError,
        "is not shared with the account that reads it. Share it with {account} as Viewer.",
    ),
    Kind.NOT_FOUND: (
        InputError,
        "Google knows no such spreadsheet, or hides it from this account. Check the address in `sheet:`, and share "
        "the spreadsheet with {account} as Viewer.",
    ),
    Kind.API_DISABLED: (
        InputError,
        "the {api} is not switched on in the Google Cloud project of {account}. Switch on the Google Sheets API and "
        "the Google Drive API there (APIs & Services), and run again some minutes later.",
    ),
    Kind.SCOPE_MISSING: (
        InputError,
        "the token of {account} lacks a scope for the {api}. It must be allowed spreadsheets.readonly and "
        "drive.metadata.readonly.",
    ),
    Kind.KEY_REFUSED: (
        InputError,
        "Google does not accept the key of {account} ({cause}). Was the key deleted, or is the clock of this machine "
        "wrong? Otherwise make a new key and put it where the old one was.",
    ),
    Kind.OFFICE_FILE: (
        InputError,
        "is an Office file kept in Google Drive. Open it in Google Sheets, save it as a Google spreadsheet (File, "
        "Save as Google Sheets) and give the new address; or download it and give the file.",
    ),
    Kind.MOVED: (SheetMovedError, "a tab was renamed, deleted or cut short while it was read. Run again."),
    Kind.REFUSED: (OutsideServiceError, "the {api} refuses the request of {account} ({cause})."),
}


def trouble_of_answer(response: Response) -> Trouble | None:
    """Return what is wrong with an answer; None for one that is JSON with a good status.

    The status decides, never a code in the body: a proxy's or an overloaded server's answer is HTML.
    """
    body, status = _json(response), response.status_code
    if status == 200:
        return None if isinstance(body, dict) else Trouble(Kind.PASSING, "an answer that is no JSON object")
    error = body.get("error") if isinstance(body, dict) else None
    error = error if isinstance(error, dict) else {}
    if status in PASSING_STATUSES or status >= 500:
        kind = Kind.QUOTA if status == 429 else Kind.PASSING
        return Trouble(kind, _quota(error) or f"HTTP status {status}", _retry_after(response))
    return _refused(status, error, _retry_after(response))


def trouble_of_error(error: Exception) -> Trouble:
    """Return what is wrong where no answer came: of the request itself, or of the token it needs."""
    if isinstance(error, RefreshError) and not error.retryable:
        details = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
        code = details.get("error")
        return Trouble(Kind.KEY_REFUSED, code if isinstance(code, str) else "no token")
    cause = error.args[0] if isinstance(error, TransportError) and error.args else error
    return Trouble(Kind.PASSING, cause if isinstance(cause, str) else type(cause).__name__)


def refusal(trouble: Trouble, source: str, api: str, account: str) -> PipelineError:
    """Return the error for people: which spreadsheet, which account, and what to do."""
    error, words = WORDS[trouble.kind]
    return error(f"{source}: " + words.format(api=api, account=account, cause=trouble.cause))


def _refused(status: int, error: dict[str, Any], retry_after: float | None) -> Trouble:
    """A status between 300 and 499 that no waiting mends, but for the one quota that Drive answers with 403."""
    message, reasons = str(error.get("message", "")), _reasons(error)
    cause = f"HTTP status {status}" + (f", {error['status']}" if isinstance(error.get("status"), str) else "")
    kind = Kind.REFUSED
    if status == 401:
        kind = Kind.KEY_REFUSED
    elif status == 404:
        kind = Kind.NOT_FOUND
    elif status == 403:
        kind = _kind_of_403(message, reasons, error)
    elif status == 400 and any(words in message for words in MOVED):
        kind = Kind.MOVED
    elif status == 400 and error.get("status") == "FAILED_PRECONDITION":
        kind = Kind.OFFICE_FILE
    return Trouble(kind, cause, retry_after)


def _kind_of_403(message: str, reasons: set[str], error: dict[str, Any]) -> Kind:
    """Drive counts an API that is off among its usage limits, so that this is asked first."""
    if reasons & DISABLED:
        return Kind.API_DISABLED
    if reasons & SCOPE_MISSING or "insufficient authentication scopes" in message:
        return Kind.SCOPE_MISSING
    if any(entry.get("domain") == "usageLimits" for entry in _entries(error, "errors")):
        return Kind.QUOTA
    return Kind.NOT_SHARED


def _reasons(error: dict[str, Any]) -> set[str]:
    """Reasons as the Sheets API (details) and the Drive API (errors) give them."""
    entries = [*_entries(error, "details"), *_entries(error, "errors")]
    return {entry["reason"] for entry in entries if isinstance(entry.get("reason"), str)}


def _quota(error: dict[str, Any]) -> str:
    """Name and size of the quota that is used up, such as ``ReadRequestsPerMinutePerUser: 60``; may be empty."""
    for entry in _entries(error, "details"):
        limits = entry.get("metadata")
        if isinstance(limits, dict) and "quota_limit" in limits:
            return f"{limits['quota_limit']}: {limits.get('quota_limit_value', '?')}"
    return ""


def _entries(error: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = error.get(name)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _retry_after(response: Response) -> float | None:
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None


def _json(response: Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None
