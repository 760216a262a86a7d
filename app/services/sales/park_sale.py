"""A cart is put aside, for any till of the location to take up again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.db import session
from app.domain.money import ZERO
from app.services.customers.find_customer import find_customer
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.cash_sessions import lock_open_session
from app.services.sales.errors import CouponError
from app.services.sales.price_cart import Cart, SaleLine, check_cart, price_cart
from app.services.sales.saved_carts import as_kept
from app.services.sales.saved_errors import MissingNameError
from models.sales import ParkedSale

SCOPE = "sales.park_sale"
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class ParkSale:
    """A cart of the actor's open session, and what to call it; ``key`` names the sale, so that an
    answer that was lost parks it once."""

    key: str
    cash_session_id: int
    name: str
    lines: tuple[SaleLine, ...]
    customer_id: int | None = None
    coupon: str = ""
    discount_percent: Decimal = ZERO
    quotation_id: int | None = None


def park_sale(command: ParkSale, *, actor: Actor, now: dt.datetime) -> Answer:
    """Keep the cart as it is, for as many hours as the setting ``sales.parked_hours`` says.

    Nothing is reserved, and prices are asked for anew when it is taken up. Gives ``parked_id``.
    Locks the claim and the session (shared). Raises :class:`MissingNameError`,
    :class:`~app.services.sales.errors.InvalidSaleError`,
    :class:`~app.services.sales.errors.UnsellableLinesError`, errors of
    :func:`~app.services.sales.cash_sessions.lock_open_session`, and
    :class:`~app.services.customers.errors.CustomerNotFoundError`.
    """
    name = " ".join(command.name.split())[:LONGEST_NAME]
    if not name:
        raise MissingNameError
    check_cart(_cart(command, 0))

    def work() -> dict[str, Any]:
        till = lock_open_session(command.cash_session_id, actor=actor, share=True)
        if command.customer_id is not None:
            find_customer(command.customer_id, actor=actor)
        cart = _cart(command, till.location_id)
        parked = ParkedSale(
            name=name,
            location_id=till.location_id,
            user_id=actor.user_id,
            customer_id=command.customer_id,
            pieces=sum(cart.pieces.values()),
            total=_total(cart, now),
            cart=as_kept(cart),
            created_at=now,
            expires_at=now + dt.timedelta(hours=read_setting("sales.parked_hours")),
        )
        session().add(parked)
        session().flush()  # the answer has the key that the database gives
        return {"parked_id": parked.id}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _cart(command: ParkSale, location_id: int) -> Cart:
    return Cart(
        location_id,
        command.lines,
        command.customer_id,
        command.coupon,
        command.discount_percent,
        quotation_id=command.quotation_id,
    )


def _total(cart: Cart, now: dt.datetime) -> Decimal:
    """A coupon that gives nothing now may do when the sale goes on."""
    try:
        return price_cart(cart, now=now).totals.total
    except CouponError:
        return price_cart(replace(cart, coupon=""), now=now).totals.total
