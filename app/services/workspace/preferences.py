"""What a user has set for a screen: small JSON values under a key, remembered in the database.

A key names what it is about: ``density``, ``list:sales.orders``. Whoever reads a preference must
bear with any value: it may have been set by an older version.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic, session
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from models.workspace import Preference
from models.workspace.views import KEY_FORMAT, PREFERENCE_BYTES

PREFERENCES_KEPT = 1_000


class PreferenceError(DomainError):
    """The key is none, the value is too large, or the user keeps too many."""

    code = "bad_preference"

    def __init__(self) -> None:
        super().__init__(_("This can't be remembered."))


def read_preference(user_id: int | None, key: str, default: Any = None) -> Any:
    """What the user has set, else ``default``; nobody signed in has set anything."""
    return read_preferences(user_id, (key,)).get(key, default)


def read_preferences(user_id: int | None, keys: Iterable[str]) -> dict[str, Any]:
    """Those of ``keys`` that the user has set, in one statement."""
    if not user_id:
        return {}
    statement = sa.select(Preference.preference_key, Preference.value).where(
        Preference.user_id == user_id, Preference.preference_key.in_(tuple(keys))
    )
    return {key: value for key, value in session().execute(statement)}  # noqa: C416 - a Result


def set_preference(key: str, value: Any, *, actor: Actor, now: dt.datetime) -> None:
    """Remember ``value`` (JSON of at most 8 kB) for the actor; None forgets it.

    Somebody who isn't signed in keeps nothing, and that is no error. Raises
    :class:`PreferenceError`.
    """
    if not actor.user_id:
        return
    _check(key, value)
    mine = sa.and_(Preference.user_id == actor.user_id, Preference.preference_key == key)
    with atomic() as current:
        if value is None:
            current.execute(sa.delete(Preference).where(mine))
            return
        _check_number(actor.user_id, key)
        row = {"user_id": actor.user_id, "preference_key": key, "value": value}
        statement = insert(Preference).values(**row, created_at=now, updated_at=now)
        changed = {"value": statement.excluded.value, "updated_at": now}
        current.execute(
            statement.on_conflict_do_update(
                index_elements=[Preference.user_id, Preference.preference_key], set_=changed
            )
        )


def _check(key: str, value: Any) -> None:
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise PreferenceError from None
    # PostgreSQL's JSON can't hold the NUL character.
    if not re.fullmatch(KEY_FORMAT, key) or len(text) > PREFERENCE_BYTES or "\\u0000" in text:
        raise PreferenceError


def _check_number(user_id: int, key: str) -> None:
    others = sa.and_(Preference.user_id == user_id, Preference.preference_key != key)
    statement = sa.select(sa.func.count()).select_from(Preference).where(others)
    if (session().scalar(statement) or 0) >= PREFERENCES_KEPT:
        raise PreferenceError
