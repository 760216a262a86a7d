"""A services invoice gets its factura or boleta."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row
from app.domain.identity_documents import NONE
from app.domain.money import ZERO
from app.errors import NotFoundError
from app.i18n import lazy_gettext as _
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Claim, run_once
from app.services.sunat.choose_document import BOLETA
from app.services.sunat.document_errors import (
    AlreadyIssuedError,
    CustomerNeededError,
    NothingToIssueError,
)
from app.services.sunat.document_of_invoice import document_of_invoice, read_customer
from app.services.sunat.errors import NoIssuerError
from app.services.sunat.issue_for_order import Issued, issued_of, result_of
from app.services.sunat.live_document import live_document
from app.services.sunat.read_issuing import read_issuing
from app.services.sunat.write_document import Source, write_document
from models.billing import Invoice

SCOPE: Final = "sunat.issue_for_invoice"
NOT_FINAL: Final = ("draft", "pending_approval", "void")


class InvoiceNotFoundError(NotFoundError):
    code = "unknown_invoice"

    def __init__(self, invoice_id: uuid.UUID) -> None:
        super().__init__(_("There is no such invoice."), invoice=str(invoice_id))


@dataclass(frozen=True, slots=True)
class IssueForInvoice:
    """``location_id`` chooses the series; without one it is a series of all locations."""

    key: str
    invoice_id: uuid.UUID
    location_id: int | None = None


def issue_for_invoice(command: IssueForInvoice, *, actor: Actor, now: dt.datetime) -> Issued:
    """Issue the document of a final invoice that has none, or whose document was rejected.

    Locks the claim, the invoice, the document's series. Raises :class:`InvoiceNotFoundError`,
    :class:`AlreadyIssuedError`, :class:`NothingToIssueError` for a draft or a void invoice,
    :class:`~app.services.sunat.document_errors.InvoiceDiffersError`, :class:`CustomerNeededError`,
    :class:`NoIssuerError` and :class:`~app.services.sunat.errors.NoSeriesError`.
    """
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _issue(command, actor, now), actor=actor, now=now)
    return issued_of(answer.result, replayed=answer.replayed)


def _issue(command: IssueForInvoice, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    statement = sa.select(Invoice).where(Invoice.id == command.invoice_id)
    invoice = lock_row(scoped(statement, Invoice, Reader.of(actor), "update"))
    if invoice is None:
        raise InvoiceNotFoundError(command.invoice_id)
    if invoice.status in NOT_FINAL or invoice.total_amount <= ZERO:
        raise NothingToIssueError(_("Only a final invoice gets a document."))
    if (known := live_document(invoice_id=invoice.id)) is not None:
        raise AlreadyIssuedError(known.number)
    issuing = read_issuing(command.location_id)
    if issuing is None:
        raise NoIssuerError
    draft = document_of_invoice(invoice, issuing, read_customer(invoice), now=now)
    limit = read_setting("tax.identified_customer_from")
    in_soles = invoice.total_amount * invoice.exchange_rate
    if draft.type == BOLETA and in_soles > limit and draft.customer.doc_type == NONE:
        raise CustomerNeededError(limit)
    source = Source(
        company_id=issuing.company_id,
        location_id=command.location_id,
        invoice_id=invoice.id,
        exchange_rate=invoice.exchange_rate,
    )
    return result_of(write_document(draft, source, actor=actor, now=now))
