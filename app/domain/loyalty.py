"""Loyalty points: whole numbers, always rounded in favour of nobody but the arithmetic (down)."""

from __future__ import annotations

from decimal import Decimal

from app.domain.money import to_cents


def points_of_purchase(amount: Decimal, soles_per_point: Decimal, factor: Decimal) -> int:
    """Points that a purchase of ``amount`` soles earns; ``factor`` is the customer segment's.

    None where a point costs nothing: the programme then gives none.
    """
    if amount <= 0 or soles_per_point <= 0:
        return 0
    return int(amount * factor / soles_per_point)


def value_of_points(points: int, point_value: Decimal) -> Decimal:
    """What the points pay, in soles."""
    return to_cents(points * point_value)


def points_that_pay(amount: Decimal, point_value: Decimal) -> int | None:
    """How many points pay exactly that amount; None where no number of points does."""
    if point_value <= 0:
        return None
    points = int(amount / point_value)
    near = (points, points + 1)  # the value of points is rounded to the céntimo
    return next((p for p in near if p > 0 and value_of_points(p, point_value) == amount), None)


def share_of_points(points: int, part: Decimal, whole: Decimal) -> int:
    """The points of an order that go with ``part`` of its amount: all of them with all of it."""
    if part >= whole:
        return points
    return int(points * part / whole)
