"""Reserved stock is free again: a cart was emptied, an order cancelled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.services.inventory.reservations import free, held_for, keys_held, take_away
from app.services.inventory.stock import lock_stock
from app.services.platform.run_once import Answer, Claim, run_once
from models.inventory import InventoryReservation

SCOPE = "inventory.release"


@dataclass(frozen=True, slots=True)
class ReleaseReservation:
    """All that the cart or order holds, or only what it holds of ``variant_ids``."""

    key: str
    session_id: str | None = None
    order_id: int | None = None
    variant_ids: tuple[int, ...] = ()


def release_reservation(command: ReleaseReservation, *, actor: Actor, now: dt.datetime) -> Answer:
    """Free the pieces; none where nothing is held any more. Gives how many there were.

    Locks the stock rows in the order of their keys, then takes the reservations away. Raises
    :class:`~app.services.inventory.errors.InvalidStockChangeError` when neither cart nor order is
    named.
    """
    condition = held_for(command.session_id, command.order_id)
    if command.variant_ids:
        of_them = InventoryReservation.variant_id.in_(command.variant_ids)
        condition = sa.and_(condition, of_them)

    def work() -> dict[str, Any]:
        keys = keys_held(condition)
        if not keys:
            return {"pieces": 0}
        lock_stock(keys)
        return {"pieces": free(take_away(condition, keys), actor=actor, now=now)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)
