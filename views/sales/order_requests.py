"""What the screens of orders take from a request, as commands or a refusal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import request

from app.domain.money import ZERO
from app.domain.tenders import CASH, Tender
from app.i18n import gettext as _
from app.locale import user_timezone
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.order_errors import InvalidOrderError
from app.services.sales.pay_order import PayOrder
from app.services.sales.place_order import OrderedLine, PlaceOrder
from views.inventory.requests import typed_lines, whole_numbers
from views.sales.requests import form_amount, form_id, form_key


def order_command(expected: Decimal | None = None) -> PlaceOrder:
    """The order that was typed; ``expected`` in place of the total that the page showed."""
    pieces = whole_numbers(typed_lines())
    method = request.form.get("shipping_method", "delivery")
    pickup = method == "pickup"
    return PlaceOrder(
        key=form_key(),
        location_id=form_id("location_id"),
        customer_id=form_id("customer_id"),
        lines=tuple(OrderedLine(variant, n) for variant, n in pieces.items()),
        expected_total=_seen_total() if expected is None else expected,
        channel="web" if request.form.get("channel") == "web" else "phone",
        shipping_method=method,
        shipping_cost=ZERO if pickup else _cost(),
        delivery_address="" if pickup else request.form.get("delivery_address", "")[:2000],
        coupon=request.form.get("coupon", "")[:64],
        notes=request.form.get("notes", "")[:2000],
        reserve_until=_moment("reserve_until"),
        document_type=request.form.get("document_type", "")[:2],
    )


def payment_command(order_id: int, user_id: int) -> PayOrder:
    """The payment that was typed; cash goes into the person's open session."""
    method = request.form.get("method", "")
    till = find_open_session(user_id) if method == CASH else None
    tender = Tender(method, form_amount("amount"), request.form.get("reference", "")[:64])
    return PayOrder(form_key(), order_id, (tender,), till.id if till else None)


def _seen_total() -> Decimal:
    """What the person was shown; it must be there, for it is what the customer was told."""
    text = request.form.get("expected_total", "")
    if not text:
        raise InvalidOrderError(_("Look at the total first, then take the order."))
    return form_amount("expected_total")


def _cost() -> Decimal:
    return form_amount("shipping_cost") if request.form.get("shipping_cost", "").strip() else ZERO


def _moment(name: str) -> dt.datetime | None:
    """A local time of the reader; None for none."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        local = dt.datetime.fromisoformat(text)
    except ValueError:
        sentence = _("This is not a date and time.")
        raise InvalidOrderError(sentence, fields={name: sentence}) from None
    return local.replace(tzinfo=ZoneInfo(user_timezone())) if local.tzinfo is None else local
