"""Whether a session still is one, as its row says."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa

from app.db import atomic, session
from app.services.identity.start_session import idle_time
from app.session_cache import SignedIn
from models.identity import UserSession


def find_session(token_hash: str, *, now: dt.datetime) -> SignedIn | None:
    """The live session with this hash; None once it was ended or its time is over."""
    statement = sa.select(UserSession).where(UserSession.token_hash == token_hash, live(now))
    row = session().execute(statement.with_only_columns(*_COLUMNS)).first()
    return _signed_in(row) if row else None


def is_live(session_id: str | uuid.UUID, *, now: dt.datetime) -> bool:
    """Whether the session with this id goes on; one statement, so never out of date."""
    try:
        key = uuid.UUID(str(session_id))
    except ValueError:
        return False
    statement = sa.select(UserSession.id).where(UserSession.id == key, live(now))
    return session().scalar(statement) is not None


def touch_session(session_id: str, *, now: dt.datetime) -> SignedIn | None:
    """The session was used: its idle time begins anew. None when it isn't live any more."""
    statement = (
        sa.update(UserSession)
        .where(UserSession.id == uuid.UUID(session_id), live(now))
        .values(last_activity_at=now, idle_expires_at=now + idle_time())
        .returning(*_COLUMNS)
        .execution_options(synchronize_session=False)
    )
    with atomic() as current:
        row = current.execute(statement).first()
    return _signed_in(row) if row else None


def live(now: dt.datetime) -> sa.ColumnElement[bool]:
    """The condition that a row of ``user_sessions`` is a session at that time."""
    return sa.and_(
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > now,
        sa.or_(UserSession.idle_expires_at.is_(None), UserSession.idle_expires_at > now),
    )


_COLUMNS = (
    UserSession.id,
    UserSession.user_id,
    UserSession.login_method,
    UserSession.expires_at,
    UserSession.idle_expires_at,
    UserSession.last_activity_at,
    UserSession.impersonator_id,
)


def _signed_in(row: Any) -> SignedIn:
    idle = row.idle_expires_at or row.expires_at
    return SignedIn(
        id=str(row.id),
        user_id=row.user_id,
        method=row.login_method,
        expires=row.expires_at.timestamp(),
        idle_expires=idle.timestamp(),
        seen=row.last_activity_at.timestamp() if row.last_activity_at else 0.0,
        impersonator_id=row.impersonator_id,
    )
