"""A return of an order with a document wants a nota de crédito: noted, and those who see to it
are told."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.identity.users_with_right import users_with_right
from app.services.messaging.notify import notify
from models.sales import Order, OrderReturn
from models.sunat import ElectronicDocument

EVENT = "credit_note_due"
RIGHT = "sunat.companies:update"
"""Who looks after the issuer looks after its documents, and is told."""
SALES_DOCUMENTS = ("01", "03")
WITHOUT_EFFECT = ("REJECTED", "VOIDED")


def note_issued_document(row: OrderReturn, order: Order, *, actor: Actor, now: dt.datetime) -> None:
    """Mark the return where a factura or boleta was issued for its order.

    The mark is the queue: whoever issues credit notes takes it from there and clears it.
    """
    document = ElectronicDocument
    number = session().scalar(
        sa.select(sa.func.concat(document.series, "-", document.correlative_number))
        .where(
            document.order_id == order.id,
            document.document_type.in_(SALES_DOCUMENTS),
            document.sunat_status.not_in(WITHOUT_EFFECT),
        )
        .order_by(document.id.desc())
        .limit(1)
    )
    if number is None or not row.amount:
        return
    row.credit_note_due = True
    payload = {
        "number": row.number,
        "document": number,
        "amount": f"S/ {row.amount}",
        "reason": row.reason,
    }
    notify(
        users_with_right(RIGHT),
        EVENT,
        payload,
        link=f"/sales/order_returns/show/{row.id}",
        actor=actor,
        now=now,
        event_key=f"{EVENT}:{row.id}",
    )
