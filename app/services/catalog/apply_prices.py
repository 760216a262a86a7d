"""The prices of a prepared change become the prices of the catalogue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.audit.why import tell_why
from app.db import atomic, session
from app.services.catalog.errors import (
    NAMED,
    ChangedPrice,
    JustificationError,
    PricesChangedError,
    PriceWarningsError,
)
from app.services.catalog.price_change import (
    REFERENCE,
    below_cost,
    current_price,
    find_price_change,
)
from app.session import INCLUDE_DELETED
from models.catalog import BulkPriceChange, BulkPriceLine, Product, ProductVariant

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class ApplyPrices:
    """``justification`` is required and kept with each price; ``accept_warnings`` says that prices
    of zero or below cost are meant. A change is applied once, however often it is asked."""

    price_change_id: int
    justification: str
    accept_warnings: bool = False


@dataclass(frozen=True, slots=True)
class AppliedPrices:
    """``replayed`` tells that it had been applied before."""

    price_change_id: int
    prices: int
    replayed: bool


def apply_prices(command: ApplyPrices, *, actor: Actor, now: dt.datetime) -> AppliedPrices:
    """Change all prices of the draft in one transaction, or none.

    Each is recorded in the history of prices as BULK with this change as its reference. Where all
    variants that have their product's price get the same new one, it becomes the product's;
    elsewhere it becomes the variant's own. Locks the change, then products, then variants, each in
    the order of their keys. Raises :class:`JustificationError`, :class:`PriceWarningsError`,
    :class:`~app.services.catalog.errors.UnknownPriceChangeError`, and :class:`PricesChangedError`
    that names what somebody changed or deleted since the preview.
    """
    justification = command.justification.replace("\x00", "").strip()[:LONGEST]
    with atomic():
        change = find_price_change(command.price_change_id, lock=True)
        if change.status == "applied":
            return AppliedPrices(change.id, change.prices, replayed=True)
        if not justification:
            raise JustificationError
        _lock(change)
        _require_as_seen(change)
        if not command.accept_warnings:
            _require_no_warnings(change)
        tell_why(justification, f"{REFERENCE}:{change.id}", "BULK")
        _write_base_prices(change, now)
        _write_own_prices(change)
        tell_why("")
        session().execute(sa.delete(BulkPriceLine).where(BulkPriceLine.bulk_change_id == change.id))
        change.status, change.justification = "applied", justification
        change.applied_by, change.applied_at = actor.user_id, now
        return AppliedPrices(change.id, change.prices, replayed=False)


def _mine(change: BulkPriceChange) -> sa.ColumnElement[bool]:
    return BulkPriceLine.bulk_change_id == change.id


def _lines(change: BulkPriceChange, *columns: Any) -> Any:
    """Of the draft's lines with their variants and products, deleted or not."""
    return (
        sa.select(*columns)
        .select_from(BulkPriceLine)
        .join(ProductVariant, ProductVariant.id == BulkPriceLine.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(_mine(change))
    )


def _lock(change: BulkPriceChange) -> None:
    """Nobody else changes these prices until the transaction ends."""
    products = _lines(change, ProductVariant.product_id)
    variants = sa.select(BulkPriceLine.variant_id).where(_mine(change))
    for model, keys in ((Product, products), (ProductVariant, variants)):
        rows = sa.select(model.id).where(model.id.in_(keys)).order_by(model.id)
        locked = rows.with_for_update(key_share=True).subquery()
        session().execute(
            sa.select(sa.func.count()).select_from(locked), execution_options=INCLUDE_DELETED
        )


def _require_as_seen(change: BulkPriceChange) -> None:
    gone = sa.or_(ProductVariant.deleted_at.is_not(None), Product.deleted_at.is_not(None))
    found = _lines(
        change,
        ProductVariant.sku,
        BulkPriceLine.old_price,
        sa.case((gone, None), else_=current_price).label("now"),
        sa.func.count().over().label("all_of_them"),
    ).where(sa.or_(gone, current_price != BulkPriceLine.old_price))
    rows = (
        session()
        .execute(found.order_by(ProductVariant.sku).limit(NAMED), execution_options=INCLUDE_DELETED)
        .all()
    )
    if rows:
        changed = [ChangedPrice(row.sku, row.old_price, row.now) for row in rows]
        raise PricesChangedError(changed, rows[0].all_of_them)


def _require_no_warnings(change: BulkPriceChange) -> None:
    new = BulkPriceLine.new_price
    zero, cheap = (
        session()
        .execute(
            _lines(
                change,
                sa.func.count().filter(new == 0),
                sa.func.count().filter(sa.and_(new > 0, below_cost(new))),
            )
        )
        .one()
    )
    if zero or cheap:
        raise PriceWarningsError(below_cost=cheap, zero=zero)


def _write_base_prices(change: BulkPriceChange, now: dt.datetime) -> None:
    """Where every live variant that follows the product gets one new price, so does the product."""
    new = BulkPriceLine.new_price
    together = (
        sa.select(ProductVariant.product_id, sa.func.min(new).label("price"))
        .outerjoin(
            BulkPriceLine, sa.and_(_mine(change), BulkPriceLine.variant_id == ProductVariant.id)
        )
        .where(
            ProductVariant.price_override.is_(None),
            ProductVariant.deleted_at.is_(None),
            ProductVariant.product_id.in_(_lines(change, ProductVariant.product_id)),
        )
        .group_by(ProductVariant.product_id)
        .having(sa.func.count() == sa.func.count(new), sa.func.min(new) == sa.func.max(new))
        .subquery()
    )
    session().execute(
        sa.update(Product)
        .where(Product.id == together.c.product_id)
        .values(base_price=together.c.price, updated_at=now)
        .execution_options(synchronize_session=False)
    )


def _write_own_prices(change: BulkPriceChange) -> None:
    """The prices that their products don't give."""
    session().execute(
        sa.update(ProductVariant)
        .where(
            _mine(change),
            ProductVariant.id == BulkPriceLine.variant_id,
            Product.id == ProductVariant.product_id,
            current_price != BulkPriceLine.new_price,
        )
        .values(price_override=BulkPriceLine.new_price)
        .execution_options(synchronize_session=False)
    )
