"""A count is given up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.actor import Actor
from app.services.inventory.stock_counts import lock_open_count
from app.services.platform.run_once import Answer, Claim, run_once

SCOPE = "inventory.cancel_count"


@dataclass(frozen=True, slots=True)
class CancelCount:
    key: str
    count_id: int


def cancel_count(command: CancelCount, *, actor: Actor, now: dt.datetime) -> Answer:
    """End the count without any correction; what was recorded stays to be looked at.

    Locks the count. Raises errors of
    :func:`~app.services.inventory.stock_counts.lock_open_count`.
    """

    def work() -> dict[str, Any]:
        count = lock_open_count(command.count_id)
        count.status = "cancelled"
        count.closed_at = max(now, count.opened_at)
        count.closed_by = actor.user_id
        return {"number": count.number}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)
