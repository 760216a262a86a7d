"""What the variants of a sale cost now, and whether they may be sold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.db import session
from app.domain.tax import RATES
from app.services.sales.errors import UnsellableLine, UnsellableLinesError
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant

full_name = sa.func.concat_ws(" ", Product.name, ProductVariant.size, ProductVariant.color)
"""Name of a variant for people: the product's with size and colour."""

current_price = sa.func.coalesce(ProductVariant.price_override, Product.base_price)
"""Price of a piece with tax: the variant's own, else the product's."""


@dataclass(frozen=True, slots=True)
class PricedVariant:
    """``unit_price`` includes tax, up to four decimals; ``unit_cost`` is without."""

    variant_id: int
    sku: str
    name: str
    unit_price: Decimal
    unit_cost: Decimal
    tax_code: str


def read_prices(variant_ids: Collection[int]) -> dict[int, PricedVariant]:
    """Today's prices by variant; :class:`UnsellableLinesError` names all that aren't for sale."""
    rows = {
        row.id: row
        for row in session().execute(
            sa.select(
                ProductVariant.id,
                ProductVariant.sku,
                full_name.label("name"),
                current_price.label("unit_price"),
                Product.cost_price,
                Product.tax_code,
                sa.and_(
                    ProductVariant.is_active,
                    ProductVariant.deleted_at.is_(None),
                    Product.deleted_at.is_(None),
                    Product.status == "active",
                ).label("active"),
            )
            .join(Product, Product.id == ProductVariant.product_id)
            .where(ProductVariant.id.in_(variant_ids))
            .execution_options(**INCLUDE_DELETED)
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
            row.id, row.sku, row.name, row.unit_price, row.cost_price, row.tax_code
        )
        for row in rows.values()
    }


def _why_not(row: sa.Row[tuple[object, ...]] | None) -> str:
    if row is None:
        return "unknown"
    if not row.active:
        return "inactive"
    return "" if row.tax_code in RATES else "not_for_sale"
