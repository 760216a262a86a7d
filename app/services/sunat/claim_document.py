"""A document that one worker works on, and no other until its lease is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import atomic, session
from app.domain.document_kinds import NOTES, REPORTS
from app.domain.document_states import EXCEPTION, PENDING, SENT, SIGNED
from app.services.platform.read_setting import read_setting
from models.sunat import ElectronicDocument, IssuingCompany

LEASE: Final = dt.timedelta(minutes=5)
"""Longer than a job may take (three minutes)."""
DUE: Final = (PENDING, SIGNED, SENT, EXCEPTION)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What delivering a document needs to know of it, outside of any transaction.

    ``sent_at`` tells that SUNAT may have it. ``lease`` is when others may take it; it is the
    row's ``next_attempt_at`` for as long as the claim holds.
    """

    id: int
    company_id: int
    kind: str
    series: str
    number: int
    issue_date: dt.date
    status: str
    content: Mapping[str, Any] | None
    xml_key: str | None
    ticket: str | None
    attempts: int
    sent_at: dt.datetime | None
    lease: dt.datetime | None
    ruc: str

    @property
    def name(self) -> str:
        """Name of its files without extension: ``20100066603-01-F001-123``."""
        return f"{self.ruc}-{self.kind}-{self.series}-{self.number}"

    @property
    def label(self) -> str:
        """As people call it: ``F001-123``, ``RC-20260701-1``."""
        kind = f"{self.kind}-" if self.is_report else ""
        return f"{kind}{self.series}-{self.number}"

    @property
    def folder(self) -> str:
        """Where the storage has its files."""
        return f"sunat/{self.ruc}/{self.issue_date:%Y/%m}"

    @property
    def is_report(self) -> bool:
        """A daily summary or voiding notice: SUNAT gives a ticket for it."""
        return self.kind in REPORTS

    @property
    def mine(self) -> sa.ColumnElement[bool]:
        """The row, while the claim holds."""
        row = ElectronicDocument
        return sa.and_(row.id == self.id, row.next_attempt_at == self.lease)


_ROW = ElectronicDocument
_COLUMNS: Final = (
    _ROW.id,
    _ROW.company_id,
    _ROW.document_type,
    _ROW.series,
    _ROW.correlative_number,
    _ROW.issue_date,
    _ROW.sunat_status,
    _ROW.content,
    _ROW.xml_url,
    _ROW.ticket_sunat,
    _ROW.attempts,
    _ROW.sent_at,
    _ROW.next_attempt_at,
    IssuingCompany.ruc,
)


def claim_document(document_id: int, *, now: dt.datetime) -> Delivery | None:
    """Take the document if its time has come, and count the attempt; None when it hasn't.

    A conditional UPDATE, so two workers never have it at once. One that a worker left behind in the
    middle comes again when its lease is over. In the caller's transaction.
    """
    claimed = session().execute(
        sa.update(_ROW)
        .where(_ROW.id == document_id, _due(now), IssuingCompany.id == _ROW.company_id)
        .values(attempts=_ROW.attempts + 1, next_attempt_at=now + LEASE)
        .returning(*_COLUMNS)
        .execution_options(synchronize_session=False)
    )
    found = claimed.one_or_none()
    return Delivery(*tuple(found)) if found else None


def put_off(delivery: Delivery, until: dt.datetime, *, counts: bool = True) -> None:
    """Let the document come again then; the attempt isn't counted unless it ``counts``."""
    with atomic() as current:
        current.execute(
            sa.update(_ROW)
            .where(delivery.mine)
            .values(next_attempt_at=until, attempts=delivery.attempts - (0 if counts else 1))
            .execution_options(synchronize_session=False)
        )


def must_wait(delivery: Delivery) -> bool:
    """Whether it is a note whose document SUNAT hasn't decided on: sent first it would be
    rejected, and its number spent."""
    corrected, note = aliased(_ROW), _ROW
    undecided = sa.select(corrected.id).where(
        corrected.id == note.reference_document_id,
        note.id == delivery.id,
        corrected.sunat_status.in_(DUE),
    )
    return delivery.kind in NOTES and session().scalar(undecided) is not None


def read_delivery(document_id: int) -> Delivery:
    """The same of a document that isn't claimed: enough to ask SUNAT about it."""
    statement = sa.select(*_COLUMNS).join(IssuingCompany, IssuingCompany.id == _ROW.company_id)
    found = session().execute(statement.where(_ROW.id == document_id)).one()
    return Delivery(*tuple(found))


def due_documents(*, now: dt.datetime, limit: int = 500) -> Sequence[int]:
    """Keys of the documents whose time has come, longest overdue first."""
    statement = sa.select(_ROW.id).where(_due(now)).order_by(_ROW.next_attempt_at, _ROW.id)
    return session().scalars(statement.limit(limit)).all()


def waits_for_summary(delivery: Delivery) -> bool:
    """Whether the daily summary will tell SUNAT of it: boletas and their notes, if the business
    wants it so, that aren't being sent by themselves."""
    return (
        delivery.sent_at is None
        and delivery.status != SIGNED
        and is_boleta(delivery.kind, delivery.series)
        and read_setting("sunat.boletas") == "daily"
    )


def is_boleta(kind: str, series: str) -> bool:
    """A boleta, or a note of one: their series begin with B."""
    return kind == "03" or (kind in NOTES and series.startswith("B"))


def _due(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_ROW.sunat_status.in_(DUE), _ROW.next_attempt_at <= now)
