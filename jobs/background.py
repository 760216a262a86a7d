"""Long work that people have started."""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from app.actor import Actor

if TYPE_CHECKING:
    from app.services.background import Work

BEAT_SECONDS = 5.0
log = structlog.get_logger(__name__)


def do_work(work_id: str) -> str:
    """Do the work if it is due; does nothing when it is done or somebody does it."""
    from app.services.background.do_work import Surroundings
    from app.services.background.do_work import do_work as do

    worker = f"{socket.gethostname()}-{os.getpid()}-{os.urandom(3).hex()}"
    with signs_of_life(uuid.UUID(work_id), worker):
        return do(uuid.UUID(work_id), Surroundings(as_starter, now, worker))


def sweep_work() -> int:
    """Wake workers up for work whose doorbell was lost or whose worker died; tells how much."""
    from app.services.background.do_work import due_work
    from app.services.background.start_work import ring_for

    due = due_work(now=now())
    for work_id in due:
        ring_for(work_id)
    return len(due)


def purge_old_work() -> int:
    """Forget old work and imports, and delete their files; tells how many."""
    from app.services.background.purge_imports import purge_imports
    from app.services.background.purge_old_work import purge_old_work as purge

    moment = now()
    return purge(now=moment) + purge_imports(now=moment)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def as_starter(work: Work) -> AbstractContextManager[Actor]:
    """Act as who started the work, an administrator who acted as them included."""
    from app.security.on_behalf import Person, on_behalf_of

    person = Person(work.started_by, work.language, str(work.request_id), work.impersonator_id)
    return on_behalf_of(person)


@contextmanager
def signs_of_life(work_id: uuid.UUID, worker: str) -> Iterator[None]:
    """Inside, the work's row is told every few seconds that its worker lives."""
    from app.db import session

    stop = threading.Event()
    bind = session().get_bind()
    if isinstance(bind, sa.Connection):  # it can't be shared with a thread
        yield
        return
    thread = threading.Thread(target=_beat, args=(work_id, worker, bind, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(work_id: uuid.UUID, worker: str, engine: sa.Engine, stop: threading.Event) -> None:
    from app.services.background.do_work import beat

    while not stop.wait(BEAT_SECONDS):
        try:
            with engine.begin() as connection:
                beat(work_id, worker, connection, now())
        except sa.exc.SQLAlchemyError as error:
            log.warning("no sign of life", work=str(work_id), error=str(error))
