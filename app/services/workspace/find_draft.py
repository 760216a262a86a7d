"""The form that somebody began for a record and hasn't saved."""

from __future__ import annotations

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from models.workspace import FormDraft


def find_draft(table_name: str, record_id: str, *, actor: Actor) -> FormDraft | None:
    """The actor's own draft, if there is one; ``record_id`` is blank for a new record."""
    return session().scalar(
        sa.select(FormDraft).where(
            FormDraft.user_id == actor.user_id,
            FormDraft.table_name == table_name,
            FormDraft.record_id == record_id,
        )
    )
