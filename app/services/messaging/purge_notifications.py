"""Old notifications are forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.db import atomic
from app.services.platform.read_setting import read_setting
from models.messaging import Notification

KEPT = "notifications.keep_days"
BATCH = 5_000


def purge_notifications(*, now: dt.datetime) -> int:
    """Delete users' notifications in the application that are older than the setting
    ``notifications.keep_days`` says, at most 5,000; tells how many."""
    before = now - dt.timedelta(days=read_setting(KEPT))
    old = (
        sa.select(Notification.id)
        .where(
            Notification.created_at < before,
            Notification.channel == "in_app",
            Notification.user_id.is_not(None),
        )
        .order_by(Notification.created_at)
        .limit(BATCH)
    )
    statement = sa.delete(Notification).where(Notification.id.in_(old))
    with atomic() as current:
        result: Any = current.execute(statement.execution_options(synchronize_session=False))
        return int(result.rowcount)
