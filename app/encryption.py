"""Secrets at rest: Fernet (AES-128-CBC with HMAC-SHA256) under the keys of the environment.

``QHATU_ENCRYPTION_KEYS`` holds one key or more, the newest first: it encrypts, all of them decrypt.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.errors import DomainError
from app.i18n import gettext as _

_keys: list[MultiFernet] = []
_newest: list[Fernet] = []


class UndecipherableError(DomainError):
    """None of the keys opens the secret."""

    code = "undecipherable"
    status = 500


def configure(keys: tuple[str, ...]) -> None:
    """Use these keys (url-safe base64 of 32 bytes), the first one to encrypt."""
    found = [Fernet(key) for key in keys]
    _keys[:] = [MultiFernet(found)]
    _newest[:] = found[:1]


def encrypt(text: str) -> str:
    """The text as a token that only our keys open; the same text gives another token each time."""
    return _keys[0].encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text behind a token; raises :class:`UndecipherableError`."""
    try:
        return _keys[0].decrypt(token.encode()).decode()
    except InvalidToken:
        raise _undecipherable() from None


def is_newest(token: str) -> bool:
    """Whether the newest key made the token."""
    try:
        _newest[0].decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def rotate(token: str) -> str:
    """The same secret under the newest key; raises :class:`UndecipherableError`."""
    try:
        return _keys[0].rotate(token.encode()).decode()
    except InvalidToken:
        raise _undecipherable() from None


def _undecipherable() -> UndecipherableError:
    return UndecipherableError(_("A secret was encrypted with a key that is not here."))
