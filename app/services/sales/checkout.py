"""A sale at the till: one transaction from the claim to the ticket number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from app.actor import Actor
from app.db import on_commit, session
from app.domain.money import ZERO
from app.domain.tenders import Settlement, Tender
from app.doorbell import ring
from app.services.customers.find_customer import find_customer
from app.services.identity.approve_with_pin import Approval
from app.services.inventory.stock import (
    Posting,
    StockChange,
    lock_stock,
    post,
    require_location,
    require_stock,
)
from app.services.platform.next_number import next_number
from app.services.platform.run_once import LATER, Claim, run_once
from app.services.sales.amounts import require_cash
from app.services.sales.cash_sessions import lock_open_session
from app.services.sales.errors import (
    DiscountNotAllowedError,
    NoSalesHereError,
    PriceChangedError,
)
from app.services.sales.find_quotation import lock_unsold
from app.services.sales.order_rows import items_of, promotions_of, use_coupons
from app.services.sales.price_cart import Cart, PricedCart, SaleLine, check_cart, price_cart
from app.services.sales.take_payment import (
    add_payments,
    check_tenders,
    require_credit_for,
    settle_tenders,
    take_from_customer,
)
from app.services.sales.transition_order import change_state
from app.services.sunat.write_for_order import Wanted, want_document, write_for_order
from models.inventory import Location
from models.sales import CashSession, Order

SCOPE = "sales.checkout"
RECEIPT_JOB = "jobs.receipts.render_receipt"
DISCOUNT = "sales.till:discount"
DISCOUNT_LIMIT = "discount_percent"


@dataclass(frozen=True, slots=True)
class Checkout:
    """A cart with what it is paid with.

    ``key`` names this sale for good: sent again, it is the same sale. ``expected_total`` is the
    total that the cashier saw, discounts off and tax included, before cash rounding, in soles.
    ``discount_percent`` is given by hand on the whole, after promotions and discounts on lines;
    what is above the actor's limit needs a supervisor's ``approval``. ``quotation_id`` is what the
    sale comes of, if anything. ``document_type`` is 03 for a boleta, 01 for a factura, NV for a
    nota de venta, "" for what is usual, a boleta where one can be issued.
    """

    key: str
    cash_session_id: int
    lines: tuple[SaleLine, ...]
    expected_total: Decimal
    tenders: tuple[Tender, ...]
    customer_id: int | None = None
    coupon: str = ""
    discount_percent: Decimal = ZERO
    approval: Approval | None = None
    quotation_id: int | None = None
    document_type: str = field(default="", metadata=LATER)

    def cart(self, location_id: int) -> Cart:
        return Cart(
            location_id,
            self.lines,
            self.customer_id,
            self.coupon,
            self.discount_percent,
            quotation_id=self.quotation_id,
        )


@dataclass(frozen=True, slots=True)
class Sale:
    """``to_pay`` is the total after cash rounding; ``replayed`` says it had been made before.
    ``document`` is the number of its factura or boleta, "" for a nota de venta."""

    order_id: int
    order_number: str
    to_pay: Decimal
    change: Decimal
    replayed: bool
    document: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that is written down; stock, points and wallet are still to move, and its document
    is still to be written."""

    order: Order
    priced: PricedCart
    settlement: Settlement
    wanted: Wanted


def checkout(command: Checkout, *, actor: Actor, now: dt.datetime) -> Sale:
    """Sell the cart, or give the sale that the same key made before.

    All or nothing: order with lines, promotions and payments, stock and its ledger, coupon, points
    and wallet, ticket number without gaps, the document with its number, receipt waiting to be made
    (workers are rung after the commit). Locks, in this order: the claim, the actor's cash session
    (shared), the stock rows by key, the customer (shared; alone when buying on credit), the
    quotation, the coupon, the ticket series, the customer's points and wallet, the document's
    series.

    Raises :class:`~app.services.sales.errors.InvalidSaleError`, errors of the cash session
    (:func:`~app.services.sales.cash_sessions.lock_open_session`), :class:`NoSalesHereError`,
    :class:`~app.services.sales.errors.UnsellableLinesError` and
    :class:`~app.services.inventory.errors.InsufficientStockError` with all such lines,
    errors of :func:`~app.services.sales.find_quotation.lock_unsold`,
    :class:`~app.services.sales.errors.CouponError`, :class:`DiscountNotAllowedError`,
    :class:`PriceChangedError`, errors of
    :func:`~app.services.sunat.choose_document.choose_document`,
    :class:`~app.services.sales.errors.PaymentError` and what the customer's accounts refuse, and
    :class:`~app.services.platform.errors.IdempotencyConflictError`.
    """
    check_cart(command.cart(0))
    check_tenders(command.tenders, command.customer_id)
    require_cash(command.expected_total, "expected_total")
    # Who approved isn't part of what was asked: a repetition needn't have it.
    claim = Claim(SCOPE, command.key, replace(command, approval=None))

    def work() -> dict[str, Any]:
        return finish_sale(place_sale(command, actor=actor, now=now), actor=actor, now=now)

    answer = run_once(claim, work, actor=actor, now=now)
    return sale_of(answer.result, replayed=answer.replayed)


