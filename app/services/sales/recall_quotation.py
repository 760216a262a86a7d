"""A quotation comes back to a till, to be sold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.services.sales.cash_sessions import find_cash_session
from app.services.sales.quoted_prices import holds
from app.services.sales.saved_carts import RecalledCart, from_kept, read_lines
from app.services.sales.saved_errors import QuotationNotFoundError, QuotationUsedError
from models.base import escape_like, fits
from models.inventory import Location
from models.sales import Quotation

DIGITS = 8


@dataclass(frozen=True, slots=True)
class RecallQuotation:
    """``number`` is the whole number, or its last digits for one of the till's location."""

    cash_session_id: int
    number: str


def recall_quotation(command: RecallQuotation, *, actor: Actor, now: dt.datetime) -> RecalledCart:
    """The quoted cart, for the actor's till to sell; nothing is changed.

    While the quotation holds, the sale costs what was quoted; else the lines come with today's
    prices. Raises :class:`QuotationNotFoundError`, also out of the actor's reach,
    :class:`QuotationUsedError` for one that was sold, and
    :class:`~app.services.sales.errors.CashSessionNotFoundError`.
    """
    till = find_cash_session(command.cash_session_id, actor=actor)
    quotation = _by_number(command.number, till.location_id, actor)
    if quotation.order_id is not None:
        raise QuotationUsedError(quotation.number, quotation.order_id)
    cart = from_kept(quotation.cart)
    return RecalledCart(
        quotation.number,
        read_lines(cart, till.location_id),
        cart.customer_id,
        "",
        cart.discount_percent,
        quotation.id,
        quotation.number,
        quotation.total,
        quotation.valid_until,
        holds(quotation, now=now),
    )


def _by_number(number: str, location_id: int, actor: Actor) -> Quotation:
    wanted = number.replace("\0", "").strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= DIGITS:
        code = session().get_one(Location, location_id).code
        wanted = f"COT-{code}-{int(wanted):0{DIGITS}d}"
    statement = sa.select(Quotation).where(fits(Quotation.number, escape_like(wanted)))
    found = session().scalar(scoped(statement, Quotation, Reader.of(actor)))
    if found is None:
        raise QuotationNotFoundError(wanted)
    return found
