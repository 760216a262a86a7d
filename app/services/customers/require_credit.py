"""Selling on credit: as much as the customer's limit allows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.money import ZERO
from app.services.customers.errors import CreditLimitError, CustomerNotFoundError
from models.customers import Customer
from models.sales import Order, OrderPayment


def require_credit(customer_id: int, amount: Decimal, *, actor: Actor, now: dt.datetime) -> Decimal:
    """Make sure that the customer may owe ``amount`` soles more; gives what is left after it.

    Inside the transaction that then writes the payment ``credit``. Locks the customer's row against
    another sale on credit (``FOR NO KEY UPDATE``: other sales aren't held up), before the loyalty
    account and the wallet. Raises :class:`CreditLimitError` and :class:`CustomerNotFoundError`.
    """
    del actor, now
    with atomic():
        limit = session().scalar(
            sa.select(Customer.credit_limit)
            .where(Customer.id == customer_id)
            .with_for_update(key_share=True, of=Customer)
        )
        if limit is None:
            raise CustomerNotFoundError(customer_id)
        owed = owed_by(customer_id)
        if owed + amount > limit:
            raise CreditLimitError(limit, owed, amount)
    return limit - owed - amount


def owed_by(customer_id: int) -> Decimal:
    """What the customer owes: sales on credit less what was paid or given back of them since."""
    owed = session().scalar(
        sa.select(sa.func.sum(OrderPayment.amount))
        .join(Order, Order.id == OrderPayment.order_id)
        .where(
            Order.customer_id == customer_id,
            OrderPayment.method == "credit",
            OrderPayment.status == "completed",
        )
    )
    return owed or ZERO
