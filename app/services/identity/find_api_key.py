"""A program shows its key: whose is it, and what may it do?"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import atomic, session
from app.services.identity.api_key_errors import BadApiKeyError
from app.services.identity.create_api_key import public_part, sha256
from models.identity import ApiKey, User

USE_NOTED_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FoundApiKey:
    """``scopes`` is None for all rights of the user."""

    id: int
    user_id: int
    scopes: frozenset[str] | None


def find_api_key(key: str, *, now: dt.datetime) -> FoundApiKey:
    """The key as it may be used now; its use is noted, at most once a minute.

    The key's public part finds the row, its whole is compared in constant time. Raises
    :class:`BadApiKeyError` for an unknown, expired or revoked one, and when its user was switched
    off or deleted.
    """
    row = (
        session()
        .execute(
            sa.select(ApiKey, User.id)
            .join(User, User.id == ApiKey.user_id)
            .where(ApiKey.lookup_hash == sha256(public_part(key)), User.active)
            .execution_options(populate_existing=True)
        )
        .first()
    )
    hashed = sha256(key)
    stored = row[0].key_hash if row is not None else hashed[::-1]
    if not hmac.compare_digest(stored, hashed) or row is None or not _is_live(row[0], now):
        raise BadApiKeyError
    found: ApiKey = row[0]
    scopes = None if found.scopes is None else frozenset(found.scopes.split())
    answer = FoundApiKey(found.id, found.user_id, scopes)
    if found.last_used_on is None or now - found.last_used_on >= USE_NOTED_EVERY:
        _note_use(found.id, now)
    return answer


def _is_live(key: ApiKey, now: dt.datetime) -> bool:
    expired = key.expires_on is not None and key.expires_on <= now
    return key.active and key.revoked_on is None and not expired


def _note_use(key_id: int, now: dt.datetime) -> None:
    """One conditional UPDATE: of programs that use the key at the same time one writes."""
    due = sa.or_(ApiKey.last_used_on.is_(None), ApiKey.last_used_on <= now - USE_NOTED_EVERY)
    with atomic() as current:
        current.execute(sa.update(ApiKey).where(ApiKey.id == key_id, due).values(last_used_on=now))
