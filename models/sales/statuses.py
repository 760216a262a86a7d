"""The order states: which may follow which (data, editable), and who changed them when.

The states themselves are data too: whatever the transitions name exists.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    APPEND_ONLY,
    MULTILINE,
    Base,
    IdentityKey,
    Inet,
    now,
    table_args,
    trigram,
)
from models.identity import USERS
from models.sales.orders import ORDER_STATES, ORDERS, STATUS_FORMAT, Order


class OrderStatusTransition(IdentityKey, Base):
    __tablename__ = "order_status_transitions"
    __table_args__ = table_args(
        "sales",
        sa.UniqueConstraint("from_status", "to_status"),
        sa.CheckConstraint("from_status <> to_status", name="statuses_differ"),
        sa.CheckConstraint(
            f"from_status {STATUS_FORMAT} AND to_status {STATUS_FORMAT}", name="status_format"
        ),
        comment="Which state of an order may follow which, and who may do it",
    )
    __title__ = ("from_status", "to_status")
    from_status: Mapped[str] = mapped_column(
        info=ORDER_STATES, comment="State before, such as draft"
    )
    to_status: Mapped[str] = mapped_column(
        info=ORDER_STATES, comment="State after, such as completed"
    )
    requires_approval: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), comment="Someone else must approve it"
    )
    required_permission: Mapped[str | None] = mapped_column(
        comment="Right that is needed, such as sales.orders:cancel"
    )
    priority: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="Order in which next states are offered"
    )


class OrderStatusChange(IdentityKey, Base):
    __tablename__ = "order_status_history"
    __table_args__ = table_args(
        "sales",
        *trigram("order_status_history", "change_reason"),
        sa.Index(None, "order_id", "changed_at"),
        sa.Index(None, "changed_at", "id"),
        sa.Index("ix_order_status_history_changed_at_brin", "changed_at", postgresql_using="brin"),
        comment="Each change of an order's state; never changed",
        **APPEND_ONLY,
    )
    __title__ = ("new_status", "changed_at")
    __parents__ = ("order_id",)
    __plural__ = "Order status history"
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(ORDERS), comment="Order")
    order: Mapped[Order] = relationship()
    previous_status: Mapped[str | None] = mapped_column(
        info=ORDER_STATES, comment="State before; empty for a new order"
    )
    new_status: Mapped[str] = mapped_column(info=ORDER_STATES, comment="State after")
    changed_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who changed it"
    )
    change_reason: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Why it was changed")
    ip_address: Mapped[Inet | None] = mapped_column(comment="Address the request came from")
    changed_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When it was changed"
    )
