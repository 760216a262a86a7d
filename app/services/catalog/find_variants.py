"""Variants by what people type: words of the name, SKU, barcode."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from models.base import escape_like, fits
from models.catalog import Product, ProductVariant

MOST_WORDS = 6


def holds_words(text: str) -> list[sa.ColumnElement[bool]]:
    """Conditions on variants joined with their products: each word is in name, SKU or barcode."""
    conditions = []
    for word in text.replace("\x00", "").split()[:MOST_WORDS]:
        pattern = f"%{escape_like(word)}%"
        columns = (Product.name, ProductVariant.sku, ProductVariant.barcode)
        conditions.append(sa.or_(*(fits(column, pattern) for column in columns)))
    return conditions


def find_variants(text: str, limit: int) -> list[int]:
    """Keys of the live variants that hold the words, by name; none for no words."""
    conditions = holds_words(text)
    if not conditions:
        return []
    rows = (
        sa.select(ProductVariant.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(*conditions)
        .order_by(Product.name, ProductVariant.id)
        .limit(limit)
    )
    return list(session().scalars(rows))
