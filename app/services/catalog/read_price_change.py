"""A bulk change of prices as its page shows it: totals, and the prices page by page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.db import session
from app.services.catalog.price_change import below_cost, lines_of, without_tax
from app.session import INCLUDE_DELETED
from models.catalog import BulkPriceChange, Product, ProductVariant

PAGE = 50


@dataclass(frozen=True, slots=True)
class PriceTotals:
    """``percent`` is the change of all prices together; None where they were all zero."""

    prices: int
    raised: int
    lowered: int
    below_cost: int
    zero: int
    percent: Decimal | None

    @property
    def warnings(self) -> int:
        return self.below_cost + self.zero


@dataclass(frozen=True, slots=True)
class PriceLine:
    """``margin`` is what stays of the new price without IGV after the cost, in percent; None where
    the cost isn't known or the price is zero."""

    variant_id: int
    sku: str
    name: str
    old_price: Decimal
    new_price: Decimal
    cost: Decimal
    margin: Decimal | None
    below_cost: bool


def read_price_totals(change: BulkPriceChange) -> PriceTotals:
    """One statement, whatever the number of prices."""
    line = lines_of(change)
    old, new = line.c.old_price, line.c.new_price
    count = sa.func.count
    row = (
        session()
        .execute(
            sa.select(
                count(),
                count().filter(new > old),
                count().filter(new < old),
                count().filter(sa.and_(new > 0, below_cost(new))),
                count().filter(new == 0),
                sa.cast(
                    (sa.func.sum(new) / sa.func.nullif(sa.func.sum(old), 0) - 1) * 100, sa.Numeric
                ),
            )
            .select_from(line)
            .join(ProductVariant, ProductVariant.id == line.c.variant_id)
            .join(Product, Product.id == ProductVariant.product_id),
            execution_options=INCLUDE_DELETED,
        )
        .one()
    )
    prices, raised, lowered, cheap, zero, percent = row
    return PriceTotals(prices, raised, lowered, cheap, zero, percent)


def read_price_lines(
    change: BulkPriceChange, page: int = 1, *, only_warnings: bool = False
) -> list[PriceLine]:
    """Fifty prices and one more, which tells that another page follows; in the order of keys."""
    line = lines_of(change)
    new = line.c.new_price
    net = without_tax(new)
    cheap = below_cost(new)
    margin = sa.case(
        (sa.and_(Product.cost_price > 0, new > 0), (net - Product.cost_price) / net * 100)
    )
    statement = (
        sa.select(
            ProductVariant.id,
            ProductVariant.sku,
            sa.func.concat_ws(" ", Product.name, ProductVariant.size, ProductVariant.color),
            line.c.old_price,
            new,
            Product.cost_price,
            margin,
            cheap,
        )
        .select_from(line)
        .join(ProductVariant, ProductVariant.id == line.c.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
        .order_by(ProductVariant.id)
    )
    if only_warnings:
        statement = statement.where(sa.or_(new == 0, cheap))
    statement = statement.limit(PAGE + 1).offset((max(page, 1) - 1) * PAGE)
    return [
        PriceLine(*row) for row in session().execute(statement, execution_options=INCLUDE_DELETED)
    ]
