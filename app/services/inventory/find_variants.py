"""Variants as people who work with stock look for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.inventory.variant_names import full_name
from app.session import INCLUDE_DELETED
from models.base import fits
from models.catalog import Product, ProductVariant
from models.inventory import InventoryStock

SHOWN = 20
CANDIDATES = 200
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class FoundVariant:
    """Stock at the location that was asked for, 0 where none is kept (``version`` 0 too);
    ``exact`` when barcode or SKU were typed or scanned."""

    variant_id: int
    sku: str
    barcode: str | None
    name: str
    on_hand: int
    available: int
    version: int
    exact: bool = False


def find_variants(text: str, location_id: int | None) -> list[FoundVariant]:
    """Up to 20 live variants by barcode, SKU or words of the name, whether for sale or not.

    A barcode or SKU that is typed whole finds that variant alone. Uses the trigram indexes.
    """
    text = " ".join(text.replace("\x00", "").split())[:100]
    if not text:
        return []
    row = ProductVariant
    code = sa.or_(row.barcode == text, row.sku == text, row.sku == text.upper())
    exact = _read(code, location_id, exact=True)
    return exact or _read(_by_words(text), location_id)


def read_variants(variant_ids: Collection[int], location_id: int | None) -> list[FoundVariant]:
    """These variants with their stock, deleted ones too, in the order of their names."""
    return _read(ProductVariant.id.in_(variant_ids), location_id, deleted=True)


def _by_words(text: str) -> sa.ColumnElement[bool]:
    words = [_pattern(word) for word in text.split()[:MOST_WORDS]]
    named = (
        sa.select(ProductVariant.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(*(fits(Product.name, word) for word in words))
        .limit(CANDIDATES)
    )
    whole = _pattern(text)
    coded = (
        sa.select(ProductVariant.id)
        .where(sa.or_(fits(ProductVariant.sku, whole), fits(ProductVariant.barcode, whole)))
        .limit(CANDIDATES)
    )
    found = sa.union_all(named, coded).subquery()
    return ProductVariant.id.in_(sa.select(found.c.id))


def _pattern(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"


def _read(
    condition: Any, location_id: int | None, *, exact: bool = False, deleted: bool = False
) -> list[FoundVariant]:
    row, stock = ProductVariant, InventoryStock
    here = sa.and_(stock.variant_id == row.id, stock.location_id == location_id)
    statement = (
        sa.select(
            row.id,
            row.sku,
            row.barcode,
            full_name.label("name"),
            sa.func.coalesce(stock.quantity_on_hand, 0),
            sa.func.coalesce(stock.quantity_available, 0),
            sa.func.coalesce(stock.version, 0),
            sa.literal(exact),
        )
        .join(Product, Product.id == row.product_id)
        .outerjoin(stock, here)
        .where(condition)
        .order_by(sa.literal_column("name"), row.id)
    )
    if not deleted:
        statement = statement.limit(SHOWN)
    options = INCLUDE_DELETED if deleted else {}
    rows = session().execute(statement, execution_options=options)
    return [FoundVariant(*values) for values in rows]
