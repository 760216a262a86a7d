"""The value of the session cookie: 256 random bits that mean nothing, and a mark that we made it.

A value that somebody made up or changed is told by its mark, before any look into Valkey or the
database. The first letter says whether the session was made for somebody who signed in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

SIGNED_IN, VISITOR = "s", "v"
RANDOM_BYTES = 32
RANDOM_LENGTH = 43
MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class SessionToken:
    """``hash`` names the session wherever it is kept; ``csrf`` is what its forms must show.

    The latter follows from the token, so an open form outlives the loss of all session data.
    """

    value: str = field(repr=False)
    hash: str
    csrf: str = field(repr=False)

    @property
    def is_signed_in(self) -> bool:
        return self.value.startswith(SIGNED_IN)


def new_token(secret_key: str, *, signed_in: bool) -> SessionToken:
    body = (SIGNED_IN if signed_in else VISITOR) + secrets.token_urlsafe(RANDOM_BYTES)
    return _token(secret_key, body + _mark(secret_key, body))


def read_token(secret_key: str, value: str | None) -> SessionToken | None:
    """The token in a cookie; None for anything that we didn't make."""
    if not value or not value.isascii():
        return None
    body, mark = value[: RANDOM_LENGTH + 1], value[RANDOM_LENGTH + 1 :]
    if not hmac.compare_digest(_mark(secret_key, body), mark):
        return None
    return _token(secret_key, value)


def _token(secret_key: str, value: str) -> SessionToken:
    csrf = hmac.digest(secret_key.encode(), b"csrf of session " + value.encode(), "sha256").hex()
    return SessionToken(value, hashlib.sha256(value.encode()).hexdigest(), csrf)


def _mark(secret_key: str, body: str) -> str:
    digest = hmac.digest(secret_key.encode(), b"session " + body.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:MARK_BYTES]).decode().rstrip("=")
