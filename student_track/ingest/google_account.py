"""The service account that reads a school's Google spreadsheets: its key, never shown, with scopes that only read."""

import json
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from google.auth import exceptions
from google.auth.transport import requests as transport
from google.oauth2.service_account import Credentials

from student_track.errors import InputError

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets.readonly",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
FIELDS = ("client_email", "private_key", "token_uri")
PASSING_STATUSES = (408, 429)
"""With every status from 500 on: the same request may succeed a little later."""


def credentials_of(key_file: str, token_address: str | None = None) -> Credentials:
    """Return the credentials of a service account's JSON key file, given as text; they can read and nothing else.

    ``token_address`` takes the place of the file's own ``token_uri``. Raises InputError, which shows nothing of the
    text, where it is no such file or its private key cannot be used.
    """
    account = _checked(key_file)
    account["token_uri"] = token_address or account["token_uri"]
    if not token_address and urlsplit(account["token_uri"]).scheme != "https":
        raise InputError("The Google service account's JSON asks for its token at an address that is not https.")
    try:
        return Credentials.from_service_account_info(account, scopes=SCOPES)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(
            "The Google service account's private key cannot be read. Was the JSON pasted whole, its \\n kept? "
            "Otherwise make a new key in the Google Cloud console."
        ) from None


def _checked(key_file: str) -> dict[str, Any]:
    try:
        account = json.loads(key_file)
    except ValueError:
        raise InputError(
            "The Google service account's secret is no JSON. Put the whole key file there, from { to }."
        ) from None
    if not isinstance(account, dict) or account.get("type") != "service_account":
        raise InputError(
            "The Google secret is not the key of a service account (`type` is another). In the Google Cloud console: "
            "IAM & Admin, Service Accounts, Keys, Add key, JSON."
        )
    missing = [field for field in FIELDS if not isinstance(account.get(field), str) or not account[field]]
    if missing:
        raise InputError(f"The Google service account's JSON has no {', '.join(missing)}. Put the whole file there.")
    return account


class TokenRequest(transport.Request):
    """How google-auth asks for a token: once. Waiting and asking again is the caller's, as for every other request."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the answer; raise TransportError where another attempt may bring a better one."""
        answer = super().__call__(*args, **kwargs)
        if answer.status in PASSING_STATUSES or answer.status >= 500:
            raise exceptions.TransportError(f"HTTP status {answer.status} for the token")
        if answer.status == 200 and not _is_json_object(answer.data):
            raise exceptions.TransportError("a token answer that is no JSON")
        return answer


def _is_json_object(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except ValueError:
        return False
