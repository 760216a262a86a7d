"""Somebody answers for a count: its differences become movements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.inventory.commit_reservation import read_costs
from app.services.inventory.errors import InvalidCountError
from app.services.inventory.stock import Posting, StockChange, lock_stock, post, require_stock
from app.services.inventory.stock_counts import lock_open_count
from app.services.platform.run_once import Answer, Claim, run_once
from models.inventory import InventoryAuditSnapshot, InventoryStock, StockCount, StockCountLine

SCOPE = "inventory.approve_count"


@dataclass(frozen=True, slots=True)
class ApproveCount:
    key: str
    count_id: int


def approve_count(command: ApproveCount, *, actor: Actor, now: dt.datetime) -> Answer:
    """Add each line's discrepancy to what is on hand now, and end the count.

    One ledger row per difference and one snapshot per counted line; lines that nobody counted stay
    as they are. Gives ``lines`` counted, ``corrected`` and ``pieces`` (the sum of the differences).
    Locks the count, then the stock rows by key. Raises
    :class:`~app.services.inventory.errors.InsufficientStockError` when more pieces were sold or
    reserved since than the count found (they must be counted again), :class:`InvalidCountError`
    when nothing was counted, and errors of
    :func:`~app.services.inventory.stock_counts.lock_open_count`.
    """

    def work() -> dict[str, Any]:
        count = lock_open_count(command.count_id)
        counted = _counted(count.id)
        if not counted:
            raise InvalidCountError(_("Nothing has been counted yet."))
        place = count.location_id
        levels = lock_stock([(place, variant) for variant in counted])
        differences = {variant: n for variant, n in counted.items() if n}
        require_stock(place, {v: -n for v, n in differences.items() if n < 0}, levels)
        costs = read_costs(differences)
        changes = tuple(StockChange(v, n, costs.get(v)) for v, n in differences.items())
        if changes:
            posting = Posting(place, "count", changes, reference_doc=count.number)
            post(posting, actor=actor, now=now)
        _remember(count)
        count.status = "approved"
        count.closed_at = max(now, count.opened_at)
        count.closed_by = actor.user_id
        return {
            "lines": len(counted),
            "corrected": len(changes),
            "pieces": sum(differences.values()),
        }

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _counted(count_id: int) -> dict[int, int]:
    """Discrepancy by variant, of the lines that were counted."""
    rows = session().execute(
        sa.select(StockCountLine.variant_id, StockCountLine.discrepancy).where(
            StockCountLine.count_id == count_id, StockCountLine.counted.is_not(None)
        )
    )
    return {variant: difference or 0 for variant, difference in rows}


def _remember(count: StockCount) -> None:
    """Snapshots of what was counted, and when each variant was; two statements."""
    line, stock, snapshot = StockCountLine, InventoryStock, InventoryAuditSnapshot
    mine = (line.count_id == count.id, line.counted.is_not(None))
    values = {
        "variant_id": line.variant_id,
        "location_id": sa.literal(count.location_id, sa.BigInteger),
        "snapshot_quantity": line.counted,
        "discrepancy": line.discrepancy,
        "snapshot_type": sa.literal("count"),
        "triggered_by": line.counted_by,
        "snapshot_at": line.counted_at,
    }
    seen = sa.select(*values.values()).where(*mine).order_by(line.id)
    session().execute(sa.insert(snapshot).from_select(list(values), seen))
    session().execute(
        sa.update(stock)
        .where(stock.location_id == count.location_id, stock.variant_id == line.variant_id, *mine)
        .values(last_counted_at=line.counted_at)
        .execution_options(synchronize_session=False)
    )
