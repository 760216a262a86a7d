"""What a cashier finds by typing or scanning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.sales.price_list import current_price, full_name
from models.base import escape_like, fits
from models.catalog import Product, ProductVariant
from models.inventory import InventoryStock

SHOWN = 30
CANDIDATES = 200
MOST_WORDS = 6
TRIGRAM = 3
PLANNING = {"enable_seqscan": "off", "enable_indexscan": "off", "jit": "off"}
"""The planner takes folding a text for free, and so would read tables instead of their indexes."""


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
    the product's name, of which the last one or two may be the variant's size or begin its colour
    instead; or the text is in the SKU or barcode. Of one or two letters a word, or the code, must
    begin with them. Accents and capitals don't matter. Codes that begin with the text come first,
    then what is in stock. The trigram indexes answer it, and at most 200 candidates of each kind
    are looked at, so that a common word costs no more than a rare one. Four statements at most.
    """
    text = " ".join(text.replace("\x00", "").split())[:100]
    if not any(map(str.isalnum, text)):
        return []
    exact = _read(_by_code(text), location_id, text, exact=True)
    if exact:
        return exact
    savepoint = session().begin_nested()  # its end takes the settings back
    try:
        session().execute(sa.select(*(sa.func.set_config(*one, True) for one in PLANNING.items())))
        return _by_words(text, location_id)
    finally:
        savepoint.rollback()


def _by_words(text: str, location_id: int) -> list[FoundProduct]:
    words = text.split()[:MOST_WORDS]
    found = _read(_among(_named(words), _coded(text)), location_id, text, exact=False)
    if found or len(words) == 1:
        return found
    facts = [_named(words[:-count], words[-count:]) for count in (1, 2) if count < len(words)]
    return _read(_among(*facts), location_id, text, exact=False)


def _by_code(text: str) -> sa.ColumnElement[bool]:
    variant = ProductVariant
    return sa.or_(variant.barcode == text, variant.sku == text, variant.sku == text.upper())


def _among(*candidates: Any) -> sa.ColumnElement[bool]:
    found = sa.union_all(*(one.limit(CANDIDATES) for one in candidates)).subquery()
    return ProductVariant.id.in_(sa.select(found.c.id))


def _named(words: Sequence[str], facts: Sequence[str] = ()) -> Any:
    """Variants whose product's name has the words, and that have the facts themselves."""
    return (
        sa.select(ProductVariant.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(*map(_in_name, words), *map(_in_variant, facts), *_for_sale())
    )


def _coded(text: str) -> Any:
    variant = ProductVariant
    holds = sa.or_(_in_code(variant.sku, text), _in_code(variant.barcode, text))
    return sa.select(variant.id).where(holds)


def _in_name(word: str) -> sa.ColumnElement[bool]:
    if len(word) >= TRIGRAM:
        return fits(Product.name, f"%{escape_like(word)}%")
    return sa.or_(
        fits(Product.name, f"{escape_like(word)}%"), fits(Product.name, f"% {escape_like(word)}%")
    )


def _in_variant(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        fits(ProductVariant.size, escape_like(word)),
        fits(ProductVariant.color, f"{escape_like(word)}%"),
    )


def _in_code(column: Any, text: str) -> sa.ColumnElement[bool]:
    start = "%" if len(text) >= TRIGRAM else ""
    return fits(column, f"{start}{escape_like(text)}%")


def _for_sale() -> tuple[sa.ColumnElement[bool], ...]:
    return (ProductVariant.is_active.is_(True), Product.status == "active")


def _read(condition: Any, location_id: int, text: str, *, exact: bool) -> list[FoundProduct]:
    stock = sa.and_(
        InventoryStock.variant_id == ProductVariant.id, InventoryStock.location_id == location_id
    )
    available = sa.func.coalesce(InventoryStock.quantity_available, 0)
    code_begins = sa.or_(
        ProductVariant.sku.istartswith(text, autoescape=True),
        sa.func.coalesce(ProductVariant.barcode, "").startswith(text, autoescape=True),
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
