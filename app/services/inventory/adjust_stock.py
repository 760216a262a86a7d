"""Stock is corrected by hand: breakage, loss, things found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.actor import Actor
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import InvalidStockChangeError, StaleLine, StaleStockError
from app.services.inventory.shift_stock import StockKey
from app.services.inventory.stock import (
    Posting,
    StockChange,
    StockLevel,
    lock_stock,
    post,
    require_location,
    require_stock,
)
from app.services.inventory.variant_names import read_names
from app.services.platform.run_once import Answer, Claim, run_once

SCOPE = "inventory.adjust"
NEW = 1
"""Version of a stock row that nothing has happened to."""


@dataclass(frozen=True, slots=True)
class AdjustedLine:
    """``change`` is added to what is on hand; not zero.

    A screen that showed the stock sends what it showed: ``seen_version`` of the stock row (0 where
    there was none) and ``seen_on_hand``; the correction is refused when it has changed since.
    """

    variant_id: int
    change: int
    seen_version: int | None = None
    seen_on_hand: int | None = None


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
    stock rows in the order of their keys. Raises :class:`StaleStockError`, with what was seen and
    what there is, when the stock isn't what a line is based on.
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
        keys = [(location, line.variant_id) for line in command.lines]
        levels = lock_stock(keys, create=True)
        _require_fresh(command, levels)
        taken: dict[int, int] = {}
        for line in command.lines:
            taken[line.variant_id] = taken.get(line.variant_id, 0) - line.change
        require_stock(location, {key: count for key, count in taken.items() if count > 0}, levels)
        changes = tuple(StockChange(line.variant_id, line.change) for line in command.lines)
        posting = Posting(location, "adjust", changes, notes=command.reason.strip())
        post(posting, actor=actor, now=now)
        return {"lines": len(changes), "pieces": sum(change.pieces for change in changes)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _require_fresh(command: AdjustStock, levels: Mapping[StockKey, StockLevel]) -> None:
    """The stock is as the lines' screen showed it; a row made just now counts as version 0."""
    stale = [
        (line, level)
        for line in command.lines
        if line.seen_version is not None
        and (level := levels[command.location_id, line.variant_id]).version
        != (line.seen_version or NEW)
    ]
    if not stale:
        return
    names = read_names(line.variant_id for line, _level in stale)
    raise StaleStockError(
        [
            StaleLine(
                line.variant_id,
                names[line.variant_id].sku,
                names[line.variant_id].name,
                line.seen_on_hand or 0,
                level.on_hand,
                level.version,
            )
            for line, level in stale
        ]
    )
