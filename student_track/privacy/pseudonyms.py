"""Keyed pseudonyms of students."""

import hmac

LENGTH = 16
"""Hex characters of a pseudonym: 64 bits, so that two students of any school do not share one."""


def student_key(secret: bytes, student_id: str) -> str:
    """Return the student's pseudonym: 16 hex characters that nobody without the secret can compute or reverse.

    Raises ValueError where the secret is empty: anybody could compute the pseudonyms then.
    """
    if not secret:
        raise ValueError("the secret behind the pseudonyms is empty")
    return hmac.digest(secret, student_id.encode(), "sha256").hex()[:LENGTH]
