"""An order as its page shows it: goods and what is kept of them, payments, history, next steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.refunds import Account
from app.services.sales.find_order import find_order
from app.services.sales.order_account import read_account
from app.services.sales.order_goods import GONE
from models.inventory import InventoryReservation, Location
from models.sales import Order, OrderStatusTransition

UNDER_WAY = ("confirmed", "paid", "picking")
"""States in which goods are kept for the order."""


@dataclass(frozen=True, slots=True)
class OrderedGoods:
    """``held`` pieces are reserved now; ``left`` says that the goods have gone to the customer."""

    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    discount: Decimal
    total: Decimal
    held: int
    left: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """``asks`` says that somebody else must approve it."""

    to_status: str
    asks: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """``account`` counts what is bought on credit as paid; ``reserved_until`` is when the first
    reserved piece is free again, None while the order keeps them without end or holds none."""

    order: Order
    location: str
    goods: tuple[OrderedGoods, ...]
    account: Account
    reserved_until: dt.datetime | None
    steps: tuple[NextStep, ...]

    @property
    def missing(self) -> Decimal:
        return self.account.unpaid

    @property
    def lacks_goods(self) -> bool:
        """Whether goods should be kept for it and some aren't."""
        waits = self.order.status in UNDER_WAY
        return waits and any(one.held < one.quantity for one in self.goods)


def read_order(order_id: int, *, actor: Actor, now: dt.datetime) -> OrderView:
    """The order within the actor's reach; a fixed number of statements.

    Raises :class:`~app.services.sales.errors.OrderNotFoundError`.
    """
    order = find_order(order_id, actor=actor)
    held, until = _held(order.id, now)
    return OrderView(
        order=order,
        location=session().get_one(Location, order.location_id).name,
        goods=_goods(order, held),
        account=read_account(order),
        reserved_until=until,
        steps=tuple(_steps(order, actor)),
    )


def _goods(order: Order, held: dict[int, int]) -> tuple[OrderedGoods, ...]:
    """The lines; what is held of a variant goes to its lines in their order."""
    found, rest = [], dict(held)
    for item in order.items:
        kept = min(rest.get(item.variant_id, 0), item.quantity)
        rest[item.variant_id] = rest.get(item.variant_id, 0) - kept
        found.append(
            OrderedGoods(
                item.sku,
                item.description,
                item.quantity,
                item.unit_price,
                item.discount_amount,
                item.total_price,
                kept,
                order.status in GONE,
            )
        )
    return tuple(found)


def _held(order_id: int, now: dt.datetime) -> tuple[dict[int, int], dt.datetime | None]:
    row = InventoryReservation
    found: Sequence[Any] = (
        session()
        .execute(
            sa.select(row.variant_id, sa.func.sum(row.quantity), sa.func.min(row.expires_at))
            .where(row.order_id == order_id, sa.or_(row.expires_at.is_(None), row.expires_at > now))
            .group_by(row.variant_id)
        )
        .all()
    )
    ends = [until for _variant, _pieces, until in found if until is not None]
    return {variant: pieces for variant, pieces, _until in found}, min(ends, default=None)


def _steps(order: Order, actor: Actor) -> list[NextStep]:
    """Where the actor may take the order from here, in the order in which they are offered."""
    row = OrderStatusTransition
    found = session().scalars(
        sa.select(row).where(row.from_status == order.status).order_by(row.priority, row.id)
    )
    return [
        NextStep(one.to_status, one.requires_approval)
        for one in found
        if not one.required_permission or actor.may(one.required_permission)
    ]
