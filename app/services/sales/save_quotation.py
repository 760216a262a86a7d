"""A cart becomes a quotation: what it costs until a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.db import session
from app.domain.money import ZERO
from app.services.customers.find_customer import find_customer
from app.services.platform.business_time import local_time
from app.services.platform.next_number import next_number
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.cash_sessions import lock_open_session
from app.services.sales.checkout import most_discount
from app.services.sales.errors import DiscountNotAllowedError
from app.services.sales.price_cart import Cart, PricedCart, SaleLine, check_cart, price_cart
from app.services.sales.saved_carts import as_kept
from app.services.sales.saved_errors import CouponInQuotationError
from models.inventory import Location
from models.sales import Quotation

SCOPE = "sales.save_quotation"


@dataclass(frozen=True, slots=True)
class SaveQuotation:
    """A cart of the actor's open session; ``key`` makes it safe to send twice."""

    key: str
    cash_session_id: int
    lines: tuple[SaleLine, ...]
    customer_id: int | None = None
    coupon: str = ""
    discount_percent: Decimal = ZERO


def save_quotation(command: SaveQuotation, *, actor: Actor, now: dt.datetime) -> Answer:
    """Keep what the cart costs now, for as many days as the setting ``sales.quotation_days`` says.

    Gives ``quotation_id``, ``number`` (without gaps at each location: ``COT-LIM1-00000042``) and
    ``total``. Discounts by hand go as far as the actor's own limit, for they are promised to
    somebody. Locks the claim, the session (shared), the series. Raises
    :class:`CouponInQuotationError`, :class:`DiscountNotAllowedError`,
    :class:`~app.services.sales.errors.InvalidSaleError`,
    :class:`~app.services.sales.errors.UnsellableLinesError`, errors of
    :func:`~app.services.sales.cash_sessions.lock_open_session`, and
    :class:`~app.services.customers.errors.CustomerNotFoundError`.
    """
    if command.coupon.strip():
        raise CouponInQuotationError
    check_cart(_cart(command, 0))
    _require_discounts(command, actor)

    def work() -> dict[str, Any]:
        till = lock_open_session(command.cash_session_id, actor=actor, share=True)
        if command.customer_id is not None:
            find_customer(command.customer_id, actor=actor)
        cart = _cart(command, till.location_id)
        priced = price_cart(cart, now=now)
        days = dt.timedelta(days=read_setting("sales.quotation_days"))
        place = session().get_one(Location, till.location_id)
        quotation = Quotation(
            number=f"COT-{place.code}-{next_number(f'quotation:{place.code}'):08d}",
            location_id=place.id,
            user_id=actor.user_id,
            customer_id=command.customer_id,
            valid_until=local_time(now).date() + days,
            total=priced.totals.total,
            cart=as_kept(cart),
            priced=_priced(priced),
            created_at=now,
        )
        session().add(quotation)
        session().flush()  # the answer has the key that the database gives
        return {
            "quotation_id": quotation.id,
            "number": quotation.number,
            "total": str(quotation.total),
        }

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _cart(command: SaveQuotation, location_id: int) -> Cart:
    return Cart(
        location_id,
        command.lines,
        command.customer_id,
        discount_percent=command.discount_percent,
    )


def _require_discounts(command: SaveQuotation, actor: Actor) -> None:
    given, limit = _cart(command, 0).by_hand, most_discount(actor)
    if given.any and limit is not None and given.most > limit:
        raise DiscountNotAllowedError(given.most, limit)


def _priced(priced: PricedCart) -> dict[str, Any]:
    """As JSON: each line with what it came to; amounts are texts."""
    totals = priced.totals
    return {
        "subtotal": str(totals.subtotal),
        "discount": str(totals.discount),
        "tax": str(totals.tax),
        "lines": [
            {
                "sku": line.variant.sku,
                "name": line.variant.name,
                "quantity": line.quantity,
                "unit_price": str(line.variant.unit_price),
                "why": [[name, str(off)] for name, off in line.why],
                "by_hand": str(line.by_hand),
                "total": str(split.total),
            }
            for line, split in zip(priced.lines, totals.lines, strict=True)
        ],
    }
