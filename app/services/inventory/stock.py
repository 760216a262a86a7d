"""Stock rows and their ledger: locking and posting, for the operations that move goods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.services.inventory.errors import (
    GoodsOnTheirWayError,
    InsufficientStockError,
    Shortage,
    UnknownLocationError,
    UnknownVariantsError,
)
from app.services.inventory.shift_stock import Shift, StockKey, shift_stock
from app.services.inventory.variant_names import read_names
from models.catalog import ProductVariant
from models.inventory import InventoryMovement, InventoryStock, Location

NOTHING: Mapping[int, int] = MappingProxyType({})
"""No pieces of any variant."""


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Pieces of a variant at a location while we hold its lock."""

    on_hand: int
    available: int
    allows_negative: bool
    version: int = 0

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
    """The location; :class:`UnknownLocationError` unless it is in use.

    :class:`GoodsOnTheirWayError` for one that holds goods on their way: those change by their
    transfer only, so that what is there is always what is under way.
    """
    location = session().get(Location, location_id)
    if location is None or not location.is_active:
        raise UnknownLocationError(location_id)
    if location.type == "transit":
        raise GoodsOnTheirWayError(location.name)
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
            row.version,
        )
        .where(sa.tuple_(row.location_id, row.variant_id).in_(wanted))
        .order_by(row.location_id, row.variant_id)
        .with_for_update()
    )
    return {
        (location, variant): StockLevel(on_hand, available, allows_negative, version)
        for location, variant, on_hand, available, allows_negative, version in locked
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


def post(
    posting: Posting,
    *,
    actor: Actor,
    now: dt.datetime,
    unreserved: Mapping[int, int] = NOTHING,
) -> None:
    """Write the ledger and bring the stock rows in line; the caller holds their locks.

    One statement each. A variant may come in several changes. ``unreserved`` is pieces by variant
    that had been reserved and aren't any more, because they are among those that leave.
    """
    shifts: dict[StockKey, Shift] = {}
    for change in posting.changes:
        key = (posting.location_id, change.variant_id)
        shifts[key] = shifts.get(key, Shift()) + Shift(on_hand=change.pieces)
    for variant, pieces in unreserved.items():
        key = (posting.location_id, variant)
        shifts[key] = shifts.get(key, Shift()) + Shift(reserved=-pieces)
    # With RETURNING all rows go in one INSERT, and so through each trigger once.
    written = sa.insert(InventoryMovement).returning(InventoryMovement.id)
    session().execute(written, _movements(posting, actor, now))
    shift_stock(shifts, actor=actor, now=now)


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
    names = read_names(short)
    raise InsufficientStockError(
        [
            Shortage(
                variant_id=variant,
                sku=names[variant].sku,
                name=names[variant].name,
                wanted=pieces,
                available=max(levels[key].available, 0)
                if (key := (location_id, variant)) in levels
                else 0,
            )
            for variant, pieces in short.items()
        ]
    )
