"""An order without a document gets one: by itself when it is due, or when somebody asks for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.tax import TAXED
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from app.services.platform.run_once import Claim, run_once
from app.services.sales.find_order import find_order
from app.services.sunat.choose_document import BOLETA, FACTURA, INTERNAL_NOTE
from app.services.sunat.document_errors import (
    AlreadyIssuedError,
    DocumentTypeError,
    NothingToIssueError,
)
from app.services.sunat.document_of_order import read_units
from app.services.sunat.live_document import live_document
from app.services.sunat.write_for_order import (
    Wanted,
    want_document,
    write_for_order,
)
from models.sales import Order, OrderReturn
from models.sunat import ElectronicDocument

SCOPE = "sunat.issue_for_order"
NOT_SOLD = ("draft", "confirmed", "cancelled", "returned")
"""Neither paid nor handed over, or not any more."""
NOTHING = _("This order isn't paid or handed over: there is nothing to issue.")


@dataclass(frozen=True, slots=True)
class IssueForOrder:
    """``document_type`` is 03 for a boleta and 01 for a factura; "" is what the order wanted."""

    key: str
    order_id: int
    document_type: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """``number`` is as people read it, ``B001-42``; ``replayed`` says it had been issued before."""

    document_id: int
    number: str
    replayed: bool


def issue_for_order(command: IssueForOrder, *, actor: Actor, now: dt.datetime) -> Issued:
    """Issue the document of an order that has none, or whose document was rejected or voided.

    The whole order, as it was sold: what came back of it since is marked as wanting a nota de
    crédito. Locks the claim, the order, the document's series. Raises
    :class:`~app.services.sales.errors.OrderNotFoundError`, :class:`AlreadyIssuedError`,
    :class:`NothingToIssueError` for an order that isn't sold (any more), and what
    :func:`~app.services.sunat.choose_document.choose_document` does.
    """
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _issue(command, actor, now), actor=actor, now=now)
    return issued_of(answer.result, replayed=answer.replayed)


def issued_of(result: dict[str, Any], *, replayed: bool) -> Issued:
    return Issued(result["document_id"], result["number"], replayed)


def result_of(document: ElectronicDocument) -> dict[str, Any]:
    """What a claim keeps of it."""
    return {"document_id": document.id, "number": document.number}


def issue_if_due(order: Order, *, actor: Actor, now: dt.datetime) -> ElectronicDocument | None:
    """The document of an order that has just been paid or handed over, whichever came first.

    None where it has one already, wants a nota de venta, or none can be issued: money that came
    and goods that left aren't refused because of it, and :func:`issue_for_order` makes up for it.
    The caller has locked the order and all else: only the series is locked after it.
    """
    if order.document_type == INTERNAL_NOTE or live_document(order_id=order.id) is not None:
        return None
    try:
        wanted = want_for(order, order.document_type)
    except DomainError:
        return None
    return write_for_order(order, wanted, read_units(order.id), actor=actor, now=now)


def want_for(order: Order, kind: str) -> Wanted:
    """The document of that kind for the whole order; raises what ``choose_document`` does."""
    codes = {item.tax_code for item in order.items} | ({TAXED} if order.shipping_cost else set())
    total = order.grand_total - order.cash_rounding
    return want_document(kind, order.location_id, order.customer_id, total, codes)


def _issue(command: IssueForOrder, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    order = find_order(command.order_id, actor=actor, action="update", lock=True)
    if order.status in NOT_SOLD:
        raise NothingToIssueError(NOTHING)
    if (known := live_document(order_id=order.id)) is not None:
        raise AlreadyIssuedError(known.number)
    kind = command.document_type or (FACTURA if order.document_type == FACTURA else BOLETA)
    if kind == INTERNAL_NOTE:
        raise DocumentTypeError(_("There is no such kind of document."))
    wanted = want_for(order, kind)
    session().execute(
        sa.update(OrderReturn)
        .where(OrderReturn.order_id == order.id)
        .values(credit_note_due=True)
        .execution_options(synchronize_session=False)
    )
    document = write_for_order(order, wanted, read_units(order.id), actor=actor, now=now)
    if document is None:
        raise NothingToIssueError(NOTHING)
    return result_of(document)
