"""What an order's state does to its goods: kept for it, handed over, let go.

The caller has locked the goods (:func:`lock_goods`) before the order, as everybody does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.inventory.commit_reservation import read_costs
from app.services.inventory.reservations import free, has_expired, held_for, keys_held, take_away
from app.services.inventory.shift_stock import Shift, StockKey, shift_stock
from app.services.inventory.stock import Posting, StockChange, lock_stock, post, require_stock
from models.inventory import InventoryReservation
from models.sales import Order, OrderItem

GONE = frozenset({"shipped", "delivered", "completed"})
"""States in which the goods have left."""


def lock_goods(order: Order) -> None:
    """Lock the stock rows that the order's goods and reservations are of, by key."""
    keys: set[StockKey] = {(order.location_id, variant) for variant in pieces_of(order)}
    lock_stock(keys | set(keys_held(held_for(None, order.id))), create=True)


def pieces_of(order: Order) -> dict[int, int]:
    """Ordered pieces by variant; one statement."""
    row = OrderItem
    found = session().execute(
        sa.select(row.variant_id, sa.func.sum(row.quantity))
        .where(row.order_id == order.id)
        .group_by(row.variant_id)
    )
    return {variant: pieces for variant, pieces in found}  # noqa: C416 - a Result


def held_pieces(order_id: int, now: dt.datetime) -> dict[int, int]:
    """Pieces that are reserved for the order now, by variant; one statement."""
    row = InventoryReservation
    found = session().execute(
        sa.select(row.variant_id, sa.func.sum(row.quantity))
        .where(row.order_id == order_id, sa.or_(row.expires_at.is_(None), row.expires_at > now))
        .group_by(row.variant_id)
    )
    return {variant: pieces for variant, pieces in found}  # noqa: C416 - a Result


def hold_goods(order: Order, *, actor: Actor, now: dt.datetime) -> None:
    """Have all goods reserved for the order, without end; what had expired is reserved again.

    A fixed number of statements. Raises
    :class:`~app.services.inventory.errors.InsufficientStockError` with what is lacking.
    """
    wanted = pieces_of(order)
    keys = [(order.location_id, variant) for variant in wanted]
    free(take_away(has_expired(now), keys), actor=actor, now=now)
    held = held_pieces(order.id, now)
    missing = {variant: n - held.get(variant, 0) for variant, n in wanted.items()}
    missing = {variant: n for variant, n in missing.items() if n > 0}
    if missing:
        require_stock(order.location_id, missing, lock_stock(_keys(order, missing)))
        _reserve(order, missing, now)
        shifts = {key: Shift(reserved=missing[key[1]]) for key in _keys(order, missing)}
        shift_stock(shifts, actor=actor, now=now)
    session().execute(
        sa.update(InventoryReservation)
        .where(InventoryReservation.order_id == order.id)
        .values(expires_at=None)
        .execution_options(synchronize_session=False)
    )


def hand_over_goods(order: Order, *, actor: Actor, now: dt.datetime) -> None:
    """The goods leave: out of the reservation, out of stock and into the ledger as sold.

    What isn't reserved any more is reserved again first. Raises
    :class:`~app.services.inventory.errors.InsufficientStockError` with what is lacking.
    """
    wanted = pieces_of(order)
    if not wanted:  # of deliveries alone, or of services
        return
    hold_goods(order, actor=actor, now=now)
    taken = take_away(held_for(None, order.id), _keys(order, wanted))
    unreserved: dict[int, int] = {}
    for each in taken:
        unreserved[each.variant_id] = unreserved.get(each.variant_id, 0) + each.pieces
    costs = read_costs(wanted)
    changes = tuple(StockChange(variant, -n, costs.get(variant)) for variant, n in wanted.items())
    posting = Posting(
        order.location_id, "sell", changes, order_id=order.id, reference_doc=order.order_number
    )
    post(posting, actor=actor, now=now, unreserved=unreserved)


def let_goods_go(order: Order, *, actor: Actor, now: dt.datetime) -> None:
    """What was reserved for the order is free again."""
    condition = held_for(None, order.id)
    keys = keys_held(condition)
    if keys:
        free(take_away(condition, keys), actor=actor, now=now)


def _keys(order: Order, variants: Collection[int]) -> list[StockKey]:
    return [(order.location_id, variant) for variant in variants]


def _reserve(order: Order, missing: Mapping[int, int], now: dt.datetime) -> None:
    rows = [
        {
            "location_id": order.location_id,
            "variant_id": variant,
            "session_id": cart_of(order),
            "order_id": order.id,
            "quantity": pieces,
            "expires_at": None,
            "created_at": now,
        }
        for variant, pieces in missing.items()
    ]
    session().execute(sa.insert(InventoryReservation).returning(InventoryReservation.id), rows)


def cart_of(order: Order) -> str:
    """The name under which the order's goods are reserved."""
    return f"order {order.order_number}"
