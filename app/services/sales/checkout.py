"""A sale at the till: one transaction from the claim to the ticket number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from app.actor import Actor
from app.db import on_commit, session
from app.domain.money import ZERO
from app.domain.payment_status import payment_status
from app.domain.sale import LineToPrice, SaleRules, SaleTotals, price_sale
from app.doorbell import ring
from app.i18n import lazy_gettext as _
from app.services.inventory.stock import (
    Posting,
    StockChange,
    lock_stock,
    post,
    require_location,
    require_stock,
)
from app.services.platform.next_number import next_number
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Claim, kept_for, run_once
from app.services.sales.amounts import require_cash
from app.services.sales.cash_sessions import lock_open_session
from app.services.sales.errors import (
    InvalidSaleError,
    NoSalesHereError,
    NotEnoughCashError,
    PriceChangedError,
)
from app.services.sales.price_list import PricedVariant, read_prices
from app.services.sales.transition_order import change_state
from models.inventory import Location
from models.sales import CashSession, Order, OrderItem, OrderPayment

SCOPE = "sales.checkout"
RECEIPT_JOB = "jobs.receipts.render_receipt"
MOST_LINES = 500
MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class SaleLine:
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Checkout:
    """A cart that is paid in cash.

    ``key`` names this sale for good: sent again, it is the same sale. ``expected_total`` is the
    total that the cashier saw, tax included, before cash rounding; ``cash_received`` is what the
    customer handed over. Both in soles.
    """

    key: str
    cash_session_id: int
    lines: tuple[SaleLine, ...]
    expected_total: Decimal
    cash_received: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """``to_pay`` is the total after cash rounding; ``replayed`` says it had been made before."""

    order_id: int
    order_number: str
    to_pay: Decimal
    change: Decimal
    replayed: bool


def checkout(command: Checkout, *, actor: Actor, now: dt.datetime) -> Sale:
    """Sell the cart, or give the sale that the same key made before.

    All or nothing: order with lines and payment, stock and its ledger, ticket number without gaps,
    receipt waiting to be made (its worker is rung after the commit). Locks, in this order: the
    claim, the actor's cash session (shared), the stock rows by key, the ticket series last.

    Raises :class:`InvalidSaleError`, errors of the cash session
    (:func:`~app.services.sales.cash_sessions.lock_open_session`), :class:`NoSalesHereError`,
    :class:`~app.services.sales.errors.UnsellableLinesError` and
    :class:`~app.services.inventory.errors.InsufficientStockError` with all such lines,
    :class:`PriceChangedError`, :class:`NotEnoughCashError` and
    :class:`~app.services.platform.errors.IdempotencyConflictError`.
    """
    _check(command)
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _sell(command, actor, now), actor=actor, now=now)
    result = answer.result
    return Sale(
        order_id=result["order_id"],
        order_number=result["order_number"],
        to_pay=Decimal(result["to_pay"]),
        change=Decimal(result["change"]),
        replayed=answer.replayed,
    )


def _check(command: Checkout) -> None:
    if not command.lines:
        raise InvalidSaleError(_("There is nothing in the cart."))
    if len(command.lines) > MOST_LINES:
        raise InvalidSaleError(_("A sale has %(count)s lines at most.", count=MOST_LINES))
    if any(not 1 <= line.quantity <= MOST_PIECES for line in command.lines):
        raise InvalidSaleError(
            _("Quantities are whole numbers from 1 to %(most)s.", most=MOST_PIECES)
        )
    require_cash(command.cash_received, "cash_received")


def _sell(command: Checkout, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    till = lock_open_session(command.cash_session_id, actor=actor, share=True)
    location = require_location(till.location_id)
    if not location.allows_sales:
        raise NoSalesHereError(location.name)
    wanted = _pieces(command.lines)
    levels = lock_stock([(location.id, variant) for variant in wanted], create=False)
    variants = read_prices(wanted)
    if location.allows_negative_stock:
        levels |= lock_stock([(location.id, variant) for variant in wanted], create=True)
    require_stock(location.id, wanted, levels)
    totals = _price(command, variants)
    order = _new_order(command, variants, totals, till, now)
    payment = _pay(command, order, now)
    order.order_number = _ticket_number(location)
    change_state(order, "completed", actor=actor, now=now)
    session().flush()  # the ledger refers to the order's key
    _take_from_stock(order, variants, location, actor=actor, now=now)
    on_commit(partial(ring, RECEIPT_JOB, order.id, queue="high"))
    return {
        "order_id": order.id,
        "order_number": order.order_number,
        "to_pay": str(order.grand_total),
        "change": str(payment.change_given if payment else command.cash_received),
    }


def _pieces(lines: tuple[SaleLine, ...]) -> dict[int, int]:
    """Pieces by variant; a variant may come in several lines."""
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted


def _price(command: Checkout, variants: dict[int, PricedVariant]) -> SaleTotals:
    """Totals at today's prices, which must be what the cashier saw and what the cash covers."""
    totals = price_sale(
        [
            LineToPrice(line.quantity, variant.unit_price, variant.tax_code)
            for line in command.lines
            if (variant := variants[line.variant_id])
        ],
        SaleRules(igv=read_setting("tax.igv_rate"), coin=read_setting("sales.cash_rounding")),
    )
    if totals.total != command.expected_total:
        prices = {variant.variant_id: variant.unit_price for variant in variants.values()}
        raise PriceChangedError(expected=command.expected_total, actual=totals.total, prices=prices)
    to_pay = totals.total + totals.rounding_in_cash
    if command.cash_received < to_pay:
        raise NotEnoughCashError(to_pay=to_pay, received=command.cash_received)
    return totals


