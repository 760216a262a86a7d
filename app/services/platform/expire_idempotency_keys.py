"""Forgetting answers that nobody will ask for again."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.db import atomic
from models.platform import IdempotencyKey

BATCH = 10_000


def expire_idempotency_keys(*, now: dt.datetime) -> int:
    """Delete keys whose time is over, in batches; tells how many."""
    total = 0
    while True:
        with atomic() as session:
            due = (
                sa.select(IdempotencyKey.id)
                .where(IdempotencyKey.expires_at < now)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            deleted = session.execute(
                sa.delete(IdempotencyKey)
                .where(IdempotencyKey.id.in_(due.scalar_subquery()))
                .returning(IdempotencyKey.id)
            ).all()
        total += len(deleted)
        if len(deleted) < BATCH:
            return total
