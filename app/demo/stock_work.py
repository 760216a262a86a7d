"""What goes on in the stockroom today: transfers under way, and a count that isn't finished.

Done by the operations themselves, so that their documents, ledger and numbers agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.actor import Actor
from app.demo.world import Place, World
from app.services.inventory.approve_count import ApproveCount, approve_count
from app.services.inventory.dispatch_transfer import (
    DispatchedLine,
    DispatchTransfer,
    dispatch_transfer,
)
from app.services.inventory.open_count import OpenCount, open_count
from app.services.inventory.receive_transfer import (
    ArrivedLine,
    ReceiveTransfer,
    receive_transfer,
)
from app.services.inventory.record_count import RecordCount, record_count
from models.inventory import InventoryStock

SENT, COUNTED = 6, 12
PLENTY = 8
"""Pieces available of what is sent or counted."""
HOUR = dt.timedelta(hours=1)


def add_stock_work(world: World) -> None:
    """Two transfers under way and one received with a piece missing, a count approved and one
    open."""
    home = world.warehouse
    if home is None:
        raise ValueError("There is no warehouse.")
    actor = Actor(user_id=world.users["warehouse"], name="Warehouse", source="cli")
    goods = _goods(world, home)
    shops = world.shops
    came = _send(world, (home, shops[0]), goods[:SENT], 50 * HOUR, actor)
    command = ReceiveTransfer(
        "demo-received",
        came,
        (ArrivedLine(goods[0], 3),),
        "Una pieza llegó rota",
    )
    receive_transfer(command, actor=actor, now=world.now - 26 * HOUR)
    _send(world, (home, shops[1]), goods[SENT : 2 * SENT], 5 * HOUR, actor)
    _send(world, (shops[0], shops[1]), _goods(world, shops[0])[:3], 2 * HOUR, actor)
    done = _count(world, home, goods[:COUNTED], COUNTED, actor)
    approver = Actor(user_id=world.users["manager"], name="Manager", source="cli")
    approve_count(ApproveCount("demo-approved", done), actor=approver, now=world.now - HOUR)
    _count(world, shops[1], _goods(world, shops[1])[:COUNTED], COUNTED // 2, actor)


def _goods(world: World, place: Place) -> Sequence[int]:
    """Variants that the place has plenty of."""
    row = InventoryStock
    statement = (
        sa.select(row.variant_id)
        .where(row.location_id == place.id, row.quantity_available >= PLENTY)
        .order_by(row.quantity_available.desc(), row.variant_id)
        .limit(4 * SENT)
    )
    return world.bulk.session.scalars(statement).all()


def _send(
    world: World,
    way: tuple[Place, Place],
    goods: Sequence[int],
    ago: dt.timedelta,
    actor: Actor,
) -> int:
    source, target = way
    lines = tuple(DispatchedLine(variant, 4) for variant in goods)
    key = f"demo-{source.code}-{target.code}-{ago}"
    command = DispatchTransfer(key, source.id, target.id, lines)
    sent = dispatch_transfer(command, actor=actor, now=world.now - ago)
    return int(sent.result["transfer_id"])


def _count(world: World, place: Place, goods: Sequence[int], counted: int, actor: Actor) -> int:
    """Open a count of these goods and count the first of them; every fifth misses a piece."""
    begun = world.now - 3 * HOUR
    command = OpenCount(
        f"demo-count-{place.code}", place.id, "list", variant_ids=tuple(goods), notes="Demo"
    )
    key = int(open_count(command, actor=actor, now=begun).result["count_id"])
    row = InventoryStock
    stock = world.bulk.session.execute(
        sa.select(row.variant_id, row.quantity_on_hand)
        .where(row.location_id == place.id, row.variant_id.in_(goods[:counted]))
        .order_by(row.variant_id)
    ).all()
    for number, (variant, on_hand) in enumerate(stock):
        found = on_hand - (number % 5 == 0)
        line = RecordCount(f"demo-count-{place.code}-{number}", key, found, variant)
        record_count(line, actor=actor, now=begun + number * dt.timedelta(minutes=2))
    return key
