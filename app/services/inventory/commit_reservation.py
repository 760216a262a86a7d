"""What was reserved is sold: it leaves the reservation and the stock at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.inventory.errors import NoReservationError, ReservationExpiredError
from app.services.inventory.reservations import Held, held_for, keys_held, take_away
from app.services.inventory.stock import Posting, StockChange, lock_stock, post
from app.services.platform.run_once import Answer, Claim, run_once
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant

SCOPE = "inventory.commit_reservation"


@dataclass(frozen=True, slots=True)
class CommitReservation:
    """``session_id`` or ``order_id`` says whose reservation; the order is named in the ledger."""

    key: str
    session_id: str | None = None
    order_id: int | None = None
    reference_doc: str | None = None


def commit_reservation(command: CommitReservation, *, actor: Actor, now: dt.datetime) -> Answer:
    """Sell all that the cart or order holds, in one transaction; gives pieces by line.

    An expired reservation is never sold, whether or not it has been swept: then nothing is. Locks
    the stock rows in the order of their keys. Raises :class:`NoReservationError`,
    :class:`ReservationExpiredError` and
    :class:`~app.services.inventory.errors.InvalidStockChangeError`.
    """
    condition = held_for(command.session_id, command.order_id)

    def work() -> dict[str, Any]:
        keys = keys_held(condition)
        lock_stock(keys)
        held = take_away(condition, keys) if keys else []
        if not held:
            raise NoReservationError
        expired = {each.variant_id for each in held if each.expires_at and each.expires_at <= now}
        if expired:
            raise ReservationExpiredError(sorted(expired))
        costs = read_costs({each.variant_id for each in held})
        for location in sorted({each.location_id for each in held}):
            _sell(
                [each for each in held if each.location_id == location], command, costs, actor, now
            )
        return {"lines": len(held), "pieces": sum(each.pieces for each in held)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _sell(
    held: list[Held],
    command: CommitReservation,
    costs: dict[int, Decimal],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """What one location gives; an order is usually served from one."""
    pieces: dict[int, int] = {}
    for each in held:
        pieces[each.variant_id] = pieces.get(each.variant_id, 0) + each.pieces
    posting = Posting(
        held[0].location_id,
        "sell",
        tuple(StockChange(variant, -n, costs.get(variant)) for variant, n in pieces.items()),
        order_id=command.order_id,
        reference_doc=command.reference_doc,
    )
    post(posting, actor=actor, now=now, unreserved=pieces)


def read_costs(variant_ids: Iterable[int]) -> dict[int, Decimal]:
    """Cost of a piece without tax by variant, in soles; one statement."""
    rows = session().execute(
        sa.select(ProductVariant.id, Product.cost_price)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.id.in_(set(variant_ids)))
        .execution_options(**INCLUDE_DELETED)
    )
    return {variant: cost for variant, cost in rows}  # noqa: C416 - a Result
