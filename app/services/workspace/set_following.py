"""A user follows a record, or stops."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic
from app.services.workspace.followers import WANTED
from app.services.workspace.subjects import require_subject
from models.workspace import Follower


def set_following(table: str, key: str, *, following: bool, actor: Actor, now: dt.datetime) -> None:
    """Follow the record or stop, for good: taking part in the talk, or owning it, doesn't bring a
    user back who has stopped.

    Raises :class:`~app.services.workspace.conversation_errors.RecordUnknownError`.
    """
    with atomic() as current:
        subject = require_subject(table, key, actor=actor)
        if not actor.user_id:
            return
        row = {
            "table_name": subject.table,
            "record_id": subject.key,
            "user_id": actor.user_id,
            "reason": WANTED,
            "is_muted": not following,
            "created_at": now,
        }
        changed = {"is_muted": not following, "reason": WANTED}
        current.execute(
            insert(Follower)
            .values(row)
            .on_conflict_do_update(
                index_elements=["table_name", "record_id", "user_id"], set_=changed
            )
        )
