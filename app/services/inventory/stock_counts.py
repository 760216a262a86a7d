"""Counts as the operations on them need them."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import lock_row
from app.services.inventory.errors import CountClosedError, CountNotFoundError
from models.inventory import StockCount


def lock_open_count(count_id: int, *, share: bool = False) -> StockCount:
    """The open count, locked until the transaction ends; before its stock rows are.

    Those who count ``share`` it; approving and cancelling wait for them and keep later ones out.
    Raises :class:`CountNotFoundError` and :class:`CountClosedError`.
    """
    count = lock_row(sa.select(StockCount).where(StockCount.id == count_id), share=share)
    if count is None:
        raise CountNotFoundError(count_id)
    if count.status != "open":
        raise CountClosedError(count.number)
    return count
