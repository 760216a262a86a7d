"""Stock is corrected by hand: breakage, loss, things found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.actor import Actor
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import InvalidStockChangeError
from app.services.inventory.stock import (
    Posting,
    StockChange,
    lock_stock,
    post,
    require_location,
    require_stock,
)
from app.services.platform.run_once import Answer, Claim, run_once

SCOPE = "inventory.adjust"


@dataclass(frozen=True, slots=True)
class AdjustedLine:
    """``change`` is added to what is on hand; not zero."""

    variant_id: int
    change: int


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """``reason`` is required and kept with each ledger row; ``key`` makes it safe to send twice."""

    key: str
    location_id: int
    lines: tuple[AdjustedLine, ...]
    reason: str


def adjust_stock(command: AdjustStock, *, actor: Actor, now: dt.datetime) -> Answer:
    """Change what is on hand by each line, with one ledger row per line.

    Never takes what is reserved, nor more than there is (unless the location allows it):
    :class:`~app.services.inventory.errors.InsufficientStockError` names all such lines. Locks the
    stock rows in the order of their keys.
    """
    if not command.lines or any(line.change == 0 for line in command.lines):
        raise InvalidStockChangeError(_("Say by how many pieces the stock of what changes."))
    if not command.reason.strip():
        raise InvalidStockChangeError(
            _("Say why the stock is corrected."), fields={"reason": str(_("This is required."))}
        )

    def work() -> dict[str, Any]:
        location = command.location_id
        require_location(location)
        levels = lock_stock([(location, line.variant_id) for line in command.lines], create=True)
        taken: dict[int, int] = {}
        for line in command.lines:
            taken[line.variant_id] = taken.get(line.variant_id, 0) - line.change
        require_stock(location, {key: count for key, count in taken.items() if count > 0}, levels)
        changes = tuple(StockChange(line.variant_id, line.change) for line in command.lines)
        posting = Posting(location, "adjust", changes, notes=command.reason.strip())
        post(posting, actor=actor, now=now)
        return {"lines": len(changes), "pieces": sum(change.pieces for change in changes)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)
