"""Reservations whose time is over are freed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor, system_actor
from app.db import atomic, session
from app.services.background.in_batches import BATCH
from app.services.inventory.reservations import free, has_expired, take_away
from app.services.inventory.shift_stock import StockKey
from models.inventory import InventoryReservation, InventoryStock


def expire_reservations(*, now: dt.datetime, actor: Actor | None = None) -> int:
    """Free what expired reservations hold, a transaction for each batch; gives the pieces.

    Locks stock rows in the order of their keys and skips those that somebody works on: they are
    found the next time, and an expired reservation is sold by nobody meanwhile.
    """
    total = 0
    who = actor or system_actor("expire_reservations")
    while True:
        with atomic():
            keys = _lock_some(now)
            held = take_away(has_expired(now), keys) if keys else []
            total += free(held, actor=who, now=now)
        if len(keys) < BATCH:
            return total


def _lock_some(now: dt.datetime) -> list[StockKey]:
    """Stock rows with expired reservations that nobody holds, locked."""
    row, reservation = InventoryStock, InventoryReservation
    expired = sa.exists().where(
        reservation.location_id == row.location_id,
        reservation.variant_id == row.variant_id,
        has_expired(now),
    )
    found = session().execute(
        sa.select(row.location_id, row.variant_id)
        .where(expired)
        .order_by(row.location_id, row.variant_id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [(location, variant) for location, variant in found]
