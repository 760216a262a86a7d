"""Long work is stopped by whoever started it, or by an administrator."""

from __future__ import annotations

import datetime as dt
import uuid

from app.actor import Actor
from app.db import atomic
from app.i18n import gettext as _
from app.services.background.errors import WorkIsOverError
from app.services.background.find_work import locked_work
from app.services.background.state import Work
from models.workspace.background import LIVE


def cancel_work(work_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> Work:
    """Stop it: at once if it still waits, else when it next tells its progress.

    What it did and committed stays. Raises ``WorkNotFoundError``, and ``WorkIsOverError`` when
    there is nothing to stop.
    """
    with atomic():
        row = locked_work(work_id, actor=actor)
        if row.status not in LIVE:
            raise WorkIsOverError(_("It is over already."))
        row.cancel_requested_at = row.cancel_requested_at or now
        if row.status == "queued":
            row.status, row.ended_at = "cancelled", now
        return Work.of(row)
