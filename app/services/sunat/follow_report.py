"""What becomes of the documents in a daily summary or voiding notice when SUNAT has decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.document_states import (
    ACCEPTED,
    EXCEPTION,
    OBSERVED,
    REJECTED,
    SENT,
    SIGNED,
    TAKEN,
    VOIDED,
    VOIDING,
)
from app.services.sunat.change_state import change_state
from app.services.sunat.record_event import Said
from models.sunat import DocumentEvent, ElectronicDocument, VoidedDocument


def follow_sent(report_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """The documents that the summary tells of are sent with it, and what it voids is asked for."""
    row = ElectronicDocument
    told = sa.and_(row.summary_id == report_id, row.sunat_status != SENT)
    change_state(told, SENT, actor=actor, now=now)
    _set_requests(report_id, "SENT")


def follow_ticket(report_id: int, ticket: str) -> None:
    """The requests of voiding that the report carries are handled under this ticket."""
    _set_requests(report_id, "SENT", ticket_sunat=ticket)


def follow_report(
    report_id: int, state: str, said: Said, *, actor: Actor, now: dt.datetime, **kept: Any
) -> None:
    """Documents that the summary told SUNAT of are accepted with its constancia, or free for the
    next summary; documents that were to be voided are, or are again what they were.

    A fixed number of statements; in the caller's transaction.
    """
    row = ElectronicDocument
    told = sa.and_(row.summary_id == report_id, row.sunat_status.in_((SIGNED, SENT)))
    if state == REJECTED:
        change_state(told, EXCEPTION, said, actor=actor, now=now, summary_id=None)
        _end_voiding(report_id, said, actor=actor, now=now)
        return
    change_state(told, ACCEPTED, said, actor=actor, now=now, **kept, answered_at=now)
    change_state(_to_be_voided(report_id), VOIDED, actor=actor, now=now)
    _set_requests(report_id, "ACCEPTED", voided_at=now)


def _end_voiding(report_id: int, said: Said, *, actor: Actor, now: dt.datetime) -> None:
    """Each is again what SUNAT had made of it."""
    row = ElectronicDocument
    earlier = (
        sa.select(DocumentEvent.status)
        .where(DocumentEvent.document_id == row.id, DocumentEvent.status.in_(TAKEN))
        .order_by(DocumentEvent.id.desc())
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )
    was_observed = sa.func.coalesce(earlier, ACCEPTED) == OBSERVED
    to_be_voided = _to_be_voided(report_id)
    change_state(sa.and_(to_be_voided, was_observed), OBSERVED, said, actor=actor, now=now)
    change_state(to_be_voided, ACCEPTED, said, actor=actor, now=now)
    _set_requests(report_id, "REJECTED")


def _to_be_voided(report_id: int) -> sa.ColumnElement[bool]:
    asked = sa.select(VoidedDocument.document_id).where(VoidedDocument.summary_id == report_id)
    row = ElectronicDocument
    return sa.and_(row.id.in_(asked), row.sunat_status == VOIDING)


def _set_requests(report_id: int, status: str, **columns: Any) -> None:
    session().execute(
        sa.update(VoidedDocument)
        .where(VoidedDocument.summary_id == report_id)
        .values(status=status, **columns)
        .execution_options(synchronize_session=False)
    )
