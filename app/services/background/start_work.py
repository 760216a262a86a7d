"""Long work is written down and a worker woken up."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from app.actor import Actor
from app.db import atomic, on_commit
from app.doorbell import ring
from app.i18n import current_language, ngettext
from app.services.background.errors import TooMuchWorkError
from app.services.background.state import Work
from models.workspace.background import LIVE, BackgroundWork

JOB = "jobs.background.do_work"
QUEUE = "reports"
WAITING_AT_ONCE = 20
LONGEST_SECONDS = 6 * 3600


def start_work(  # noqa: PLR0913 - what, with what, called what, by whom, when, and where to
    kind: str,
    params: Mapping[str, Any],
    *,
    title: object,
    actor: Actor,
    now: dt.datetime,
    link: str = "",
) -> Work:
    """Have the function of ``kind`` called by a worker in the name of ``actor``.

    ``params`` are JSON values, ``title`` says on pages what it is, ``link`` is a path of ours to go
    on to when it is over. The worker is rung after the commit; the caller's transaction may roll it
    all back. Raises :class:`TooMuchWorkError` when twenty of the person's wait already.
    """
    with atomic() as session:
        _leave_room_for_others(actor)
        row = BackgroundWork(
            kind=kind,
            title=str(title)[:300],
            params=dict(params),
            started_by=actor.user_id or None,
            impersonator_id=actor.impersonator_id,
            language=current_language(),
            request_id=uuid7(),
            link=link or None,
            created_at=now,
        )
        session.add(row)
        session.flush()  # the doorbell needs the key
        on_commit(partial(ring_for, row.id))
        return Work.of(row)


def ring_for(work_id: uuid.UUID) -> None:
    """Wake a worker up for this work."""
    ring(JOB, str(work_id), queue=QUEUE, seconds=LONGEST_SECONDS)


def _leave_room_for_others(actor: Actor) -> None:
    if not actor.user_id:
        return
    with atomic() as session:
        waiting = session.scalar(
            sa.select(sa.func.count())
            .select_from(BackgroundWork)
            .where(BackgroundWork.started_by == actor.user_id, BackgroundWork.status.in_(LIVE))
        )
    if waiting and waiting >= WAITING_AT_ONCE:
        raise TooMuchWorkError(
            ngettext(
                "%(num)s piece of your work is still waiting; let it end first.",
                "%(num)s pieces of your work are still waiting; let them end first.",
                waiting,
            )
        )
