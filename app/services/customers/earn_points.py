"""A customer earns points with a purchase."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.services.customers.loyalty import PointsChange, points_for, post_points
from models.customers import Customer


def earn_points(
    customer_id: int, amount: Decimal, order_id: int, *, actor: Actor, now: dt.datetime
) -> int:
    """The points that ``amount`` soles of the order give the customer, by the settings and the
    customer's segment; gives how many, 0 when there are none.

    Part of the operation that sells, inside its transaction and its claim: called twice, it gives
    points twice. ``amount`` is what was paid with money, without what points paid. Locks the
    customer's loyalty account.
    """
    del actor  # the audit log knows
    with atomic():
        segment = session().scalar(sa.select(Customer.segment).where(Customer.id == customer_id))
        points = points_for(amount, segment or "")
        if points:
            post_points(customer_id, PointsChange("earn", points, order_id), now=now)
    return points
