"""What variants are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import session
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant

full_name = sa.func.concat_ws(" ", Product.name, ProductVariant.size, ProductVariant.color)
"""Name of a variant for people: the product's with size and colour."""


@dataclass(frozen=True, slots=True)
class VariantName:
    sku: str
    name: str


def read_names(variant_ids: Iterable[int]) -> dict[int, VariantName]:
    """Names by variant, of deleted ones too; one statement."""
    rows = session().execute(
        sa.select(ProductVariant.id, ProductVariant.sku, full_name)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.id.in_(set(variant_ids)))
        .execution_options(**INCLUDE_DELETED)
    )
    return {variant: VariantName(sku, name) for variant, sku, name in rows}
