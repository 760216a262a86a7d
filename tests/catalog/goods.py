"""Goods to work with, and who works."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor, acting_as
from app.db import atomic, session
from models.catalog import PriceChange, Product, ProductVariant
from models.identity import User

NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)


def new_key() -> str:
    return str(uuid.uuid4())


def manager() -> Actor:
    user = session().scalars(sa.select(User).where(User.username == "manager")).one()
    return Actor(user_id=user.id, name=user.full_name, ip="127.0.0.1")


def add_product(price: str, overrides: tuple[str | None, ...] = (None,), **values) -> list[int]:
    """A product with a variant for each of ``overrides``; gives the keys of the variants."""
    token = uuid.uuid4().hex[:8]
    with atomic() as current:
        given = {"name": f"Product {token}", "status": "active", "cost_price": Decimal(1), **values}
        product = Product(base_price=Decimal(price), **given)
        for number, own in enumerate(overrides):
            price_override = None if own is None else Decimal(own)
            variant = ProductVariant(sku=f"{token}-{number}", price_override=price_override)
            product.variants.append(variant)
        current.add(product)
        current.flush()
        return [variant.id for variant in product.variants]


def product_of(variant: int) -> Product:
    return session().get_one(Product, session().get_one(ProductVariant, variant).product_id)


def price_of(variant: int) -> Decimal:
    own, base = (
        session()
        .execute(
            sa.select(ProductVariant.price_override, Product.base_price)
            .join(Product)
            .where(ProductVariant.id == variant)
        )
        .one()
    )
    return base if own is None else own


def history(variant: int) -> list[PriceChange]:
    rows = sa.select(PriceChange).where(PriceChange.variant_id == variant).order_by(PriceChange.id)
    return list(session().scalars(rows))


def sku_of(variant: int) -> str:
    return session().get_one(ProductVariant, variant).sku


def by(actor: Actor):
    """The database is told that ``actor`` acts, as a request tells it."""
    return acting_as(actor)
