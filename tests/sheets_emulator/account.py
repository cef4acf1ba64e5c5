"""The token endpoint: a throwaway service account, its signed request checked, tokens that expire on demand."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EMAIL = "reader@school-attendance.iam.gserviceaccount.com"
SKEW_SECONDS = 300


@cache
def private_key() -> rsa.RSAPrivateKey:
    """Short, for every test reads it anew: half of their time would go into a longer one."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505


def key_file(**changes: Any) -> str:
    """The JSON that the Google Cloud console gives for a service account."""
    pem = private_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fields = {"type": "service_account", "client_email": EMAIL, "private_key": pem.decode(), "token_uri": AUDIENCE}
    return json.dumps({**fields, "private_key_id": "1f", "project_id": "school-attendance", **changes})


@dataclass
class Tokens:
    """Tokens given out, with the scopes each has; a scope that is withheld is in none."""

    scopes_of: dict[str, frozenset[str]] = field(default_factory=dict)
    withheld_scopes: frozenset[str] = frozenset()
    scopes_asked: list[frozenset[str]] = field(default_factory=list)
    now: Callable[[], float] = time.time

    def issue(self, body: str) -> tuple[int, dict[str, Any]]:
        """Status and body for a request of a token."""
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if form.get("grant_type") != GRANT:
            return 400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}
        claims = _verified(form.get("assertion", ""))
        if why_not := "Invalid JWT Signature." if claims is None else _why_not(claims, self.now()):
            return 400, {"error": "invalid_grant", "error_description": why_not}
        scopes = frozenset(claims["scope"].split())
        self.scopes_asked.append(scopes)
        token = f"ya29.token-{len(self.scopes_asked)}"
        self.scopes_of[token] = scopes - self.withheld_scopes
        return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def expire(self) -> None:
        self.scopes_of.clear()


def _why_not(claims: dict[str, Any], now: float) -> str:
    if claims.get("iss") != EMAIL:
        return "Invalid grant: account not found"
    if claims.get("aud") != AUDIENCE or not claims.get("scope"):
        return "Invalid JWT: aud and scope are required"
    if not (claims["iat"] - SKEW_SECONDS <= now <= claims["exp"] <= claims["iat"] + 3600):
        return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
    return ""


def _verified(assertion: str) -> dict[str, Any] | None:
    """The claims, where the account's own key signed them with RS256."""
    try:
        signed, _, signature = assertion.rpartition(".")
        header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
        private_key().public_key().verify(_decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature):
        return None
    return claims if header.get("alg") == "RS256" else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
