"""Forgetting a form that was begun."""

from __future__ import annotations

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic
from models.workspace import FormDraft


def discard_draft(table_name: str, record_id: str, *, actor: Actor) -> None:
    """Delete the actor's own draft of the record; nothing happens when there is none."""
    with atomic() as session:
        session.execute(
            sa.delete(FormDraft).where(
                FormDraft.user_id == actor.user_id,
                FormDraft.table_name == table_name,
                FormDraft.record_id == record_id,
            ),
            execution_options={"synchronize_session": False},
        )
