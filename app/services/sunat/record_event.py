"""One more line in the history of a document."""

from __future__ import annotations

import datetime as dt

from app.actor import Actor
from app.db import session
from models.sunat import DocumentEvent, ElectronicDocument


def record_event(
    row: ElectronicDocument,
    code: str | None = None,
    message: str | None = None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep the state that the document has now, and what was said; in the caller's transaction."""
    session().add(
        DocumentEvent(
            document_id=row.id,
            happened_at=now,
            status=row.sunat_status,
            code=code,
            message=message,
            user_id=actor.user_id,
        )
    )
