"""Keeping what somebody types until it is saved."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _
from models.workspace import FormDraft
from models.workspace.drafts import DRAFT_BYTES

MOST_DRAFTS = 100


class DraftTooLargeError(DomainError):
    """More was typed than a draft keeps."""

    code = "draft_too_large"


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """``form`` has the names and values of the inputs in their order, secrets left out."""

    table_name: str
    record_id: str
    form: tuple[tuple[str, str], ...]


def save_draft(command: SaveDraft, *, actor: Actor, now: dt.datetime) -> None:
    """Keep the draft in place of the actor's earlier one of the same record.

    A person has :data:`MOST_DRAFTS` at most; the oldest go. Raises :class:`DraftTooLargeError`.
    """
    form = [list(pair) for pair in command.form]
    if len(json.dumps(form).encode()) > DRAFT_BYTES:
        raise DraftTooLargeError(_("This form is too long to be kept as a draft."))
    row = {
        "user_id": actor.user_id,
        "table_name": command.table_name,
        "record_id": command.record_id,
        "form": form,
        "saved_at": now,
    }
    statement = insert(FormDraft).values(row)
    newest = (
        sa.select(FormDraft.id)
        .where(FormDraft.user_id == actor.user_id)
        .order_by(FormDraft.saved_at.desc())
        .offset(MOST_DRAFTS)
    )
    with atomic() as session:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["user_id", "table_name", "record_id"],
                set_={"form": statement.excluded.form, "saved_at": now},
            )
        )
        session.execute(
            sa.delete(FormDraft).where(FormDraft.id.in_(newest)),
            execution_options={"synchronize_session": False},
        )
