"""The orders that somebody may work with."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row, session
from app.services.sales.errors import OrderNotFoundError
from models.sales import Order


def find_order(order_id: int, *, actor: Actor, action: str = "read", lock: bool = False) -> Order:
    """The order, locked if asked for, within the row scope of the actor's roles for ``action``.

    Raises :class:`OrderNotFoundError`, also for an order that is out of the actor's reach.
    """
    statement = sa.select(Order).where(Order.id == order_id)
    statement = scoped(statement, Order, Reader.of(actor), action)
    order: Order | None = lock_row(statement) if lock else session().scalar(statement)
    if order is None:
        raise OrderNotFoundError(order_id)
    return order
