"""Money of an order goes back, and its points go the other way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from app.actor import Actor
from app.db import atomic
from app.domain.loyalty import share_of_points
from app.services.customers.loyalty import (
    PointsChange,
    lock_account,
    points_of_order,
    post_points,
)


@dataclass(frozen=True, slots=True)
class RefundPoints:
    """``refunded`` is all that was refunded of the order so far, this time included, of its
    ``total``; both in soles, whatever the means of payment. ``customer_id`` is the order's."""

    customer_id: int
    order_id: int
    refunded: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class RefundedPoints:
    """Points that the order had earned and were taken back, and that had paid for it and were given
    back. ``missing`` should have been taken back too, but the customer has spent them."""

    taken: int = 0
    given: int = 0
    missing: int = 0


def refund_points(command: RefundPoints, *, actor: Actor, now: dt.datetime) -> RefundedPoints:
    """Take back what the refunded part of the order earned; give back what had paid for it.

    With the whole order refunded it is all of both, to the point. Safe to repeat for the same
    ``refunded``: what went back before counts. The balance never becomes negative. Points that are
    given back count from now when they expire. Part of the operation that refunds, inside its
    transaction: the order is locked, then this locks the customer's loyalty account.
    """
    del actor  # the audit log knows
    with atomic():
        balance = lock_account(command.customer_id)
        so_far = points_of_order(command.order_id)
        part, whole = command.refunded, command.total
        give = share_of_points(so_far.used, part, whole) - so_far.given_back
        take = share_of_points(so_far.earned, part, whole) - so_far.taken_back
        given, taken = max(give, 0), min(max(take, 0), balance + max(give, 0))
        for points in (given, -taken):
            if points:
                change = PointsChange("reverse", points, command.order_id)
                post_points(command.customer_id, change, now=now)
    return RefundedPoints(taken, given, max(take, 0) - taken)
