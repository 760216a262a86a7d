"""A key stops working: its owner, or an administrator, revokes it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.services.identity.api_key_errors import ApiKeyNotFoundError
from app.services.identity.second_factor_errors import ActingAsAnotherError
from models.identity import ApiKey

RIGHT = "identity.api_keys:update"


def revoke_api_key(uuid: str, *, actor: Actor, now: dt.datetime) -> None:
    """From the next request on the key is refused; revoking again changes nothing.

    One's own needs no right, another user's ``identity.api_keys:update``. Locks the key's row;
    raises :class:`ApiKeyNotFoundError`, also for a key that the actor may not revoke.
    """
    if actor.impersonator_id is not None:
        raise ActingAsAnotherError
    with atomic():
        key = lock_row(sa.select(ApiKey).where(ApiKey.uuid == uuid))
        if key is None or (key.user_id != actor.user_id and not actor.may(RIGHT)):
            raise ApiKeyNotFoundError
        if key.revoked_on is None:
            key.revoked_on = now
            key.active = False
