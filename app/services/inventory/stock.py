"""Stock rows and their ledger: locking and posting, for the operations that move goods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.services.inventory.errors import (
    InsufficientStockError,
    Shortage,
    UnknownLocationError,
    UnknownVariantsError,
)
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant
from models.inventory import InventoryMovement, InventoryStock, Location

StockKey = tuple[int, int]
"""(location id, variant id): the order in which stock is locked everywhere."""


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Pieces of a variant at a location while we hold its lock."""

    on_hand: int
    available: int
    allows_negative: bool

    def has(self, pieces: int) -> bool:
        return self.allows_negative or self.available >= pieces


@dataclass(frozen=True, slots=True)
class StockChange:
    """``pieces`` enter (positive) or leave (negative); ``unit_cost`` without tax, in soles."""

    variant_id: int
    pieces: int
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """Changes at one location for one reason; ``movement_type`` is one of the ledger's."""

    location_id: int
    movement_type: str
    changes: tuple[StockChange, ...]
    order_id: int | None = None
    reference_doc: str | None = None
    notes: str | None = None


def require_location(location_id: int) -> Location:
    """The location; :class:`UnknownLocationError` unless it is in use."""
    location = session().get(Location, location_id)
    if location is None or not location.is_active:
        raise UnknownLocationError(location_id)
    return location


def lock_stock(keys: Collection[StockKey], *, create: bool = False) -> dict[StockKey, StockLevel]:
    """Lock the stock rows until the transaction ends, in the order of their keys.

    With ``create`` missing rows are made; otherwise they are missing in the answer. Raises
    :class:`UnknownVariantsError` when a row is to be made for a variant that isn't there.
    """
    wanted = sorted(set(keys))
    if create and wanted:
        _create_missing(wanted)
    row = InventoryStock
    locked = session().execute(
        sa.select(
            row.location_id,
            row.variant_id,
            row.quantity_on_hand,
            row.quantity_available,
            row.allows_negative,
        )
        .where(sa.tuple_(row.location_id, row.variant_id).in_(wanted))
        .order_by(row.location_id, row.variant_id)
        .with_for_update()
    )
    return {
        (location, variant): StockLevel(on_hand, available, allows_negative)
        for location, variant, on_hand, available, allows_negative in locked
    }


def _create_missing(keys: list[StockKey]) -> None:
    variants = {variant for _location, variant in keys}
    known = set(
        session().scalars(sa.select(ProductVariant.id).where(ProductVariant.id.in_(variants)))
    )
    if variants - known:
        raise UnknownVariantsError(sorted(variants - known))
    session().execute(
        insert(InventoryStock)
        .values([{"location_id": location, "variant_id": variant} for location, variant in keys])
        .on_conflict_do_nothing(index_elements=["variant_id", "location_id"])
    )


def post(posting: Posting, *, actor: Actor, now: dt.datetime) -> None:
    """Write the ledger and bring the stock rows in line; the caller holds their locks.

    One statement each. A variant may come in several changes.
    """
    totals: dict[int, int] = {}
    for change in posting.changes:
        totals[change.variant_id] = totals.get(change.variant_id, 0) + change.pieces
    # With RETURNING all rows go in one INSERT, and so through each trigger once.
    written = sa.insert(InventoryMovement).returning(InventoryMovement.id)
    session().execute(written, _movements(posting, actor, now))
    moved = sa.values(
        sa.column("variant_id", sa.BigInteger), sa.column("pieces", sa.Integer), name="moved"
    ).data(sorted(totals.items()))
    session().execute(
        sa.update(InventoryStock)
        .where(
            InventoryStock.location_id == posting.location_id,
            InventoryStock.variant_id == moved.c.variant_id,
        )
        .values(
            quantity_on_hand=InventoryStock.quantity_on_hand + moved.c.pieces,
            last_updated_at=now,
            last_updated_by=actor.user_id,
        )
        .execution_options(synchronize_session=False)
    )


def _movements(posting: Posting, actor: Actor, now: dt.datetime) -> list[dict[str, object]]:
    return [
        {
            "variant_id": change.variant_id,
            "from_location_id": posting.location_id if change.pieces < 0 else None,
            "to_location_id": posting.location_id if change.pieces > 0 else None,
            "user_id": actor.user_id,
            "movement_type": posting.movement_type,
            "quantity": abs(change.pieces),
            "unit_cost": change.unit_cost,
            "order_id": posting.order_id,
            "reference_doc": posting.reference_doc,
            "notes": posting.notes,
            "created_at": now,
        }
        for change in posting.changes
    ]


def require_stock(
    location_id: int, wanted: Mapping[int, int], levels: Mapping[StockKey, StockLevel]
) -> None:
    """Raise :class:`InsufficientStockError` naming every variant of which there is too little.

    ``wanted`` is pieces by variant; ``levels`` are the locked rows.
    """
    short = {
        variant: pieces
        for variant, pieces in wanted.items()
        if (level := levels.get((location_id, variant))) is None or not level.has(pieces)
    }
    if not short:
        return
    names = _names(short)
    raise InsufficientStockError(
        [
            Shortage(
                variant_id=variant,
                sku=names[variant][0],
                name=names[variant][1],
                wanted=pieces,
                available=max(levels[key].available, 0)
                if (key := (location_id, variant)) in levels
                else 0,
            )
            for variant, pieces in short.items()
        ]
    )


def _names(variant_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """(SKU, full name) by variant."""
    rows = session().execute(
        sa.select(
            ProductVariant.id,
            ProductVariant.sku,
            sa.func.concat_ws(" ", Product.name, ProductVariant.size, ProductVariant.color),
        )
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.id.in_(list(variant_ids)))
        .execution_options(**INCLUDE_DELETED)
    )
    return {variant: (sku, name) for variant, sku, name in rows}
