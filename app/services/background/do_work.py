"""A worker takes a piece of work up and does it."""

from __future__ import annotations

import datetime as dt
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog

from app.actor import Actor
from app.db import atomic, session
from app.errors import DomainError
from app.i18n import force_locale
from app.i18n import gettext as _
from app.services.background.errors import WorkCancelled, WorkLost
from app.services.background.files import keep_file
from app.services.background.progress import Clock, Progress
from app.services.background.registry import Kind, kind_named
from app.services.background.state import Work, WorkFinished
from app.services.background.tell_end import tell_end
from models.workspace.background import BackgroundWork

log = structlog.get_logger(__name__)
SILENCE = dt.timedelta(seconds=30)
"""A worker that gave no sign of life for so long is taken for dead."""
MAX_ATTEMPTS = 3
Wearing = Callable[[Work], AbstractContextManager[Actor]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the worker brings along: ``as_starter`` acts as who started the work, with rights,
    language and time zone; ``clock`` tells the time; ``worker`` names the process."""

    as_starter: Wearing
    clock: Clock
    worker: str


def do_work(work_id: uuid.UUID, surroundings: Surroundings) -> str:
    """Do the work, if it waits or its worker died; gives its state, or ``not_due``.

    Taken up by a conditional UPDATE, so that two workers never do it at once. Whatever it raises
    ends it with a sentence for the person and the traceback for administrators. Work whose worker
    died three times fails.
    """
    now = surroundings.clock()
    taken = _take_up(work_id, surroundings.worker, now)
    if taken is None:
        return "not_due"
    kind = kind_named(taken.kind)
    with force_locale(taken.language):
        problem = _why_not(taken, kind)
        if kind is None or problem:
            return _settle(taken, now, status="failed", error=problem)
        return _perform(taken, kind, surroundings)


def due_work(*, now: dt.datetime, limit: int = 50) -> Sequence[uuid.UUID]:
    """Work that waits, or whose worker gives no sign of life any more; the oldest first."""
    statement = sa.select(BackgroundWork.id).where(_due(now)).order_by(BackgroundWork.created_at)
    return session().scalars(statement.limit(limit)).all()


def beat(work_id: uuid.UUID, worker: str, connection: sa.Connection, now: dt.datetime) -> None:
    """A sign of life of the worker that has the work, on a connection of its own."""
    table = BackgroundWork.__table__
    mine = (table.c.id == work_id, table.c.status == "running", table.c.worker == worker)
    connection.execute(sa.update(table).where(*mine).values(heartbeat_at=now))


def _due(now: dt.datetime) -> sa.ColumnElement[bool]:
    silent = sa.func.coalesce(BackgroundWork.heartbeat_at, BackgroundWork.created_at)
    return sa.or_(
        BackgroundWork.status == "queued",
        sa.and_(BackgroundWork.status == "running", silent < now - SILENCE),
    )


def _take_up(work_id: uuid.UUID, worker: str, now: dt.datetime) -> Work | None:
    with atomic() as current:
        row = current.scalar(
            sa.update(BackgroundWork)
            .where(BackgroundWork.id == work_id, _due(now))
            .values(
                status="running",
                attempts=BackgroundWork.attempts + 1,
                worker=worker,
                heartbeat_at=now,
                begun_at=now,
                progress=0,
                error=None,
                traceback=None,
            )
            .returning(BackgroundWork)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return Work.of(row) if row is not None else None


def _why_not(taken: Work, kind: Kind | None) -> str:
    """Why it can't be done (again); empty when it can."""
    if kind is None:
        return _("This version doesn't know how to do it.")
    if taken.attempt > 1 and not kind.resumes:
        return _(
            "The worker was stopped in the middle; it may be half done. Look before you retry."
        )
    if taken.attempt > MAX_ATTEMPTS:
        return _("The worker was stopped in the middle three times.")
    return ""


def _perform(taken: Work, kind: Kind, surroundings: Surroundings) -> str:
    clock = surroundings.clock
    progress = Progress(taken.id, taken.attempt, clock)
    try:
        with surroundings.as_starter(taken):
            progress.check()
            finished = kind.function(taken, progress) or WorkFinished()
            values = _kept(taken, finished, progress, clock())
    except WorkLost:
        log.warning("another worker has taken the work up", work=str(taken.id))
        return "lost"
    except WorkCancelled:
        return _settle(taken, clock(), status="cancelled")
    except DomainError as error:
        return _settle(taken, clock(), status="failed", error=error.message)
    except Exception as error:
        log.exception("work failed", work=str(taken.id), kind=taken.kind)
        text = _("Something went wrong in the program; an administrator can see the details.")
        details = "".join(traceback.format_exception(error))
        return _settle(taken, clock(), status="failed", error=text, traceback=details[-20_000:])
    return _settle(taken, clock(), status="done", **values)


def _kept(
    taken: Work, finished: WorkFinished, progress: Progress, now: dt.datetime
) -> Mapping[str, Any]:
    """What goes into the row; a file goes to the storage first."""
    values: dict[str, Any] = {"result": dict(finished.result), "progress": progress.done}
    if progress.total is not None:
        values["progress"] = values["total"] = progress.total
    if finished.link:
        values["link"] = finished.link
    if finished.file is not None:
        values |= keep_file(taken, finished.file, now)
    return values


def _settle(taken: Work, now: dt.datetime, **values: Any) -> str:
    """End the work, unless another worker has taken it up meanwhile; gives the state."""
    session().rollback()  # of a failed statement, perhaps; what was committed stays
    with atomic() as current:
        ended = current.scalar(
            sa.update(BackgroundWork)
            .where(
                BackgroundWork.id == taken.id,
                BackgroundWork.status == "running",
                BackgroundWork.attempts == taken.attempt,
            )
            .values(**values, ended_at=now)
            .returning(BackgroundWork.id)
            .execution_options(synchronize_session=False)
        )
        if ended is None:
            return "lost"
        tell_end(taken.id, now=now)
    return str(values["status"])
