"""Changes of an order's state that wait for somebody's approval, and how they were answered.

The tables of orders say which changes need an approval (``order_status_transitions``) but have no
place for the request itself.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    choices,
    table_args,
    trigram,
)
from models.identity import USERS
from models.sales.orders import ORDER_STATES, ORDERS, STATUS_FORMAT, Order


class OrderApproval(IdentityKey, CreatedAt, Base):
    __tablename__ = "order_approvals"
    __table_args__ = table_args(
        "sales",
        sa.Index(
            "uq_order_approvals_pending",
            "order_id",
            "to_status",
            unique=True,
            postgresql_where=sa.text("status = 'pending'"),
        ),
        sa.CheckConstraint(
            f"from_status {STATUS_FORMAT} AND to_status {STATUS_FORMAT}", name="status_format"
        ),
        sa.CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided_once"),
        sa.Index(None, "order_id"),
        sa.Index(None, "created_at", "id"),
        *trigram("order_approvals", "reason"),
        comment="Changes of an order's state that were asked for, and the answers",
    )
    __title__ = ("order", "to_status")
    __parents__ = ("order_id",)
    order_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ORDERS, ondelete="CASCADE"), comment="Order"
    )
    from_status: Mapped[str] = mapped_column(
        info=ORDER_STATES, comment="State of the order when it was asked"
    )
    to_status: Mapped[str] = mapped_column(
        info=ORDER_STATES, comment="State that the order shall have"
    )
    reason: Mapped[str] = mapped_column(info=MULTILINE, comment="Why it was asked for")
    requested_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who asked"
    )
    status: Mapped[str] = mapped_column(
        default="pending",
        server_default="pending",
        info=choices("pending", "approved", "rejected", "void"),
        comment="How it was answered; void when the order moved meanwhile",
    )
    decided_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, info=READONLY, comment="Who answered"
    )
    decided_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was answered"
    )
    decision_reason: Mapped[str | None] = mapped_column(
        info=MULTILINE | READONLY, comment="Why it was answered so"
    )
    order: Mapped[Order] = relationship()
