"""What promotions look at, and what they give back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import ZERO, line_total
from app.domain.promotions.conditions import Conditions, Goods


@dataclass(frozen=True, slots=True)
class CartLine:
    """``key`` tells lines apart; ``categories`` are the product's and all above it.

    ``unit_price`` includes tax, in the cart's currency, up to four decimals; ``quantity`` > 0.
    """

    key: int
    variant_id: int
    product_id: int
    quantity: int
    unit_price: Decimal
    categories: frozenset[int] = frozenset()
    brand_id: int | None = None

    @property
    def total(self) -> Decimal:
        return line_total(self.quantity, self.unit_price)

    def among(self, goods: Goods) -> bool:
        """Whether the line is of these goods."""
        return (
            goods.everything
            or self.variant_id in goods.variants
            or self.product_id in goods.products
            or self.brand_id in goods.brands
            or not goods.categories.isdisjoint(self.categories)
        )


@dataclass(frozen=True, slots=True)
class Cart:
    """A sale to be. ``moment`` is local time; ``shipping`` what the delivery costs."""

    lines: tuple[CartLine, ...]
    moment: dt.datetime
    channel: str = "pos"
    location_id: int | None = None
    segment: str | None = None
    first_purchase: bool = False
    shipping: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion that might apply; ``coupon_id`` when a coupon started it.

    ``value`` is what the type makes of it: percent, soles, or the price of a bundle.
    """

    id: int
    name: str
    kind: str
    value: Decimal
    priority: int
    conditions: Conditions
    coupon_id: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What a promotion took off: ``lines`` by the key of the line, and off the shipping."""

    offer: Offer
    lines: Mapping[int, Decimal]
    shipping: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum(self.lines.values(), self.shipping)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A promotion that doesn't apply and why: a code of ``engine.REASONS``."""

    offer: Offer
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Discounts by line key (each line is there), what applied in its order, and what didn't."""

    discounts: Mapping[int, Decimal]
    shipping_discount: Decimal
    applied: tuple[Applied, ...]
    skipped: tuple[Skipped, ...]

    @property
    def total(self) -> Decimal:
        """All that is taken off: the sum of the lines' discounts and of the shipping's."""
        return sum(self.discounts.values(), self.shipping_discount)
