"""Work that failed or was cancelled is done again."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from app.actor import Actor
from app.db import atomic, on_commit
from app.i18n import gettext as _
from app.services.background.errors import WorkIsOverError
from app.services.background.find_work import locked_work
from app.services.background.start_work import ring_for
from app.services.background.state import Work


def retry_work(work_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> Work:
    """Put it back into the queue; it still acts as who started it.

    Raises ``WorkNotFoundError``, and ``WorkIsOverError`` for work that is live or done.
    """
    with atomic():
        row = locked_work(work_id, actor=actor)
        if row.status not in ("failed", "cancelled"):
            raise WorkIsOverError(_("Only work that failed or was cancelled can be tried again."))
        row.status, row.attempts, row.progress = "queued", 0, 0
        row.total = row.cancel_requested_at = row.ended_at = row.heartbeat_at = None
        row.error = row.traceback = None
        row.created_at = now
        on_commit(partial(ring_for, row.id))
        return Work.of(row)
