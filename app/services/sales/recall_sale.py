"""A parked cart is taken up again, by one person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row, session
from app.services.platform.run_once import Claim, run_once
from app.services.sales.cash_sessions import lock_open_session
from app.services.sales.saved_carts import RecalledCart, from_kept, read_lines
from app.services.sales.saved_errors import ParkedSaleGoneError
from models.sales import ParkedSale

SCOPE = "sales.recall_sale"


@dataclass(frozen=True, slots=True)
class RecallSale:
    """``key`` makes it safe to send twice: whoever got the sale gets it again, nobody else."""

    key: str
    cash_session_id: int
    parked_id: int


def recall_sale(command: RecallSale, *, actor: Actor, now: dt.datetime) -> RecalledCart:
    """Take the cart up at the actor's till, with today's prices; it is parked no more.

    Locks the claim, the session (shared), the parked sale. Raises :class:`ParkedSaleGoneError` for
    one that somebody else took up, that expired, that is at another location or out of the actor's
    reach, and errors of :func:`~app.services.sales.cash_sessions.lock_open_session`.
    """

    def work() -> dict[str, Any]:
        till = lock_open_session(command.cash_session_id, actor=actor, share=True)
        statement = sa.select(ParkedSale).where(
            ParkedSale.id == command.parked_id,
            ParkedSale.location_id == till.location_id,
            ParkedSale.expires_at > now,
        )
        parked = lock_row(scoped(statement, ParkedSale, Reader.of(actor)))
        if parked is None:
            raise ParkedSaleGoneError(command.parked_id)
        session().delete(parked)
        return {"name": parked.name, "cart": parked.cart}

    answer = run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)
    cart = from_kept(answer.result["cart"])
    return RecalledCart(
        answer.result["name"],
        read_lines(cart, cart.location_id),
        cart.customer_id,
        cart.coupon,
        cart.discount_percent,
        cart.quotation_id,
    )
