"""A business that issues documents, and documents of sales in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.actor import system_actor
from app.db import atomic
from app.services.sunat.write_document import Source, write_document
from app.sunat import CreditNote, Invoice
from app.sunat.documents import Sale
from models.sales import Order
from models.sunat import DocumentSequence, ElectronicDocument, IssuingCompany
from tests.rows import make_row
from tests.services.shop import NOW
from tests.sunat.samples import ISSUER, invoice

SERIES = (("01", "F001"), ("03", "B001"), ("07", "FC01"), ("07", "BC01"), ("08", "FD01"))


def add_issuer(**values: Any) -> int:
    """The issuing company with a series of each kind; gives its id."""
    with atomic() as current:
        row = IssuingCompany(ruc=ISSUER.ruc, raz_social=ISSUER.name, **values)
        current.add(row)
        current.flush()
        for kind, series in SERIES:
            current.add(DocumentSequence(company_id=row.id, document_type=kind, series=series))
        return row.id


def add_document(
    company: int, draft: Sale | None = None, status: str = "PENDING", **source: Any
) -> ElectronicDocument:
    """A document as a sale writes it, in a state that workers would have brought it to."""
    chosen = draft or invoice()
    assert isinstance(chosen, Invoice | CreditNote)
    if not {"order_id", "invoice_id"} & set(source):
        with atomic():
            source["order_id"] = make_row(Order, customer_id=None).id
    with atomic():
        row = write_document(
            chosen,
            Source(company_id=company, location_id=None, **source),
            actor=system_actor(),
            now=NOW,
        )
        row.sunat_status = status
        if status != "PENDING":
            row.answered_at = NOW
    return row


def later(**span: float) -> dt.datetime:
    return NOW + dt.timedelta(**span)
