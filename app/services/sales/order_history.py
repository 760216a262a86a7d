"""The states that an order went through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import session
from models.identity import User
from models.sales import OrderStatusChange

SHOWN = 100


@dataclass(frozen=True, slots=True)
class PastState:
    status: str
    person: str
    reason: str
    at: dt.datetime


def read_order_history(order_id: int) -> Sequence[PastState]:
    """The latest first; one statement. The caller has found the order within the reader's reach."""
    row = OrderStatusChange
    found = session().execute(
        sa.select(
            row.new_status,
            sa.func.coalesce(User.full_name, ""),
            sa.func.coalesce(row.change_reason, ""),
            row.changed_at,
        )
        .outerjoin(User, User.id == row.changed_by)
        .where(row.order_id == order_id)
        .order_by(row.changed_at.desc(), row.id.desc())
        .limit(SHOWN)
    )
    return [PastState(*values) for values in found]
