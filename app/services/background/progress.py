"""How far a piece of work is, told to whoever watches, and whether it shall go on."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable

import sqlalchemy as sa

from app.db import apart
from app.services.background.errors import WorkCancelled, WorkLost
from models.workspace.background import BackgroundWork

SECONDS = 0.5
Clock = Callable[[], dt.datetime]


class Progress:
    """Called with the steps done and, where known, in all.

    Writes at most twice a second, in a transaction of its own, so others see it while the work's
    own transaction is open. Raises :class:`WorkCancelled` once somebody asked to stop, and
    :class:`WorkLost` when another worker has taken over.
    """

    def __init__(self, work_id: uuid.UUID, attempt: int, clock: Clock) -> None:
        self._id, self._attempt, self._clock = work_id, attempt, clock
        self._told_at = float("-inf")
        self.done = 0
        self.total: int | None = None

    def __call__(self, done: int, total: int | None = None, *, at_once: bool = False) -> None:
        self.done = done
        self.total = total if total is not None else self.total
        moment = time.monotonic()
        if at_once or moment - self._told_at >= SECONDS:
            self._told_at = moment
            self._tell()

    def check(self) -> None:
        """Raise if the work shall stop; to be called right before what can't be taken back."""
        self(self.done, at_once=True)

    def _tell(self) -> None:
        table = BackgroundWork.__table__.c
        with apart() as connection:
            row = connection.execute(
                sa.update(BackgroundWork.__table__)
                .where(
                    table.id == self._id,
                    table.status == "running",
                    table.attempts == self._attempt,
                )
                .values(progress=self.done, total=self.total, heartbeat_at=self._clock())
                .returning(table.cancel_requested_at)
            ).one_or_none()
        if row is None:
            raise WorkLost
        if row.cancel_requested_at is not None:
            raise WorkCancelled
