"""The kardex of a variant at a location, for a period."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.kardex import ZERO, Balance, Entry, KardexLine, follow
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import (
    InvalidStockChangeError,
    UnknownLocationError,
    UnknownVariantsError,
)
from app.services.inventory.variant_names import full_name
from app.services.platform.business_time import business_zone
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant
from models.inventory import InventoryMovement, Location
from models.sales import Order
from models.sunat import ElectronicDocument

COSTS = ("inventory.inventory_movements", "unit_cost")
"""Whoever may not see this column sees pieces only."""


@dataclass(frozen=True, slots=True)
class ReadKardex:
    """``first`` and ``last`` are days of the business, both included."""

    variant_id: int
    location_id: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Kardex:
    """``opening`` is what was there before the first day. ``shows_costs`` is off for whoever may
    not see costs; then no page or file has them."""

    sku: str
    name: str
    unit_code: str
    location: str
    establishment: str
    first: dt.date
    last: dt.date
    opening: Balance
    lines: tuple[KardexLine, ...]
    shows_costs: bool

    @property
    def closing(self) -> Balance:
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def entered(self) -> int:
        return sum(line.entered for line in self.lines)

    @property
    def left(self) -> int:
        return sum(line.left for line in self.lines)

    def value(self, *, entered: bool) -> Decimal:
        """What the pieces that entered, or left, are worth together."""
        chosen = (line for line in self.lines if bool(line.entered) is entered)
        return sum((line.value for line in chosen), ZERO)


def read_kardex(command: ReadKardex, *, actor: Actor, now: dt.datetime) -> Kardex:
    """All movements of the period with the balance after each; reads the ledger from its start,
    because the average depends on all of it. Three statements.

    Raises :class:`~app.services.inventory.errors.UnknownVariantsError`,
    :class:`~app.services.inventory.errors.UnknownLocationError` and
    :class:`InvalidStockChangeError` for a period that ends before it begins.
    """
    del now
    if command.last < command.first:
        sentence = _("The period ends before it begins.")
        raise InvalidStockChangeError(sentence, fields={"last": str(sentence)})
    place = session().get(Location, command.location_id)
    if place is None:
        raise UnknownLocationError(command.location_id)
    goods = _goods(command.variant_id)
    zone = business_zone()
    begins = dt.datetime.combine(command.first, dt.time(), zone)
    ends = dt.datetime.combine(command.last + dt.timedelta(days=1), dt.time(), zone)
    opening, lines = Balance(), []
    for line in follow(_entries(command, ends), usual_cost=goods.cost_price):
        if line.entry.moment < begins:
            opening = line.balance
        else:
            lines.append(line)
    return Kardex(
        sku=goods.sku,
        name=goods.name,
        unit_code=goods.unit_code,
        location=place.name,
        establishment=place.establishment_code,
        first=command.first,
        last=command.last,
        opening=opening,
        lines=tuple(lines),
        shows_costs=COSTS[1] not in actor.policy.hidden(COSTS[0]),
    )


def _goods(variant_id: int) -> Any:
    found = (
        session()
        .execute(
            sa.select(
                ProductVariant.sku, full_name.label("name"), Product.unit_code, Product.cost_price
            )
            .join(Product, Product.id == ProductVariant.product_id)
            .where(ProductVariant.id == variant_id)
            .execution_options(**INCLUDE_DELETED)
        )
        .one_or_none()
    )
    if found is None:
        raise UnknownVariantsError([variant_id])
    return found


def _entries(command: ReadKardex, ends: dt.datetime) -> list[Entry]:
    row, here = InventoryMovement, command.location_id
    signed = sa.case((row.to_location_id == here, row.quantity), else_=-row.quantity)
    paper = _paper(row).lateral("paper")
    number = sa.func.coalesce(paper.c.number, Order.order_number, row.reference_doc, "")
    found = session().execute(
        sa.select(
            row.created_at,
            row.movement_type,
            signed,
            row.unit_cost,
            sa.func.coalesce(paper.c.document_type, ""),
            number,
            sa.func.coalesce(row.notes, ""),
        )
        .outerjoin(Order, Order.id == row.order_id)
        .outerjoin(paper, sa.true())
        .where(
            row.variant_id == command.variant_id,
            sa.or_(row.from_location_id == here, row.to_location_id == here),
            row.created_at < ends,
        )
        .order_by(row.created_at, row.id)
        .execution_options(**INCLUDE_DELETED)
    )
    return [Entry(*values) for values in found]


def _paper(row: type[InventoryMovement]) -> Any:
    """The latest electronic document of the movement's order: a note of credit for what came
    back, else a boleta or factura."""
    paper = ElectronicDocument
    number = sa.func.lpad(sa.cast(paper.correlative_number, sa.Text), 8, "0")
    return (
        sa.select(paper.document_type, sa.func.concat(paper.series, "-", number).label("number"))
        .where(
            paper.order_id == row.order_id,
            (paper.document_type == "07") == (row.movement_type == "return"),
        )
        .order_by(paper.id.desc())
        .limit(1)
    )
