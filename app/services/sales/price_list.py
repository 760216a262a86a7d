"""What the variants of a sale cost now, and whether they may be sold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import sqlalchemy as sa

from app.db import session
from app.domain.tax import RATES
from app.services.sales.errors import UnsellableLine, UnsellableLinesError
from app.session import INCLUDE_DELETED
from models.catalog import Category, Product, ProductVariant

full_name = sa.func.concat_ws(" ", Product.name, ProductVariant.size, ProductVariant.color)
"""Name of a variant for people: the product's with size and colour."""

current_price = sa.func.coalesce(ProductVariant.price_override, Product.base_price)
"""Price of a piece with tax: the variant's own, else the product's."""


@dataclass(frozen=True, slots=True)
class PricedVariant:
    """``unit_price`` includes tax, up to four decimals; ``unit_cost`` is without. ``unit_code`` is
    of SUNAT's catalogue 03."""

    variant_id: int
    sku: str
    name: str
    unit_price: Decimal
    unit_cost: Decimal
    tax_code: str
    product_id: int
    category_id: int | None
    brand_id: int | None
    unit_code: str = "NIU"


@cache
def _statement() -> sa.Executable:
    return (
        sa.select(
            ProductVariant.id,
            ProductVariant.sku,
            full_name.label("name"),
            current_price.label("unit_price"),
            Product.cost_price,
            Product.tax_code,
            Product.id.label("product_id"),
            Product.category_id,
            Product.brand_id,
            Product.unit_code,
            sa.and_(
                ProductVariant.is_active,
                ProductVariant.deleted_at.is_(None),
                Product.deleted_at.is_(None),
                Product.status == "active",
            ).label("active"),
        )
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.id.in_(sa.bindparam("variants", expanding=True)))
    )


def read_prices(variant_ids: Collection[int]) -> dict[int, PricedVariant]:
    """Today's prices by variant; :class:`UnsellableLinesError` names all that aren't for sale."""
    rows = {
        row.id: row
        for row in session().execute(
            _statement(), {"variants": list(variant_ids)}, execution_options=INCLUDE_DELETED
        )
    }
    refused = [
        UnsellableLine(variant, getattr(row, "sku", ""), getattr(row, "name", ""), reason)
        for variant in variant_ids
        if (reason := _why_not(row := rows.get(variant)))
    ]
    if refused:
        raise UnsellableLinesError(refused)
    return {
        row.id: PricedVariant(
            row.id,
            row.sku,
            row.name,
            row.unit_price,
            row.cost_price,
            row.tax_code,
            row.product_id,
            row.category_id,
            row.brand_id,
            row.unit_code,
        )
        for row in rows.values()
    }


def categories_above(category_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Each category with all those above it; one statement."""
    own = sa.select(Category.id.label("below"), Category.id, Category.parent_id)
    tree = own.where(Category.id.in_(category_ids)).cte("tree", recursive=True)
    above = sa.select(tree.c.below, Category.id, Category.parent_id)
    tree = tree.union(above.join(tree, Category.id == tree.c.parent_id))
    found = session().execute(
        sa.select(tree.c.below, sa.func.array_agg(tree.c.id)).group_by(tree.c.below)
    )
    return {below: frozenset(ids) for below, ids in found}


def _why_not(row: sa.Row[tuple[object, ...]] | None) -> str:
    if row is None:
        return "unknown"
    if not row.active:
        return "inactive"
    return "" if row.tax_code in RATES else "not_for_sale"
