"""A count of some shelves a month ago, and alerts for what runs low."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.demo.floor import Floor
from app.demo.rows import line, moment
from app.demo.world import LIMA
from models.inventory import (
    InventoryAlert,
    InventoryAuditSnapshot,
    InventoryMovement,
    InventoryStock,
)

COUNTED = 80
WATCHED = 240
LOW = 12
AFTER_CLOSING = 22 * 3600


def count_stock(floor: Floor, day: dt.date) -> None:
    """Count some articles in the first shop; differences become movements."""
    dice, stock, shop = floor.dice, floor.stock, 0
    place, keeper = stock.places[shop].id, floor.world.users["warehouse"]
    when, rows = moment(day, AFTER_CLOSING), []
    for index in dice.sample(range(len(floor.articles)), min(COUNTED, len(floor.articles))):
        on_hand, found = stock.on_hand[shop][index], dice.choice((0, 0, 0, 0, -1, -2, 1))
        if on_hand + found < stock.reserved[shop][index]:
            found = 0
        variant = floor.articles[index].variant_id
        if found:
            stock.on_hand[shop][index] += found
            floor.out.lines[InventoryMovement].append(
                line(
                    variant, place if found < 0 else None, place if found > 0 else None, keeper,
                    "count", abs(found), floor.articles[index].unit_cost, None, f"CONTEO-{day}",
                    "Diferencia de conteo", when,
                )
            )  # fmt: skip
        rows.append(
            {
                "variant_id": variant,
                "location_id": place,
                "snapshot_quantity": on_hand + found,
                "discrepancy": found,
                "snapshot_type": "count",
                "triggered_by": keeper,
                "snapshot_at": dt.datetime.combine(day, dt.time(22), LIMA),
            }
        )
    floor.world.bulk.add(InventoryAuditSnapshot, rows)


def add_alerts(floor: Floor) -> None:
    """Watch some articles in each shop; those that are below their level have been told."""
    session, stock = floor.world.bulk.session, floor.stock
    known = set(session.execute(sa.select(InventoryAlert.variant_id, InventoryAlert.location_id)))
    rows: list[dict[str, Any]] = []
    for shop, place in enumerate(floor.world.shops):
        for index in floor.dice.sample(
            range(len(floor.articles)), min(WATCHED, len(floor.articles))
        ):
            variant = floor.articles[index].variant_id
            if (variant, place.id) in known:
                continue
            available = stock.on_hand[shop][index] - stock.reserved[shop][index]
            threshold = floor.dice.randint(2, LOW)
            rows.append(
                {
                    "variant_id": variant,
                    "location_id": place.id,
                    "min_threshold": threshold,
                    "raised_at": floor.world.now if available < threshold else None,
                }
            )
    floor.world.bulk.add(InventoryAlert, rows)
    session.execute(
        sa.update(InventoryStock)
        .where(
            sa.exists().where(
                InventoryAuditSnapshot.variant_id == InventoryStock.variant_id,
                InventoryAuditSnapshot.location_id == InventoryStock.location_id,
            )
        )
        .values(last_counted_at=floor.world.now - dt.timedelta(days=30)),
        execution_options={"synchronize_session": False},
    )
