"""Goods arrive at a location."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import InvalidStockChangeError
from app.services.inventory.stock import Posting, StockChange, lock_stock, post, require_location
from app.services.platform.run_once import Answer, Claim, run_once

SCOPE = "inventory.receive"


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """``quantity`` pieces, one or more; ``unit_cost`` without tax, in soles."""

    variant_id: int
    quantity: int
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReceiveStock:
    """``key`` makes the operation safe to send twice; ``reference_doc`` is the supplier's."""

    key: str
    location_id: int
    lines: tuple[ReceivedLine, ...]
    reference_doc: str | None = None
    notes: str | None = None


def receive_stock(command: ReceiveStock, *, actor: Actor, now: dt.datetime) -> Answer:
    """Add the pieces to stock, with one ledger row per line; stock rows are made where missing.

    Locks the stock rows in the order of their keys. Raises :class:`InvalidStockChangeError`,
    :class:`~app.services.inventory.errors.UnknownLocationError` and
    :class:`~app.services.inventory.errors.UnknownVariantsError`.
    """
    if not command.lines or any(line.quantity < 1 for line in command.lines):
        raise InvalidStockChangeError(_("Say how many pieces of what have arrived."))

    def work() -> dict[str, Any]:
        require_location(command.location_id)
        lock_stock([(command.location_id, line.variant_id) for line in command.lines], create=True)
        changes = tuple(
            StockChange(line.variant_id, line.quantity, line.unit_cost) for line in command.lines
        )
        posting = Posting(
            command.location_id,
            "receive",
            changes,
            reference_doc=command.reference_doc,
            notes=command.notes,
        )
        post(posting, actor=actor, now=now)
        return {"lines": len(changes), "pieces": sum(change.pieces for change in changes)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)
