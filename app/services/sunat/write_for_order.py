"""The document of an order, written with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.actor import Actor
from app.services.sunat.choose_document import INTERNAL_NOTE, choose_document
from app.services.sunat.document_of_order import document_of_order
from app.services.sunat.read_issuing import Issuing, read_issuing
from app.services.sunat.write_document import Source, write_document
from models.sales import Order
from models.sunat import ElectronicDocument


@dataclass(frozen=True, slots=True)
class Wanted:
    """The document that a sale is to get; ``kind`` NV is none."""

    kind: str
    issuing: Issuing | None


def want_document(
    asked: str, location_id: int, customer_id: int | None, total: Decimal, tax_codes: set[str]
) -> Wanted:
    """Decide on the document before anything is written; one statement.

    Raises what :func:`~app.services.sunat.choose_document.choose_document` does.
    """
    issuing = read_issuing(location_id, customer_id)
    return Wanted(choose_document(asked, issuing, total, tax_codes), issuing)


def write_for_order(
    order: Order, wanted: Wanted, units: Mapping[int, str], *, actor: Actor, now: dt.datetime
) -> ElectronicDocument | None:
    """Write the document, the last thing of a sale: its series is locked until the end.

    None for a nota de venta, which is no document of SUNAT's: the ticket is its paper.
    """
    order.document_type = wanted.kind
    if wanted.issuing is None or wanted.kind == INTERNAL_NOTE:
        return None
    issuing = wanted.issuing
    draft = document_of_order(order, wanted.kind, issuing, units, now=now)
    source = Source(
        company_id=issuing.company_id, location_id=issuing.location_id, order_id=order.id
    )
    return write_document(draft, source, actor=actor, now=now)