def _new_order(
    command: Checkout,
    variants: dict[int, PricedVariant],
    totals: SaleTotals,
    till: CashSession,
    now: dt.datetime,
) -> Order:
    """The order as a draft, without its number."""
    order = Order(
        status="draft",
        location_id=till.location_id,
        user_id=till.user_id,
        cash_session_id=till.id,
        channel="pos",
        subtotal=totals.total,
        tax_total=totals.tax,
        cash_rounding=totals.rounding_in_cash,
        grand_total=totals.total + totals.rounding_in_cash,
        document_type="NV",
        receipt_status="pending",
        created_at=now,
    )
    for line, split in zip(command.lines, totals.lines, strict=True):
        variant = variants[line.variant_id]
        item = OrderItem(
            variant_id=variant.variant_id,
            sku=variant.sku,
            description=variant.name,
            quantity=line.quantity,
            unit_price=variant.unit_price,
            tax_code=variant.tax_code,
            tax_rate=split.rate,
            tax_amount=split.tax,
        )
        order.items.append(item)
    return order


def _pay(command: Checkout, order: Order, now: dt.datetime) -> OrderPayment | None:
    """The cash payment; None when there is nothing to pay, for a payment is never zero."""
    kept = order.grand_total
    order.payment_status = payment_status(order.grand_total, paid=kept, refunded=ZERO)
    if not kept:
        return None
    payment = OrderPayment(
        cash_session_id=order.cash_session_id,
        method="cash",
        amount=kept,
        tendered=command.cash_received,
        change_given=command.cash_received - kept,
        status="completed",
        idempotency_key=f"{SCOPE}:{command.key}",
        idempotency_expires_at=now + kept_for(),
        processed_at=now,
    )
    order.payments.append(payment)
    return payment


def _take_from_stock(
    order: Order,
    variants: dict[int, PricedVariant],
    location: Location,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    changes = tuple(
        StockChange(item.variant_id, -item.quantity, variants[item.variant_id].unit_cost)
        for item in order.items
    )
    post(Posting(location.id, "sell", changes, order_id=order.id), actor=actor, now=now)


def _ticket_number(location: Location) -> str:
    """Tickets are numbered without gaps at each location: ``LIM1-00000042``."""
    return f"{location.code}-{next_number(f'ticket:{location.code}'):08d}"
