"""All that there is to know of one document: what it says, what happened to it, what changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import session
from app.services.sunat.snapshot import load
from app.sunat import Totals, totals
from app.sunat.documents import Document, Sale
from models.identity import User
from models.sunat import DocumentEvent, ElectronicDocument, VoidedDocument

SHOWN = 100


@dataclass(frozen=True, slots=True)
class PastEvent:
    """A step in the life of a document; ``person`` is empty for the system."""

    status: str
    code: str
    message: str
    person: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class DocumentView:
    """``issued`` is None for a document from before such copies were kept; ``sums`` also for
    summaries. ``notes`` are those that correct it."""

    issued: Document | None
    sums: Totals | None
    history: Sequence[PastEvent]
    notes: Sequence[ElectronicDocument]
    voiding: VoidedDocument | None


def read_document(row: ElectronicDocument) -> DocumentView:
    """What the page of a document shows, in three statements.

    The caller has found the document within the reader's reach; its notes belong to the same sale.
    """
    issued = load(row.document_type, row.content) if row.content else None
    note = ElectronicDocument
    notes = sa.select(note).where(note.reference_document_id == row.id).order_by(note.id)
    asked = sa.select(VoidedDocument).where(VoidedDocument.document_id == row.id)
    return DocumentView(
        issued,
        totals(issued) if isinstance(issued, Sale) else None,
        _history(row.id),
        session().scalars(notes.limit(SHOWN)).all(),
        session().scalar(asked),
    )


def _history(document_id: int) -> Sequence[PastEvent]:
    """The latest first."""
    row = DocumentEvent
    found = session().execute(
        sa.select(
            row.status,
            sa.func.coalesce(row.code, ""),
            sa.func.coalesce(row.message, ""),
            sa.func.coalesce(User.full_name, ""),
            row.happened_at,
        )
        .outerjoin(User, User.id == row.user_id)
        .where(row.document_id == document_id)
        .order_by(row.id.desc())
        .limit(SHOWN)
    )
    return [PastEvent(*values) for values in found]
