"""The money of an order, by means of payment."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from app.db import session
from app.domain.refunds import CREDIT, Account
from models.sales import Order, OrderPayment


def read_account(order: Order) -> Account:
    """What came in for the order and what went back, by means of payment; one statement."""
    row = OrderPayment
    refund = sa.or_(row.return_id.is_not(None), sa.and_(row.amount < 0, row.method != CREDIT))
    rows = session().execute(
        sa.select(row.method, refund.label("refund"), sa.func.sum(row.amount))
        .where(row.order_id == order.id, row.status == "completed")
        .group_by(row.method, refund)
        .order_by(sa.func.min(row.id))
    )
    came: dict[str, Decimal] = {}
    went: dict[str, Decimal] = {}
    for method, is_refund, amount in rows:
        if is_refund:
            went[method] = -amount
        else:
            came[method] = amount
    return Account(order.grand_total, came, went)
