"""Payments of orders: one row per tender. A negative amount is money given back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    NOT_NEGATIVE,
    Base,
    IdentityKey,
    Json,
    Money,
    Versioned,
    choices,
    table_args,
    trigram,
)
from models.currency import CURRENCIES, DEFAULT_CURRENCY
from models.defaults import EMPTY_OBJECT, ZERO
from models.sales.orders import IN_CURRENCY, ORDERS, Order

RETURNS = "sales.order_returns.id"


class OrderPayment(IdentityKey, Versioned, Base):
    __tablename__ = "payments"
    __table_args__ = table_args(
        "sales",
        sa.CheckConstraint("amount <> 0", name="amount_not_zero"),
        sa.CheckConstraint(
            "tendered IS NULL OR tendered = amount + change_given", name="tendered_adds_up"
        ),
        sa.CheckConstraint(
            "method = 'cash' OR (tendered IS NULL AND change_given = 0)", name="change_from_cash"
        ),
        sa.Index(None, "processed_at", "id"),
        *trigram("payments", "transaction_id"),
        comment="Payments of orders, one per tender; negative when money is given back",
    )
    __title__ = ("method", "amount")
    __parents__ = ("order_id",)
    __plural__ = "Order payments"
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(ORDERS), index=True, comment="Order")
    cash_session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.cash_sessions.id"), index=True, comment="Till session that took it"
    )
    return_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(RETURNS), index=True, comment="Return that the money was given back for"
    )
    method: Mapped[str] = mapped_column(
        info=choices(
            "cash",
            "card",
            "yape",
            "plin",
            "wallet",
            "points",
            "exchange",
            credit="On credit",
            transfer="Bank transfer",
        ),
        comment="How it was paid",
    )
    currency: Mapped[str] = mapped_column(
        default=DEFAULT_CURRENCY,
        server_default=DEFAULT_CURRENCY,
        info=CURRENCIES,
        comment="Currency of the amounts",
    )
    amount: Mapped[Money] = mapped_column(
        info=IN_CURRENCY, comment="What was kept of it; negative when given back"
    )
    tendered: Mapped[Money | None] = mapped_column(
        info=NOT_NEGATIVE | IN_CURRENCY, comment="Cash handed over"
    )
    change_given: Mapped[Money] = mapped_column(
        default=ZERO, server_default="0", info=NOT_NEGATIVE | IN_CURRENCY, comment="Change in cash"
    )
    transaction_id: Mapped[str | None] = mapped_column(
        comment="Number given by the card terminal, Yape, Plin or the bank"
    )
    status: Mapped[str] = mapped_column(
        default="pending",
        server_default="pending",
        info=choices("pending", "completed", "failed", "voided"),
        comment="State of the payment; only completed ones count",
    )
    gateway_response: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="Answer of the payment provider"
    )
    idempotency_key: Mapped[str] = mapped_column(
        unique=True, comment="Key that stops the same payment from being made twice"
    )
    idempotency_expires_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When the key may be forgotten"
    )
    processed_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When the payment was completed or failed"
    )
    order: Mapped[Order] = relationship(back_populates="payments", foreign_keys=[order_id])
