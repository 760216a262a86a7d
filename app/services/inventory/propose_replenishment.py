"""What should be bought or brought, by how it sells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import InvalidStockChangeError
from app.services.inventory.stock import require_location
from app.services.inventory.variant_names import full_name
from app.services.platform.read_setting import read_setting
from models.catalog import Product, ProductVariant
from models.inventory import InventoryMovement, InventoryStock, StockTransfer, StockTransferLine

MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class ProposeReplenishment:
    """``sold_days`` is how far back sales count, ``lead_days`` how long new goods take to come and
    must last; without them the settings ``inventory.velocity_days`` and
    ``inventory.replenishment_days``. ``limit`` is how many lines are wanted; all without it."""

    location_id: int
    sold_days: int | None = None
    lead_days: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """``a_day`` is pieces sold a day, less those that came back; ``proposed`` is that for the lead
    days less what is available, rounded up. ``under_way`` pieces come by transfers, and are left to
    the reader to take off."""

    variant_id: int
    sku: str
    name: str
    sold: int
    a_day: Decimal
    available: int
    under_way: int
    proposed: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """``total`` counts all lines there are, the most urgent first."""

    location_id: int
    sold_days: int
    lead_days: int
    lines: tuple[ProposedLine, ...]
    total: int


def propose_replenishment(
    command: ProposeReplenishment, *, actor: Actor, now: dt.datetime
) -> Proposal:
    """Sales velocity × lead days − available, of every variant where that is above zero.

    Two statements. Raises :class:`~app.services.inventory.errors.UnknownLocationError` and
    :class:`InvalidStockChangeError` for days out of 1 to 365.
    """
    del actor
    require_location(command.location_id)
    sold_days = _days(command.sold_days, "sold_days", "inventory.velocity_days")
    lead_days = _days(command.lead_days, "lead_days", "inventory.replenishment_days")
    since = now - dt.timedelta(days=sold_days)
    rows = _read(command, since, Decimal(lead_days) / sold_days)
    lines = tuple(
        ProposedLine(
            row.id,
            row.sku,
            row.name,
            int(row.sold),
            (Decimal(row.sold) / sold_days).quantize(Decimal("0.01")),
            row.available,
            int(row.under_way),
            int(row.proposed),
        )
        for row in rows
    )
    total = int(rows[0].total) if rows else 0
    return Proposal(command.location_id, sold_days, lead_days, lines, total)


def _days(asked: int | None, field: str, setting: str) -> int:
    days = read_setting(setting) if asked is None else asked
    if not 1 <= days <= MOST_DAYS:
        sentence = _("Days are a whole number from 1 to %(most)s.", most=MOST_DAYS)
        raise InvalidStockChangeError(sentence, fields={field: str(sentence)})
    return int(days)


def _read(
    command: ProposeReplenishment, since: dt.datetime, periods: Decimal
) -> Sequence[sa.Row[Any]]:
    here = command.location_id
    sold, coming = _sold(here, since), _coming(here)
    stock = sa.and_(
        InventoryStock.variant_id == ProductVariant.id, InventoryStock.location_id == here
    )
    available = sa.func.coalesce(InventoryStock.quantity_available, 0)
    proposed = sa.func.ceil(sold.c.pieces * sa.literal(periods, sa.Numeric) - available)
    statement = (
        sa.select(
            ProductVariant.id,
            ProductVariant.sku,
            full_name.label("name"),
            sold.c.pieces.label("sold"),
            available.label("available"),
            sa.func.coalesce(coming.c.pieces, 0).label("under_way"),
            proposed.label("proposed"),
            sa.func.count().over().label("total"),
        )
        .join(sold, sold.c.variant_id == ProductVariant.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .outerjoin(InventoryStock, stock)
        .outerjoin(coming, coming.c.variant_id == ProductVariant.id)
        .where(proposed > 0, ProductVariant.is_active, Product.status == "active")
        .order_by((available / sold.c.pieces), proposed.desc(), ProductVariant.id)
    )
    return session().execute(statement.limit(command.limit)).all()


def _sold(here: int, since: dt.datetime) -> sa.Subquery:
    """Pieces that left for good since then, less those that came back, where that is any."""
    row = InventoryMovement
    pieces = sa.func.sum(
        sa.case((row.movement_type == "return", -row.quantity), else_=row.quantity)
    )
    return (
        sa.select(row.variant_id, pieces.label("pieces"))
        .where(
            row.created_at >= since,
            sa.or_(
                sa.and_(row.movement_type == "sell", row.from_location_id == here),
                sa.and_(row.movement_type == "return", row.to_location_id == here),
            ),
        )
        .group_by(row.variant_id)
        .having(pieces > 0)
        .subquery("sold")
    )


def _coming(here: int) -> sa.Subquery:
    """Pieces under way to the location."""
    line = StockTransferLine
    return (
        sa.select(line.variant_id, sa.func.sum(line.quantity_sent).label("pieces"))
        .join(StockTransfer, StockTransfer.id == line.transfer_id)
        .where(StockTransfer.status == "in_transit", StockTransfer.to_location_id == here)
        .group_by(line.variant_id)
        .subquery("coming")
    )
