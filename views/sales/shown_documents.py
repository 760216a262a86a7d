"""Documents of sales and returns, as the pages of those name them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.admin.access import rows_for
from app.admin.describe import describe
from app.admin.endpoints import url_of
from app.db import session
from app.i18n import gettext as _
from app.security.rights import may, may_read
from app.services.sunat.choose_document import (
    BOLETA,
    FACTURA,
    INTERNAL_NOTE,
    USUAL,
    allows_internal_note,
    offered_documents,
)
from app.services.sunat.issue_for_order import NOT_SOLD
from app.services.sunat.live_document import live_document
from app.services.sunat.read_issuing import Issuing, read_issuing
from models.sales import Order
from models.sunat import ElectronicDocument

ISSUE = "sales.orders:issue"


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as a page of its sale names it; ``url`` is its own page."""

    kind: str
    number: str
    status: str
    status_name: str
    amount: Decimal
    url: str


def shown_documents(**of: int) -> list[ShownDocument]:
    """Documents of an order (``order_id``) or a return (``return_id``) that the reader may see."""
    if not may_read(ElectronicDocument):
        return []
    statement = sa.select(ElectronicDocument).filter_by(**of).order_by(ElectronicDocument.id)
    fields = describe(ElectronicDocument).fields
    kinds, states = fields["document_type"].choices, fields["sunat_status"].choices
    return [
        ShownDocument(
            _(kinds[row.document_type]),
            row.number,
            row.sunat_status,
            _(states[row.sunat_status]),
            row.total_amount,
            url_of(ElectronicDocument, "show", pk=row.id),
        )
        for row in session().scalars(rows_for(ElectronicDocument, statement))
    ]


def kinds_to_issue(order: Order) -> list[tuple[str, str]]:
    """Documents that the person may issue for the order now: none where it has one."""
    if not may(ISSUE) or order.status in NOT_SOLD or live_document(order_id=order.id) is not None:
        return []
    found = kinds_of(read_issuing(order.location_id))
    return [one for one in found if one[0] != INTERNAL_NOTE]


def kinds_to_order() -> list[tuple[str, str]]:
    """Documents that an order may ask for, wherever it is served from: a boleta where one can be
    issued, else what there is."""
    if read_issuing(None) is None:
        return []
    names = describe(Order).fields["document_type"].choices
    others = (FACTURA, *((INTERNAL_NOTE,) if allows_internal_note() else ()))
    return [(USUAL, _(names[BOLETA])), *((kind, _(names[kind])) for kind in others)]


def kinds_of(issuing: Issuing | None) -> list[tuple[str, str]]:
    """Documents that a sale may get, with their names, the usual one first."""
    names = describe(Order).fields["document_type"].choices
    return [(kind, _(names[kind])) for kind in offered_documents(issuing)]
