"""What a cashier finds by typing or scanning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.sales.price_list import current_price, full_name
from models.catalog import Product, ProductVariant
from models.inventory import InventoryStock

SHOWN = 30
CANDIDATES = 200
MOST_WORDS = 6
TRIGRAM = 3


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """``available`` pieces at the till's location; ``exact`` when SKU or barcode were typed."""

    variant_id: int
    sku: str
    barcode: str | None
    name: str
    unit_price: Decimal
    available: int
    exact: bool


def find_products(text: str, location_id: int) -> list[FoundProduct]:
    """Up to 30 variants for sale by barcode, SKU or words of the name, best first.

    A barcode or SKU typed or scanned whole finds that variant alone. Otherwise all words must be in
    the product's name, or the text in the SKU or barcode; of one or two letters a word, or the
    code, must begin with them. All use the trigram indexes, and at most 200 candidates of each are
    looked at, so that a common word costs no more than a rare one.
    """
    text = " ".join(text.replace("\x00", "").split())[:100]
    if not any(map(str.isalnum, text)):
        return []
    exact = _read(_by_code(text), location_id, exact=True)
    return exact or _read(_by_words(text), location_id, exact=False)


def _by_code(text: str) -> sa.ColumnElement[bool]:
    variant = ProductVariant
    return sa.or_(variant.barcode == text, variant.sku == text, variant.sku == text.upper())


def _by_words(text: str) -> sa.ColumnElement[bool]:
    words = text.split()[:MOST_WORDS]
    in_name = (
        sa.select(ProductVariant.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(*(_in_name(word) for word in words), *_for_sale())
        .limit(CANDIDATES)
    )
    in_code = (
        sa.select(ProductVariant.id)
        .where(sa.or_(_in_code(ProductVariant.sku, text), _in_code(ProductVariant.barcode, text)))
        .limit(CANDIDATES)
    )
    found = sa.union_all(in_name, in_code).subquery()
    return ProductVariant.id.in_(sa.select(found.c.id))


def _in_name(word: str) -> sa.ColumnElement[bool]:
    if len(word) >= TRIGRAM:
        return Product.name.icontains(word, autoescape=True)
    return sa.or_(
        Product.name.istartswith(word, autoescape=True),
        Product.name.icontains(f" {word}", autoescape=True),
    )


def _in_code(column: sa.SQLColumnExpression[Any], text: str) -> sa.ColumnElement[bool]:
    if len(text) >= TRIGRAM:
        return column.icontains(text, autoescape=True)
    return column.istartswith(text, autoescape=True)


def _for_sale() -> tuple[sa.ColumnElement[bool], ...]:
    return (ProductVariant.is_active.is_(True), Product.status == "active")


def _read(condition: Any, location_id: int, *, exact: bool) -> list[FoundProduct]:
    stock = sa.and_(
        InventoryStock.variant_id == ProductVariant.id, InventoryStock.location_id == location_id
    )
    available = sa.func.coalesce(InventoryStock.quantity_available, 0)
    rows = session().execute(
        sa.select(
            ProductVariant.id,
            ProductVariant.sku,
            ProductVariant.barcode,
            full_name.label("name"),
            current_price.label("price"),
            available.label("available"),
        )
        .join(Product, Product.id == ProductVariant.product_id)
        .outerjoin(InventoryStock, stock)
        .where(condition, *_for_sale())
        .order_by(available <= 0, sa.literal_column("name"), ProductVariant.id)
        .limit(SHOWN)
    )
    return [
        FoundProduct(row.id, row.sku, row.barcode, row.name, row.price, row.available, exact)
        for row in rows
    ]
