"""Where a user is signed in, and how they signed in lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.db import session
from app.services.identity.find_session import live
from models.identity import LoginAttempt, UserSession

SHOWN = 20


def live_sessions(user_id: int, *, now: dt.datetime) -> Sequence[UserSession]:
    """The user's sessions that go on, the one used last first."""
    mine = sa.select(UserSession).where(UserSession.user_id == user_id, live(now))
    return session().scalars(mine.order_by(UserSession.last_activity_at.desc())).all()


def latest_attempts(user_id: int) -> Sequence[LoginAttempt]:
    """The last twenty attempts to be this user, whoever made them, the newest first."""
    mine = sa.select(LoginAttempt).where(LoginAttempt.user_id == user_id)
    newest = mine.order_by(LoginAttempt.created_at.desc(), LoginAttempt.id.desc()).limit(SHOWN)
    return session().scalars(newest).all()
