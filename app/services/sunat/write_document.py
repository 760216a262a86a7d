"""A document gets its number and becomes a row that waits to be signed and sent."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Final

from app.actor import Actor
from app.db import on_commit, session
from app.domain.document_states import PENDING
from app.doorbell import ring
from app.services.sunat.record_event import record_event
from app.services.sunat.snapshot import dump
from app.services.sunat.take_number import take_number
from app.sunat import CreditNote, DebitNote, Invoice, Totals, totals
from app.sunat.catalogs import TaxScheme
from models.sunat import ElectronicDocument

DELIVER_JOB: Final = "jobs.sunat.deliver_document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a document is about, and where: at least one of order, invoice and credit note.

    ``company_id`` issues it and ``location_id`` chooses the series. ``exchange_rate`` is soles for
    one unit of the document's currency.
    """

    company_id: int
    location_id: int | None
    order_id: int | None = None
    return_id: int | None = None
    invoice_id: uuid.UUID | None = None
    credit_note_id: uuid.UUID | None = None
    corrects: int | None = None
    exchange_rate: Decimal = Decimal(1)


def write_document(
    draft: Invoice | CreditNote | DebitNote, source: Source, *, actor: Actor, now: dt.datetime
) -> ElectronicDocument:
    """Give the draft the next number of its series, and keep it as a document that waits.

    Inside the caller's transaction, as late as may be: the series is locked until its end. The
    draft's own series and number don't count. A worker is rung after the commit; it signs and
    sends. Raises what :func:`~app.services.sunat.take_number.take_number` does.
    """
    prefix = draft.affected.id[0] if isinstance(draft, CreditNote | DebitNote) else ""
    given = take_number(draft.type, source.company_id, source.location_id, prefix)
    document = replace(draft, series=given.series, number=given.number)
    row = ElectronicDocument(
        order_id=source.order_id,
        return_id=source.return_id,
        invoice_id=source.invoice_id,
        credit_note_id=source.credit_note_id,
        reference_document_id=source.corrects,
        company_id=source.company_id,
        document_type=str(document.type),
        series=document.series,
        correlative_number=document.number,
        issue_date=document.issued_on,
        customer_doc_type=document.customer.doc_type,
        customer_doc_number=document.customer.number,
        customer_name=document.customer.name,
        currency=document.currency,
        exchange_rate=source.exchange_rate,
        content=dump(document),
        sunat_status=PENDING,
        next_attempt_at=now,
        created_at=now,
    )
    write_totals(row, totals(document))
    session().add(row)
    session().flush()  # its history and the doorbell need the key
    record_event(row, actor=actor, now=now)
    on_commit(partial(ring, DELIVER_JOB, row.id, queue="high"))
    return row


def write_totals(row: ElectronicDocument, found: Totals) -> None:
    """The amounts that lists, books and receipts show."""
    row.total_amount = found.payable
    row.total_igv = found.of(TaxScheme.IGV).amount + found.of(TaxScheme.IVAP).amount
    row.total_gravado = found.of(TaxScheme.IGV).base + found.of(TaxScheme.IVAP).base
    row.total_exonerado = found.of(TaxScheme.EXONERATED).base
    row.total_inafecto = found.of(TaxScheme.UNAFFECTED).base
    row.total_exportacion = found.of(TaxScheme.EXPORT).base
    row.total_gratuito = found.of(TaxScheme.FREE).base
    row.total_isc = found.of(TaxScheme.ISC).amount
    row.total_icbper = found.of(TaxScheme.ICBPER).amount
    row.total_otros = found.charges