def sale_of(result: Mapping[str, Any], *, replayed: bool) -> Sale:
    """What the claim of a sale keeps, as the sale."""
    return Sale(
        order_id=result["order_id"],
        order_number=result["order_number"],
        to_pay=Decimal(result["to_pay"]),
        change=Decimal(result["change"]),
        replayed=replayed,
        document=result.get("document", ""),
    )


def place_sale(command: Checkout, *, actor: Actor, now: dt.datetime) -> Placed:
    """All of a sale up to its number, inside the caller's transaction."""
    till = lock_open_session(command.cash_session_id, actor=actor, share=True)
    location = require_location(till.location_id)
    if not location.allows_sales:
        raise NoSalesHereError(location.name)
    cart = command.cart(location.id)
    keys = [(location.id, variant) for variant in cart.pieces]
    levels = lock_stock(keys, create=False)
    if cart.customer_id is not None:
        find_customer(cart.customer_id, actor=actor, share=True)
    quotation = lock_unsold(cart.quotation_id, actor=actor) if cart.quotation_id else None
    priced = price_cart(cart, now=now)
    if location.allows_negative_stock:
        levels |= lock_stock(keys, create=True)
    require_stock(location.id, cart.pieces, levels)
    approver = None if priced.quotation else _require_discounts(command, actor)
    _require_total(command, priced)
    codes = {line.variant.tax_code for line in priced.lines}
    wanted = want_document(
        command.document_type, location.id, cart.customer_id, priced.totals.total, codes
    )
    settlement = settle_tenders(priced.totals.total, command.tenders)
    require_credit_for(settlement, cart.customer_id, actor=actor, now=now)
    use_coupons(priced, cart, now)
    order = _new_order(cart, priced, till, now)
    order.document_type = wanted.kind
    order.cash_rounding = settlement.rounding
    order.grand_total = priced.totals.total + settlement.rounding
    add_payments(order, settlement, f"{SCOPE}:{command.key}", now=now)
    order.order_number = _ticket_number(location)
    change_state(order, "completed", approver, actor=actor, now=now)
    session().flush()  # the ledgers refer to the order's key
    if quotation is not None:
        quotation.order_id = order.id
    return Placed(order, priced, settlement, wanted)


def finish_sale(placed: Placed, *, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Stock leaves, points and wallet pay, the receipt is asked for, the document is written; gives
    the claim's result."""
    order, settlement = placed.order, placed.settlement
    _post_to_stock(order, placed.priced, actor=actor, now=now)
    take_from_customer(order, settlement, actor=actor, now=now)
    on_commit(partial(ring, RECEIPT_JOB, order.id, queue="high"))
    units = {one.variant.variant_id: one.variant.unit_code for one in placed.priced.lines}
    document = write_for_order(order, placed.wanted, units, actor=actor, now=now)
    return {
        "order_id": order.id,
        "order_number": order.order_number,
        "to_pay": str(order.grand_total),
        "change": str(settlement.change),
        "document": document.number if document else "",
    }


def most_discount(actor: Actor) -> Decimal | None:
    """How many percent the actor may take off by hand; None without a limit."""
    return actor.policy.limit(DISCOUNT_LIMIT) if actor.may(DISCOUNT) else ZERO


def _require_discounts(command: Checkout, actor: Actor) -> str | None:
    """What the history says of a discount that somebody else allowed; None without one."""
    given, limit = command.cart(0).by_hand, most_discount(actor)
    if not given.any or limit is None or given.most <= limit:
        return None
    approval = command.approval
    if approval is not None and approval.covers(DISCOUNT, DISCOUNT_LIMIT, given.most):
        return f"{given.most.normalize():f} %: {approval.approver}"
    raise DiscountNotAllowedError(given.most, limit)


def _require_total(command: Checkout, priced: PricedCart) -> None:
    """The prices must be what the cashier saw."""
    total = priced.totals.total
    if total != command.expected_total:
        prices = {line.variant.variant_id: line.variant.unit_price for line in priced.lines}
        raise PriceChangedError(expected=command.expected_total, actual=total, prices=prices)


def _new_order(cart: Cart, priced: PricedCart, till: CashSession, now: dt.datetime) -> Order:
    """The order as a draft, without its number and payments."""
    totals = priced.totals
    return Order(
        status="draft",
        customer_id=cart.customer_id,
        location_id=till.location_id,
        user_id=till.user_id,
        cash_session_id=till.id,
        channel=cart.channel,
        subtotal=totals.subtotal,
        discount_total=totals.discount,
        tax_total=totals.tax,
        receipt_status="pending",
        created_at=now,
        items=items_of(priced),
        promotions=promotions_of(priced),
    )


def _post_to_stock(order: Order, priced: PricedCart, *, actor: Actor, now: dt.datetime) -> None:
    changes = tuple(
        StockChange(line.variant.variant_id, -line.quantity, line.variant.unit_cost)
        for line in priced.lines
    )
    post(Posting(order.location_id, "sell", changes, order_id=order.id), actor=actor, now=now)


def _ticket_number(location: Location) -> str:
    """Tickets are numbered without gaps at each location: ``LIM1-00000042``."""
    return f"{location.code}-{next_number(f'ticket:{location.code}'):08d}"
