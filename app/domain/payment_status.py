"""What the payments of an order say about it."""

from __future__ import annotations

from decimal import Decimal


def payment_status(total: Decimal, *, paid: Decimal, refunded: Decimal) -> str:
    """One of unpaid, partially_paid, paid, partially_refunded, refunded.

    ``paid`` is the sum of what came in and ``refunded`` of what was given back, both zero or more.
    An order that costs nothing is paid.
    """
    if refunded > 0:
        return "refunded" if refunded >= paid else "partially_refunded"
    if paid >= total:
        return "paid"
    return "partially_paid" if paid > 0 else "unpaid"
