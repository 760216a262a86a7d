"""The requests that wait for an approver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from models.customers import Customer
from models.identity import User
from models.sales import Order, OrderApproval

SHOWN = 100


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """``customer`` is empty where the reader may not see it; ``own`` says that the reader asked."""

    id: int
    order_id: int
    number: str
    customer: str
    total: Decimal
    currency: str
    from_status: str
    to_status: str
    reason: str
    person: str
    asked_at: dt.datetime
    own: bool


def read_approvals(*, actor: Actor, order_id: int | None = None) -> Sequence[PendingApproval]:
    """What waits, within the actor's reach, the oldest first, up to a hundred; one statement.

    ``order_id`` narrows it to an order.
    """
    row, hidden = OrderApproval, actor.policy.hidden("customers.customers")
    sees = actor.may("customers.customers:read") and "full_name" not in hidden
    statement = (
        sa.select(
            row.id,
            row.order_id,
            Order.order_number,
            sa.func.coalesce(Customer.full_name, "") if sees else sa.literal(""),
            Order.grand_total,
            Order.currency,
            row.from_status,
            row.to_status,
            row.reason,
            sa.func.coalesce(User.full_name, ""),
            row.created_at,
            sa.func.coalesce(row.requested_by == actor.user_id, sa.false()),
        )
        .join(Order, Order.id == row.order_id)
        .outerjoin(Customer, Customer.id == Order.customer_id)
        .outerjoin(User, User.id == row.requested_by)
        .where(row.status == "pending")
        .order_by(row.created_at, row.id)
        .limit(SHOWN)
    )
    if order_id is not None:
        statement = statement.where(row.order_id == order_id)
    found = session().execute(scoped(statement, row, Reader.of(actor), "read"))
    return [PendingApproval(*values) for values in found]
