"""Forgetting sessions that ended and attempts to sign in, after the time that the settings say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.db import atomic
from app.services.platform.read_setting import read_setting
from models.identity import LoginAttempt, PasswordResetToken, UserSession

BATCH = 10_000
SESSION_DAYS = 90
ATTEMPT_DAYS = 180


def purge_sign_ins(*, now: dt.datetime) -> int:
    """Delete what is too old, in batches; tells how many rows. Live sessions stay."""
    sessions = now - _days("security.session_history_days", SESSION_DAYS)
    attempts = now - _days("security.login_history_days", ATTEMPT_DAYS)
    ended = sa.func.least(
        UserSession.expires_at, UserSession.revoked_at, UserSession.idle_expires_at
    )
    return (
        _delete(UserSession, ended < sessions)
        + _delete(PasswordResetToken, PasswordResetToken.expires_at < sessions)
        + _delete(LoginAttempt, LoginAttempt.created_at < attempts)
    )


def _days(setting: str, default: int) -> dt.timedelta:
    return dt.timedelta(days=int(read_setting(setting, default)))


def _delete(model: Any, old: sa.ColumnElement[bool]) -> int:
    total = 0
    while True:
        due = sa.select(model.id).where(old).limit(BATCH).with_for_update(skip_locked=True)
        with atomic() as session:
            deleted = session.execute(
                sa.delete(model)
                .where(model.id.in_(due.scalar_subquery()))
                .returning(model.id)
                .execution_options(synchronize_session=False)
            ).all()
        total += len(deleted)
        if len(deleted) < BATCH:
            return total
