"""A user makes a key with which a program acts for them."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field

from app.actor import Actor
from app.db import atomic
from app.services.identity.api_key_errors import (
    ApiKeyExpiryError,
    ApiKeyNameError,
    ApiKeyScopeError,
)
from app.services.identity.credentials import lock_own_account, prove_password
from app.services.platform.read_setting import read_setting
from models.identity import ApiKey

PREFIX = "qk_"
PUBLIC_BYTES, SECRET_BYTES = 6, 32
MAX_NAME = 100
MAX_DAYS = 365


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """``scopes`` are rights such as ``sales.orders:read``; None stands for all of the user's,
    whatever they are when the key is used. ``days`` is how long it works."""

    name: str
    days: int
    password: str = field(repr=False)
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """``key`` is shown this once; only hashes of it are kept."""

    id: int
    key: str = field(repr=False)


def create_api_key(command: CreateApiKey, *, actor: Actor, now: dt.datetime) -> NewApiKey:
    """Make a key of the actor's own. Raises :class:`ApiKeyNameError`, :class:`ApiKeyScopeError`,
    :class:`ApiKeyExpiryError` and :class:`WrongPasswordError`; locks the user's row."""
    name = command.name.strip()
    if not name or len(name) > MAX_NAME:
        raise ApiKeyNameError
    longest = longest_days()
    if not 1 <= command.days <= longest:
        raise ApiKeyExpiryError(longest)
    if command.scopes is not None and (not command.scopes or command.scopes - actor.rights):
        raise ApiKeyScopeError(sorted(command.scopes - actor.rights))
    prove_password(command.password, actor=actor, now=now)
    key = f"{PREFIX}{secrets.token_hex(PUBLIC_BYTES)}_{secrets.token_urlsafe(SECRET_BYTES)}"
    with atomic() as session:
        user = lock_own_account(actor)
        row = ApiKey(
            name=name,
            user_id=user.id,
            key_prefix=public_part(key),
            lookup_hash=sha256(public_part(key)),
            key_hash=sha256(key),
            scopes=None if command.scopes is None else " ".join(sorted(command.scopes)),
            created_on=now,
            expires_on=now + dt.timedelta(days=command.days),
        )
        session.add(row)
        session.flush()  # the caller wants the key's id
        return NewApiKey(row.id, key)


def longest_days() -> int:
    """How long a key may be valid, by the setting ``security.api_key_max_days``."""
    return int(read_setting("security.api_key_max_days", MAX_DAYS))


def public_part(key: str) -> str:
    """The part of a key that tells it from others; it is listed and proves nothing."""
    return PREFIX + key.removeprefix(PREFIX).partition("_")[0]


def sha256(text: str) -> str:
    """Hexadecimal SHA-256; keys hold 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(text.encode()).hexdigest()
