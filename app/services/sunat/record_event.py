"""More lines in the history of documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from models.sunat import DocumentEvent, ElectronicDocument


@dataclass(frozen=True, slots=True)
class Said:
    """SUNAT's code, or that of our own check, and the sentence with it."""

    code: str | None = None
    message: str | None = None


def record_event(
    row: ElectronicDocument,
    code: str | None = None,
    message: str | None = None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep the state that the document has now, and what was said; in the caller's transaction."""
    record_events([row.id], row.sunat_status, Said(code, message), actor=actor, now=now)


def record_events(
    document_ids: Sequence[int], status: str, said: Said, *, actor: Actor, now: dt.datetime
) -> None:
    """The same for many documents that have come to one state; one statement."""
    if not document_ids:
        return
    event = {
        "happened_at": now,
        "status": status,
        "code": said.code,
        "message": said.message,
        "user_id": actor.user_id or None,
    }
    rows = [{"document_id": key, **event} for key in document_ids]
    session().execute(sa.insert(DocumentEvent), rows)
