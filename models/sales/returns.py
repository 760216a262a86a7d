"""Goods of an order that came back, and orders that were given up after they were paid.

Neither the order nor its payments can say which pieces came back together, which of them went to
the shelf, why, and what was given back for each: what the customer's receipt and a nota de crédito
have to tell. Hence a document with lines, beside the tables of the design.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Money,
    choices,
    table_args,
    trigram,
)
from models.defaults import ZERO
from models.identity import USERS
from models.sales.orders import ORDERS, Order, OrderItem
from models.sales.payments import RETURNS


class OrderReturn(IdentityKey, CreatedAt, Base):
    __tablename__ = "order_returns"
    __table_args__ = table_args(
        "sales",
        *trigram("order_returns", "number", "reason"),
        sa.Index(None, "created_at", "id"),
        sa.Index(
            "ix_order_returns_credit_note_due", "id", postgresql_where=sa.text("credit_note_due")
        ),
        comment="Goods that customers brought back, and paid orders that were cancelled",
    )
    __title__ = ("number",)
    __owners__ = ("user_id",)
    __parents__ = ("order_id",)
    number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number of the return, without gaps"
    )
    kind: Mapped[str] = mapped_column(
        default="return",
        server_default="return",
        info=choices("return", "exchange", "cancellation"),
        comment="Goods came back, were exchanged, or never left because the order was cancelled",
    )
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(ORDERS), index=True, comment="Order")
    exchange_order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(ORDERS), index=True, comment="Sale that the goods were exchanged for"
    )
    location_id: Mapped[int] = mapped_column(
        sa.ForeignKey("inventory.locations.id"), index=True, comment="Where the goods came back"
    )
    cash_session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.cash_sessions.id"), index=True, comment="Till session that gave back"
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who took the goods back"
    )
    approved_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who allowed a refund above the person's limit"
    )
    reason: Mapped[str] = mapped_column(info=MULTILINE, comment="Why")
    amount: Mapped[Money] = mapped_column(
        info=NOT_NEGATIVE, comment="Given back in all, points and debt included"
    )
    points_given: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Points that had paid, given back"
    )
    points_taken: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Points that had been earned, taken back",
    )
    points_missing: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Earned points that the customer had spent already",
    )
    credit_note_due: Mapped[bool] = mapped_column(
        default=False,
        server_default=sa.false(),
        comment="A document was issued for the order, so a nota de crédito must follow",
    )
    slip_prints: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | READONLY,
        comment="How often the slip was printed; all but the first are copies",
    )
    order: Mapped[Order] = relationship(foreign_keys=[order_id])
    items: Mapped[list[OrderReturnItem]] = relationship(
        back_populates="return_", order_by="OrderReturnItem.id"
    )


class OrderReturnItem(IdentityKey, Base):
    __tablename__ = "order_return_items"
    __table_args__ = table_args(
        "sales",
        sa.UniqueConstraint("return_id", "order_item_id"),
        comment="What came back in a return",
    )
    __title__ = ("order_item", "quantity")
    __parents__ = ("return_id",)
    return_id: Mapped[int] = mapped_column(sa.ForeignKey(RETURNS), comment="Return")
    order_item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sales.order_items.id"), index=True, comment="Line of the order"
    )
    quantity: Mapped[int] = mapped_column(info={"min": 1}, comment="Pieces that came back")
    restocked: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="Back to stock, for sale again"
    )
    amount: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Given back for them, points and debt included",
    )
    return_: Mapped[OrderReturn] = relationship(back_populates="items", foreign_keys=[return_id])
    order_item: Mapped[OrderItem] = relationship(foreign_keys=[order_item_id])
