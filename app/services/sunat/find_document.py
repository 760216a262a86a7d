"""The electronic documents that somebody may work with."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row, session
from app.services.sunat.errors import DocumentNotFoundError
from models.sunat import ElectronicDocument


def find_document(
    document_id: int, *, actor: Actor, action: str = "read", lock: bool = False
) -> ElectronicDocument:
    """The document, locked if asked for, within the row scope of the actor's roles for ``action``.

    Raises :class:`DocumentNotFoundError`, also for one that is out of the actor's reach.
    """
    statement = sa.select(ElectronicDocument).where(ElectronicDocument.id == document_id)
    statement = scoped(statement, ElectronicDocument, Reader.of(actor), action)
    row: ElectronicDocument | None = lock_row(statement) if lock else session().scalar(statement)
    if row is None:
        raise DocumentNotFoundError(document_id)
    return row
