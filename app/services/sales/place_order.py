"""An order by telephone or from the web: priced, reserved, confirmed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.db import session
from app.domain.money import ZERO
from app.domain.tax import TAXED, split_tax
from app.i18n import lazy_gettext as _
from app.services.customers.find_customer import find_customer
from app.services.inventory.reserve_stock import ReservedLine, ReserveStock, reserve_stock
from app.services.inventory.stock import lock_stock, require_location
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import LATER, Claim, run_once
from app.services.sales.amounts import require_cash
from app.services.sales.errors import NoSalesHereError, PriceChangedError
from app.services.sales.order_errors import InvalidOrderError
from app.services.sales.order_goods import cart_of
from app.services.sales.order_rows import items_of, promotions_of, use_coupons
from app.services.sales.price_cart import Cart, PricedCart, SaleLine, check_cart, price_cart
from app.services.sales.tell_customer import tell_customer
from app.services.sales.transition_order import change_state
from app.services.sunat.write_for_order import want_document
from models.sales import Order, order_number_seq

SCOPE = "sales.place_order"
CHANNELS = ("phone", "web")
METHODS = ("delivery", "courier", "pickup")
LONGEST_TEXT = 2000
LONGEST_HOURS = 720


@dataclass(frozen=True, slots=True)
class OrderedLine:
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """``expected_total`` is what the customer was told: goods less promotions plus delivery, in
    soles, IGV included. ``shipping_cost`` is before promotions that take it off.
    ``reserve_until`` is when the goods are free again unless the order is paid; without it the
    setting ``sales.order_reservation_hours`` says so. ``document_type`` is what the customer gets
    as soon as the order is paid or handed over, as of a sale at the till."""

    key: str
    location_id: int
    customer_id: int
    lines: tuple[OrderedLine, ...]
    expected_total: Decimal
    channel: str = "phone"
    shipping_method: str = "delivery"
    shipping_cost: Decimal = ZERO
    delivery_address: str = ""
    coupon: str = ""
    notes: str = ""
    reserve_until: dt.datetime | None = None
    document_type: str = field(default="", metadata=LATER)

    def cart(self) -> Cart:
        return Cart(
            self.location_id,
            tuple(SaleLine(line.variant_id, line.quantity) for line in self.lines),
            self.customer_id,
            self.coupon,
            channel=self.channel,
            shipping=self.shipping_cost,
        )


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """``replayed`` says that the same key had placed it before."""

    order_id: int
    order_number: str
    total: Decimal
    replayed: bool


def place_order(command: PlaceOrder, *, actor: Actor, now: dt.datetime) -> PlacedOrder:
    """Take the order and reserve all its goods, or give the order that the same key placed before.

    All or nothing: the order with lines and promotions, confirmed, its coupon used, its stock
    reserved, the customer told by e-mail. Locks the claim, the stock rows by key, the customer
    (shared), the coupon. Raises :class:`InvalidOrderError`,
    :class:`~app.services.sales.errors.InvalidSaleError`, :class:`NoSalesHereError`,
    :class:`~app.services.inventory.errors.UnknownLocationError`,
    :class:`~app.services.customers.errors.CustomerNotFoundError`,
    :class:`~app.services.sales.errors.UnsellableLinesError` and
    :class:`~app.services.inventory.errors.InsufficientStockError` with all such lines,
    :class:`~app.services.sales.errors.CouponError`, :class:`PriceChangedError` and what
    :func:`~app.services.sunat.choose_document.choose_document` does.
    """
    _check(command)
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _place(command, actor, now), actor=actor, now=now)
    result = answer.result
    return PlacedOrder(
        result["order_id"], result["order_number"], Decimal(result["total"]), answer.replayed
    )


def _check(command: PlaceOrder) -> None:
    check_cart(command.cart())
    require_cash(command.expected_total, "expected_total")
    require_cash(command.shipping_cost, "shipping_cost")
    if command.channel not in CHANNELS:
        raise _wrong("channel", _("Orders come by telephone or from the web."))
    if command.shipping_method not in METHODS:
        raise _wrong("shipping_method", _("Say how the goods are handed over."))
    if command.shipping_method == "pickup" and command.shipping_cost:
        raise _wrong("shipping_cost", _("Nothing is charged for goods that are picked up."))
    if command.shipping_method != "pickup" and not command.delivery_address.strip():
        raise _wrong("delivery_address", _("Say where the goods go."))
    if max(len(command.delivery_address), len(command.notes)) > LONGEST_TEXT:
        raise _wrong("notes", _("This text is too long."))


def _place(command: PlaceOrder, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    location = require_location(command.location_id)
    if not location.allows_sales:
        raise NoSalesHereError(location.name)
    cart = command.cart()
    minutes = _minutes(command, now)
    find_customer(command.customer_id, actor=actor)
    priced = price_cart(cart, now=now)
    lock_stock([(location.id, variant) for variant in cart.pieces], create=True)
    find_customer(command.customer_id, actor=actor, share=True)
    if priced.to_pay != command.expected_total:
        prices = {line.variant.variant_id: line.variant.unit_price for line in priced.lines}
        raise PriceChangedError(
            expected=command.expected_total, actual=priced.to_pay, prices=prices
        )
    kind = _document(command, priced)
    use_coupons(priced, cart, now)
    order = _new_order(command, priced, actor, now)
    order.document_type = kind
    change_state(order, "confirmed", actor=actor, now=now)
    session().flush()  # the reservation refers to the order's key
    lines = tuple(ReservedLine(variant, n) for variant, n in cart.pieces.items())
    reserve = ReserveStock(
        f"{SCOPE}:{order.id}", location.id, cart_of(order), lines, order.id, minutes
    )
    reserve_stock(reserve, actor=actor, now=now)
    tell_customer(order, "order_confirmed", actor=actor, now=now)
    return {
        "order_id": order.id,
        "order_number": order.order_number,
        "total": str(order.grand_total),
    }


def _new_order(command: PlaceOrder, priced: PricedCart, actor: Actor, now: dt.datetime) -> Order:
    """The order as a draft."""
    totals = priced.totals
    number = session().execute(order_number_seq.next_value()).scalar_one()
    delivery_tax = split_tax(priced.shipping, TAXED, read_setting("tax.igv_rate")).tax
    return Order(
        status="draft",
        order_number=f"PED-{number:08d}",
        customer_id=command.customer_id,
        location_id=command.location_id,
        user_id=actor.user_id or None,
        channel=command.channel,
        shipping_method=command.shipping_method,
        subtotal=totals.subtotal,
        discount_total=totals.discount,
        tax_total=totals.tax + delivery_tax,
        shipping_cost=priced.shipping,
        grand_total=priced.to_pay,
        delivery_address=command.delivery_address.strip() or None,
        notes=command.notes.strip() or None,
        created_at=now,
        items=items_of(priced),
        promotions=promotions_of(priced),
    )


def _document(command: PlaceOrder, priced: PricedCart) -> str:
    """The kind of document, which the customer can get as the order is now."""
    codes = {line.variant.tax_code for line in priced.lines} | (
        {TAXED} if priced.shipping else set()
    )
    asked, customer = command.document_type, command.customer_id
    return want_document(asked, command.location_id, customer, priced.to_pay, codes).kind


def _minutes(command: PlaceOrder, now: dt.datetime) -> int:
    """How long the goods are kept for an order that isn't paid."""
    if command.reserve_until is None:
        return int(read_setting("sales.order_reservation_hours")) * 60
    until = command.reserve_until
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    minutes = math.ceil((until - now).total_seconds() / 60)
    if not 1 <= minutes <= LONGEST_HOURS * 60:
        raise _wrong("reserve_until", _("Goods are reserved for a month at most, from now on."))
    return minutes


def _wrong(field: str, sentence: object) -> InvalidOrderError:
    return InvalidOrderError(sentence, fields={field: str(sentence)})
