"""Sessions end before their time: signing out, ended by the user or an administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from app import session_cache
from app.actor import Actor
from app.db import atomic, on_commit
from app.services.identity.find_session import live
from models.identity import UserSession


@dataclass(frozen=True, slots=True)
class EndSessions:
    """All sessions of a user, browsers and programs alike and those in which they act as somebody
    else, but ``except_id``; or with ``only_id`` that one alone."""

    user_id: int
    except_id: str | None = None
    only_id: str | None = None


def end_sessions(command: EndSessions, *, actor: Actor, now: dt.datetime) -> int:
    """Revoke the live ones among them, from the next request on and in every process.

    Tells how many there were. An id that is no session of the user's ends nothing.
    """
    ended = (
        sa.update(UserSession)
        .where(_theirs(command.user_id), UserSession.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=actor.user_id or None)
        .returning(UserSession.token_hash)
        .execution_options(synchronize_session=False)
    )
    if command.except_id:
        ended = ended.where(sa.cast(UserSession.id, sa.Text) != command.except_id.lower())
    if command.only_id:
        ended = ended.where(sa.cast(UserSession.id, sa.Text) == command.only_id.lower())
    with atomic() as session:
        hashes: Sequence[str] = session.scalars(ended.where(live(now))).all()
        if hashes:
            on_commit(partial(session_cache.forget, hashes))
    return len(hashes)


def _theirs(user_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(UserSession.user_id == user_id, UserSession.impersonator_id == user_id)
