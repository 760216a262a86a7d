"""What a cashier finds by typing or scanning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.sales.price_list import current_price, full_name
from models.base import fits, literally
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

    A barcode or SKU typed or scanned whole finds that variant alone. Otherwise each word must be in
    the product's name, or be the size or begin the colour, and one at least in the name; or the
    text is in the SKU or barcode. Of one or two letters a word, or the code, must begin with them.
    Accents and capitals don't matter. Codes that begin with the text come first, then what is in
    stock. All use the trigram indexes, and at most 200 candidates of each are looked at, so that a
    common word costs no more than a rare one.
    """
    text = " ".join(text.replace("\x00", "").split())[:100]
    if not any(map(str.isalnum, text)):
        return []
    exact = _read(_by_code(text), location_id, text, exact=True)
    return exact or _read(_by_words(text), location_id, text, exact=False)


def _by_code(text: str) -> sa.ColumnElement[bool]:
    variant = ProductVariant
    return sa.or_(variant.barcode == text, variant.sku == text, variant.sku == text.upper())


def _by_words(text: str) -> sa.ColumnElement[bool]:
    words = text.split()[:MOST_WORDS]
    in_name = (
        sa.select(ProductVariant.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(
            sa.or_(*map(_in_name, words)),  # the indexes answer this; the rest narrows it down
            *(sa.or_(_in_name(word), _in_variant(word)) for word in words if len(words) > 1),
            *_for_sale(),
        )
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
        return fits(Product.name, f"%{literally(word)}%")
    return sa.or_(
        fits(Product.name, f"{literally(word)}%"), fits(Product.name, f"% {literally(word)}%")
    )


def _in_variant(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        fits(ProductVariant.size, literally(word)),
        fits(ProductVariant.color, f"{literally(word)}%"),
    )


def _in_code(column: Any, text: str) -> sa.ColumnElement[bool]:
    start = "%" if len(text) >= TRIGRAM else ""
    return fits(column, f"{start}{literally(text)}%")


def _for_sale() -> tuple[sa.ColumnElement[bool], ...]:
    return (ProductVariant.is_active.is_(True), Product.status == "active")


def _read(condition: Any, location_id: int, text: str, *, exact: bool) -> list[FoundProduct]:
    stock = sa.and_(
        InventoryStock.variant_id == ProductVariant.id, InventoryStock.location_id == location_id
    )
    available = sa.func.coalesce(InventoryStock.quantity_available, 0)
    code_begins = sa.or_(
        fits(ProductVariant.sku, f"{literally(text)}%"),
        sa.func.coalesce(fits(ProductVariant.barcode, f"{literally(text)}%"), sa.false()),
    )
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
        .order_by(code_begins.desc(), available <= 0, sa.literal_column("name"), ProductVariant.id)
        .limit(SHOWN)
    )
    return [
        FoundProduct(row.id, row.sku, row.barcode, row.name, row.price, row.available, exact)
        for row in rows
    ]
