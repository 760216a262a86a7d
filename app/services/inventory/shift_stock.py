"""The only statement that changes quantities, and with them the alerts that they cross."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from app.actor import Actor
from app.db import session
from app.services.inventory.tell_low_stock import LowStock, tell_low_stock
from models.inventory import InventoryAlert, InventoryStock

StockKey = tuple[int, int]
"""(location id, variant id): the order in which stock is locked everywhere."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added to a stock row: pieces on hand, and pieces of them that are reserved."""

    on_hand: int = 0
    reserved: int = 0

    def __add__(self, other: Shift) -> Shift:
        return Shift(self.on_hand + other.on_hand, self.reserved + other.reserved)


def shift_stock(shifts: Mapping[StockKey, Shift], *, actor: Actor, now: dt.datetime) -> None:
    """Add to the stock rows, whose locks the caller holds, and raise or clear their alerts.

    One statement. An alert is raised when fewer pieces are available than its threshold, and those
    who look after alerts are told once; it is cleared when there are enough again. Alert rows are
    locked after the stock rows, and only those that change.
    """
    rows = [(*key, shift.on_hand, shift.reserved) for key, shift in sorted(shifts.items())]
    columns = zip(
        ("locations", "variants", "on_hand", "reserved"), zip(*rows, strict=True), strict=True
    )
    given = {name: list(values) for name, values in columns}
    found = session().execute(_statement(), {**given, "now": now, "who": actor.user_id}).all()
    low = [
        LowStock(row.id, row.variant_id, row.location_id, row.available, row.min_threshold)
        for row in found
        if row.raised_at is not None
    ]
    if low:
        tell_low_stock(low, actor=actor, now=now)


@cache
def _statement() -> sa.Executable:
    """Made once: as an array each, its parameters fit any number of rows."""
    stock, alert = InventoryStock.__table__, InventoryAlert.__table__
    now = sa.bindparam("now", type_=sa.DateTime(timezone=True))
    moved = (
        sa.func.unnest(
            sa.bindparam("locations", type_=pg.ARRAY(sa.BigInteger)),
            sa.bindparam("variants", type_=pg.ARRAY(sa.BigInteger)),
            sa.bindparam("on_hand", type_=pg.ARRAY(sa.Integer)),
            sa.bindparam("reserved", type_=pg.ARRAY(sa.Integer)),
        )
        .table_valued(
            sa.column("location_id", sa.BigInteger),
            sa.column("variant_id", sa.BigInteger),
            sa.column("on_hand", sa.Integer),
            sa.column("reserved", sa.Integer),
        )
        .render_derived(name="moved")
    )
    changed = (
        sa.update(stock)
        .where(stock.c.location_id == moved.c.location_id, stock.c.variant_id == moved.c.variant_id)
        .values(
            quantity_on_hand=stock.c.quantity_on_hand + moved.c.on_hand,
            quantity_reserved=stock.c.quantity_reserved + moved.c.reserved,
            last_updated_at=now,
            last_updated_by=sa.bindparam("who", type_=sa.BigInteger),
        )
        .returning(
            stock.c.location_id, stock.c.variant_id, stock.c.quantity_available.label("available")
        )
        .cte("changed")
    )
    is_low = changed.c.available < alert.c.min_threshold
    return (
        sa.update(alert)
        .where(
            alert.c.location_id == changed.c.location_id,
            alert.c.variant_id == changed.c.variant_id,
            alert.c.is_active,
            is_low == alert.c.raised_at.is_(None),
        )
        .values(raised_at=sa.case((is_low, now), else_=sa.null()))
        .returning(
            alert.c.id,
            alert.c.variant_id,
            alert.c.location_id,
            changed.c.available,
            alert.c.min_threshold,
            alert.c.raised_at,
        )
    )
