"""Carts as they are kept, and as they come back to a till."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from app.db import session
from app.services.sales.price_cart import Cart
from app.services.sales.price_list import current_price, full_name
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant
from models.inventory import InventoryStock

_JSON = TypeAdapter(Cart)


@dataclass(frozen=True, slots=True)
class RecalledLine:
    """A line with today's price, and what is ``available`` at the till's location."""

    variant_id: int
    sku: str
    name: str
    unit_price: Decimal
    available: int
    quantity: int
    discount_percent: Decimal


@dataclass(frozen=True, slots=True)
class RecalledCart:
    """What the till fills its cart with. Of a quotation: its id, ``number`` and ``total``, the last
    day it holds, and whether it ``holds`` now."""

    name: str
    lines: tuple[RecalledLine, ...]
    customer_id: int | None
    coupon: str
    discount_percent: Decimal
    quotation_id: int | None = None
    number: str = ""
    total: Decimal | None = None
    valid_until: dt.date | None = None
    holds: bool = False


def as_kept(cart: Cart) -> dict[str, Any]:
    """The cart as JSON."""
    kept: dict[str, Any] = _JSON.dump_python(cart, mode="json")
    return kept


def from_kept(content: dict[str, Any]) -> Cart:
    """The cart that :func:`as_kept` made."""
    return _JSON.validate_python(content)


def read_lines(cart: Cart, location_id: int) -> tuple[RecalledLine, ...]:
    """The lines with names, prices and stock of now, whether or not they may still be sold; one
    statement."""
    stock = sa.and_(
        InventoryStock.variant_id == ProductVariant.id, InventoryStock.location_id == location_id
    )
    rows = session().execute(
        sa.select(
            ProductVariant.id,
            ProductVariant.sku,
            full_name.label("name"),
            current_price.label("price"),
            sa.func.coalesce(InventoryStock.quantity_available, 0).label("available"),
        )
        .join(Product, Product.id == ProductVariant.product_id)
        .outerjoin(InventoryStock, stock)
        .where(ProductVariant.id.in_(cart.pieces)),
        execution_options=INCLUDE_DELETED,
    )
    known = {row.id: row for row in rows}
    return tuple(
        RecalledLine(
            row.id,
            row.sku,
            row.name,
            row.price,
            row.available,
            line.quantity,
            line.discount_percent,
        )
        for line in cart.lines
        if (row := known.get(line.variant_id)) is not None
    )
