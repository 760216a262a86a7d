"""A user's notifications in the application: how many are unread, which there are, reading them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from models.messaging import Notification

COUNTED = 100
"""Unread ones are counted up to here."""


@dataclass(frozen=True, slots=True)
class Unread:
    """``count`` is at most :data:`COUNTED`; ``newest`` is the key of the latest, 0 without one."""

    count: int
    newest: int


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(Notification.user_id == (actor.user_id or 0), Notification.channel == "in_app")


def count_unread(*, actor: Actor) -> Unread:
    """One SQL statement over an index of the unread ones."""
    unread = sa.select(Notification.id).where(_mine(actor), Notification.read_at.is_(None))
    some = unread.order_by(Notification.id.desc()).limit(COUNTED).subquery()
    count = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(some.c.id), 0))
    return Unread(*session().execute(count.select_from(some)).one())


def list_notifications(
    *, actor: Actor, limit: int, unread: bool = False, event: str = "", before: int = 0
) -> Sequence[Notification]:
    """The user's notifications, newest first; older than the one with key ``before``."""
    statement = sa.select(Notification).where(_mine(actor))
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    if event:
        statement = statement.where(Notification.notification_type == event)
    if before:
        statement = statement.where(Notification.id < before)
    return session().scalars(statement.order_by(Notification.id.desc()).limit(limit)).all()


def find_notification(notification_id: int, *, actor: Actor) -> Notification | None:
    """One of the user's own."""
    statement = sa.select(Notification).where(Notification.id == notification_id, _mine(actor))
    return session().scalar(statement)


def mark_read(notification_ids: Sequence[int] | None, *, actor: Actor, now: dt.datetime) -> int:
    """Mark these of the user's own as read, None for all; gives how many were unread."""
    statement: Any = sa.update(Notification).where(_mine(actor), Notification.read_at.is_(None))
    if notification_ids is not None:
        statement = statement.where(Notification.id.in_(notification_ids))
    with atomic() as current:
        result: Any = current.execute(
            statement.values(read_at=now).execution_options(synchronize_session=False)
        )
        return int(result.rowcount)
