"""Work that somebody may look at: one's own, or any for administrators of the jobs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.actor import Actor
from app.db import lock_row, session
from app.services.background.errors import WorkNotFoundError
from app.services.background.state import Work
from models.workspace.background import LIVE, BackgroundWork

READ = "platform.jobs:read"
UPDATE = "platform.jobs:update"


def find_work(work_id: uuid.UUID, *, actor: Actor) -> Work:
    """The actor's own work, or anybody's with the right to see all jobs.

    Raises :class:`WorkNotFoundError`.
    """
    row = session().scalar(
        sa.select(BackgroundWork).where(BackgroundWork.id == work_id, reachable(actor, READ)),
        execution_options={"populate_existing": True},
    )
    if row is None:
        raise WorkNotFoundError
    return Work.of(row)


def own_work(actor: Actor, *, limit: int = 50) -> list[Work]:
    """The actor's latest work."""
    return _newest(BackgroundWork.started_by == actor.user_id, limit)


def live_work(actor: Actor, kind: str, **params: str) -> Work | None:
    """The actor's own work of the kind and with these parameters that isn't over."""
    rows = session().scalars(
        sa.select(BackgroundWork)
        .where(
            BackgroundWork.started_by == actor.user_id,
            BackgroundWork.kind == kind,
            BackgroundWork.status.in_(LIVE),
            BackgroundWork.params.contains(params),
        )
        .order_by(BackgroundWork.created_at.desc())
        .limit(1)
    )
    row = rows.first()
    return Work.of(row) if row is not None else None


def all_work(*, live: bool, limit: int = 50) -> Sequence[BackgroundWork]:
    """Everybody's latest work, for the administrators' page: live, or over."""
    state = BackgroundWork.status.in_(LIVE)
    statement = sa.select(BackgroundWork).where(state if live else ~state)
    newest = statement.order_by(BackgroundWork.created_at.desc(), BackgroundWork.id.desc())
    return session().scalars(newest.limit(limit)).all()


def locked_work(work_id: uuid.UUID, *, actor: Actor) -> BackgroundWork:
    """The row, locked, for who may change it; raises :class:`WorkNotFoundError`."""
    statement = sa.select(BackgroundWork).where(
        BackgroundWork.id == work_id, reachable(actor, UPDATE)
    )
    row = lock_row(statement)
    if row is None:
        raise WorkNotFoundError
    return row


def reachable(actor: Actor, right: str) -> sa.ColumnElement[bool]:
    """The rows that the actor may work with: all with the right, else one's own."""
    if actor.may(right):
        return sa.true()
    return BackgroundWork.started_by == (actor.user_id or 0)


def _newest(condition: sa.ColumnElement[bool], limit: int) -> list[Work]:
    statement = sa.select(BackgroundWork).where(condition)
    newest = statement.order_by(BackgroundWork.created_at.desc(), BackgroundWork.id.desc())
    return [Work.of(row) for row in session().scalars(newest.limit(limit))]
