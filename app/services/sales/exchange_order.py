"""Goods come back and others are sold for them, in one transaction: both happen, or neither."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.domain.cash_rounding import cash_rounding
from app.domain.money import ZERO
from app.domain.tenders import CASH, EXCHANGE, Tender
from app.errors import ForbiddenError
from app.i18n import lazy_gettext as _
from app.services.identity.approve_with_pin import Approval
from app.services.inventory.stock import lock_stock, require_location
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import LATER, Claim, run_once
from app.services.sales.amounts import require_cash
from app.services.sales.checkout import Checkout, Sale, finish_sale, place_sale, sale_of
from app.services.sales.price_cart import SaleLine, check_cart
from app.services.sales.read_return import QuoteReturn, quote_return
from app.services.sales.refund_order import check_refunds, require_till, settle_accounts
from app.services.sales.return_documents import correct_document
from app.services.sales.return_items import ReturnedItem, restocked_variants
from app.services.sales.return_order import (
    RIGHT,
    Returned,
    ReturnOrder,
    check_return,
    take_back,
)
from app.services.sales.take_payment import check_tenders

SCOPE = "sales.exchange"


@dataclass(frozen=True, slots=True)
class ExchangeOrder:
    """``items`` of the order ``order_id`` come back, ``lines`` are sold.

    The money that is due for what comes back pays the new sale, as far as it goes: the customer
    pays the rest with ``tenders``, or gets the rest as ``refunds``. Otherwise as a sale
    (:class:`~app.services.sales.checkout.Checkout`) and a return
    (:class:`~app.services.sales.return_order.ReturnOrder`) are. ``approval`` is for the discount,
    ``refund_approval`` for the return.
    """

    key: str
    cash_session_id: int
    order_id: int
    items: tuple[ReturnedItem, ...]
    reason: str
    lines: tuple[SaleLine, ...]
    expected_total: Decimal
    tenders: tuple[Tender, ...] = ()
    refunds: tuple[Tender, ...] = ()
    customer_id: int | None = None
    coupon: str = ""
    discount_percent: Decimal = ZERO
    quotation_id: int | None = None
    approval: Approval | None = None
    refund_approval: Approval | None = None
    document_type: str = field(default="", metadata=LATER)

    def sale(self, worth: Decimal, number: str = "") -> Checkout:
        """The new sale, of which the goods of the return ``number`` pay ``worth``."""
        exchange = (Tender(EXCHANGE, worth, number),) if worth else ()
        return Checkout(
            f"{SCOPE}:{self.key}",
            self.cash_session_id,
            self.lines,
            self.expected_total,
            (*exchange, *self.tenders),
            self.customer_id,
            self.coupon,
            self.discount_percent,
            quotation_id=self.quotation_id,
            approval=self.approval,
            document_type=self.document_type,
        )

    def back(self, worth: Decimal) -> ReturnOrder:
        """The return, of which ``worth`` goes into the new sale."""
        exchange = (Tender(EXCHANGE, worth),) if worth else ()
        return ReturnOrder(
            f"{SCOPE}:{self.key}",
            self.order_id,
            self.items,
            self.reason,
            (*exchange, *self.refunds),
            self.cash_session_id,
            self.refund_approval,
        )


@dataclass(frozen=True, slots=True)
class Exchanged:
    """``worth`` is what the goods that came back paid of the new sale."""

    sale: Sale
    returned: Returned
    worth: Decimal


def exchange_order(command: ExchangeOrder, *, actor: Actor, now: dt.datetime) -> Exchanged:
    """Take back and sell, or tell of the same exchange before.

    Needs the right to take goods back besides the one to sell. Locks, in this order: the claim, the
    cash session (shared; alone when cash leaves it), the stock rows of what comes and what goes by
    key, the order, the customers (shared), the number of the return, the coupon, the ticket series,
    points and wallets, the series of the new sale's document, the old sale's document, the series
    of its note. Raises what :func:`~app.services.sales.return_order.return_order` and
    :func:`~app.services.sales.checkout.checkout` do.
    """
    if not actor.may(RIGHT):
        raise ForbiddenError(_("You don't have the right to do this."))
    sale, back = command.sale(ZERO), command.back(ZERO)
    check_cart(sale.cart(0))
    check_tenders(command.tenders, command.customer_id)
    require_cash(command.expected_total, "expected_total")
    check_return(back)
    check_refunds(command.refunds)
    claim = Claim(SCOPE, command.key, replace(command, approval=None, refund_approval=None))
    answer = run_once(claim, lambda: _exchange(command, actor, now), actor=actor, now=now)
    result = answer.result
    return Exchanged(
        sale_of(result["sale"], replayed=answer.replayed),
        Returned.of(result["returned"], replayed=answer.replayed),
        Decimal(result["worth"]),
    )


def _exchange(command: ExchangeOrder, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    till = require_till(command.cash_session_id, command.refunds, actor=actor)
    location = require_location(till.location_id)
    variants = {line.variant_id for line in command.lines}
    variants |= set(restocked_variants(command.order_id, command.items))
    lock_stock([(location.id, variant) for variant in variants], create=True)
    worth = _worth(command, actor, now)
    refunding = take_back(command.back(worth), actor=actor, now=now, kind="exchange")
    placed = place_sale(command.sale(worth, refunding.row.number), actor=actor, now=now)
    refunding.row.exchange_order_id = placed.order.id
    settle_accounts(refunding, actor=actor, now=now)
    sale = finish_sale(placed, actor=actor, now=now)
    correct_document(refunding.row, actor=actor, now=now)
    return {"sale": sale, "returned": refunding.result(), "worth": str(worth)}


def _worth(command: ExchangeOrder, actor: Actor, now: dt.datetime) -> Decimal:
    """How much of the new sale the goods pay: all of it at most, and in coins where the rest is
    given back in coins."""
    due = quote_return(QuoteReturn(command.order_id, command.items), actor=actor, now=now).money
    total = command.expected_total
    if due > total and all(one.method == CASH for one in command.refunds):
        total += cash_rounding(total, read_setting("sales.cash_rounding"))
    return min(due, total)
