"""The records that somebody looked at last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic, session
from models.workspace import RecentRecord
from models.workspace.finding import TITLE_CHARACTERS

RECENT_KEPT = 50


@dataclass(frozen=True, slots=True)
class NoteVisit:
    """``title`` is what the record is called for this user."""

    table_name: str
    record_key: str
    title: str


def note_visit(command: NoteVisit, *, actor: Actor, now: dt.datetime) -> None:
    """Make the record the actor's latest; beyond :data:`RECENT_KEPT` the oldest are forgotten.

    One statement. Nothing is kept for somebody who isn't signed in.
    """
    if not actor.user_id:
        return
    row = {
        "user_id": actor.user_id,
        "table_name": command.table_name,
        "record_key": command.record_key,
        "title": command.title[:TITLE_CHARACTERS],
        "viewed_at": now,
    }
    statement = insert(RecentRecord).values(**row)
    visit = statement.on_conflict_do_update(
        index_elements=[
            RecentRecord.user_id,
            RecentRecord.table_name,
            RecentRecord.record_key,
        ],
        set_={"title": statement.excluded.title, "viewed_at": now},
    ).cte("visit")
    mine = sa.select(RecentRecord.id).where(RecentRecord.user_id == actor.user_id)
    oldest = mine.order_by(RecentRecord.viewed_at.desc()).offset(RECENT_KEPT)
    with atomic() as current:
        current.execute(sa.delete(RecentRecord).where(RecentRecord.id.in_(oldest)).add_cte(visit))


def recent_records(user_id: int, limit: int) -> Sequence[RecentRecord]:
    """The latest first."""
    statement = sa.select(RecentRecord).where(RecentRecord.user_id == user_id)
    return session().scalars(statement.order_by(RecentRecord.viewed_at.desc()).limit(limit)).all()
