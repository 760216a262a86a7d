"""Goods that were sold come back to the shelf."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import lock_row, session
from app.i18n import lazy_gettext as _
from app.services.inventory.commit_reservation import read_costs
from app.services.inventory.errors import (
    InvalidStockChangeError,
    Shortage,
    TooManyReturnedError,
)
from app.services.inventory.stock import Posting, StockChange, lock_stock, post, require_location
from app.services.inventory.variant_names import read_names
from app.services.platform.run_once import Answer, Claim, run_once
from models.inventory import InventoryMovement
from models.sales import Order

SCOPE = "inventory.return"


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """``unit_cost`` without tax, in soles; without it the product's."""

    variant_id: int
    quantity: int
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReturnStock:
    """``order_id`` is the sale that is undone, where it is known; ``reason`` is required."""

    key: str
    location_id: int
    lines: tuple[ReturnedLine, ...]
    reason: str
    order_id: int | None = None
    reference_doc: str | None = None


def return_stock(command: ReturnStock, *, actor: Actor, now: dt.datetime) -> Answer:
    """Add the pieces to stock, with one ledger row per line.

    Of an order no more comes back than the ledger says it took: :class:`TooManyReturnedError`
    names all such variants. Locks the stock rows in the order of their keys, then the order. Raises
    :class:`InvalidStockChangeError`, :class:`~app.services.inventory.errors.UnknownLocationError`
    and :class:`~app.services.inventory.errors.UnknownVariantsError`.
    """
    if not command.lines or any(line.quantity < 1 for line in command.lines):
        raise InvalidStockChangeError(_("Say how many pieces of what come back."))
    if not command.reason.strip():
        raise InvalidStockChangeError(
            _("Say why the goods come back."), fields={"reason": str(_("This is required."))}
        )

    def work() -> dict[str, Any]:
        require_location(command.location_id)
        lock_stock([(command.location_id, line.variant_id) for line in command.lines], create=True)
        if command.order_id is not None:
            _require_sold(command)
        costs = read_costs(line.variant_id for line in command.lines)
        changes = tuple(
            StockChange(
                line.variant_id,
                line.quantity,
                costs.get(line.variant_id) if line.unit_cost is None else line.unit_cost,
            )
            for line in command.lines
        )
        posting = Posting(
            command.location_id,
            "return",
            changes,
            order_id=command.order_id,
            reference_doc=command.reference_doc,
            notes=command.reason.strip(),
        )
        post(posting, actor=actor, now=now)
        return {"lines": len(changes), "pieces": sum(change.pieces for change in changes)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _require_sold(command: ReturnStock) -> None:
    row = InventoryMovement
    lock_row(sa.select(Order).where(Order.id == command.order_id))
    sold = sa.case(
        (row.movement_type == "sell", row.quantity),
        (row.movement_type == "return", -row.quantity),
        else_=0,
    )
    statement = (
        sa.select(row.variant_id, sa.func.sum(sold))
        .where(row.order_id == command.order_id)
        .group_by(row.variant_id)
    )
    left: dict[int, int] = {variant: int(n) for variant, n in session().execute(statement)}
    back: dict[int, int] = {}
    for line in command.lines:
        back[line.variant_id] = back.get(line.variant_id, 0) + line.quantity
    wrong = {variant: n for variant, n in back.items() if n > left.get(variant, 0)}
    if wrong:
        names = read_names(wrong)
        raise TooManyReturnedError(
            [
                Shortage(variant, names[variant].sku, names[variant].name, n, left.get(variant, 0))
                for variant, n in wrong.items()
            ]
        )
