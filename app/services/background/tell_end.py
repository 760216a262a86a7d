"""Whoever started long work is told that it is over."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from app.actor import system_actor
from app.db import session
from app.i18n import gettext as _
from app.services.background.registry import told_result
from app.services.messaging.notify import notify
from models.workspace.background import BackgroundWork

EVENT = "work_finished"
PAGE = "/work"


def page_of(work_id: uuid.UUID) -> str:
    """Address of the page that shows the work."""
    return f"{PAGE}/{work_id}"


def tell_end(work_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Notify who started it, once per end; nobody is told of what they cancelled themselves."""
    row: Any = session().get_one(BackgroundWork, work_id, populate_existing=True)
    if row.started_by is None or row.status == "cancelled":
        return
    payload = {"subject": row.title, "title": row.title, "text": _outcome(row)}
    notify(
        [row.started_by],
        EVENT,
        {**payload, "outcome": payload["text"], "status": row.status},
        link=page_of(row.id),
        actor=system_actor(row.kind),
        now=now,
        event_key=f"work:{row.id}:{row.attempts}",
    )


def _outcome(row: BackgroundWork) -> str:
    if row.status == "failed":
        return _("It failed: %(reason)s", reason=row.error or "")
    told = told_result(row.kind, row.result)
    if told:
        return told
    if row.file_name:
        return _("The file is ready: %(name)s", name=row.file_name)
    return _("It is done.")
