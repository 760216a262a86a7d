"""Carts that the till keeps: parked ones, and quotations.

Neither ERD has a place for them. A draft order would stand among the orders, could be confirmed
without being charged and keeps no promise of prices; the quotes of services are for companies and
hours. A cart is kept as the till sent it, for nothing is counted or reserved until it is sold.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    NOT_NEGATIVE,
    Base,
    CreatedAt,
    IdentityKey,
    Json,
    Money,
    table_args,
    trigram,
)
from models.identity import USERS
from models.sales.orders import ORDERS

LOCATIONS = "inventory.locations.id"
CUSTOMERS = "customers.customers.id"


class ParkedSale(IdentityKey, CreatedAt, Base):
    __tablename__ = "parked_sales"
    __table_args__ = table_args(
        "sales",
        *trigram("parked_sales", "name"),
        sa.Index(None, "location_id", "expires_at"),
        sa.Index(None, "expires_at"),
        sa.Index(None, "created_at", "id"),
        comment="Carts put aside at a till; gone when somebody takes one up again",
    )
    __title__ = ("name", "created_at")
    __owners__ = ("user_id",)
    name: Mapped[str] = mapped_column(comment="What the cashier calls it")
    location_id: Mapped[int] = mapped_column(sa.ForeignKey(LOCATIONS), comment="Location")
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who parked it"
    )
    customer_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(CUSTOMERS, ondelete="SET NULL"), index=True, comment="Customer"
    )
    pieces: Mapped[int] = mapped_column(info={"min": 1}, comment="Pieces in the cart")
    total: Mapped[Money] = mapped_column(
        info=NOT_NEGATIVE, comment="What it came to when it was parked, in soles"
    )
    cart: Mapped[Json] = mapped_column(comment="Lines, discounts and coupon")
    expires_at: Mapped[dt.datetime] = mapped_column(comment="When it is thrown away")


class Quotation(IdentityKey, CreatedAt, Base):
    __tablename__ = "quotations"
    __table_args__ = table_args(
        "sales",
        *trigram("quotations", "number"),
        sa.Index(None, "location_id", "created_at"),
        sa.Index(None, "created_at", "id"),
        comment="Quotations of the till: what a cart would cost until a day",
    )
    __title__ = ("number",)
    __owners__ = ("user_id",)
    number: Mapped[str] = mapped_column(
        unique=True, comment="Number of the quotation, without gaps at each location"
    )
    location_id: Mapped[int] = mapped_column(sa.ForeignKey(LOCATIONS), comment="Location")
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who made it"
    )
    customer_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(CUSTOMERS, ondelete="SET NULL"), index=True, comment="Customer"
    )
    valid_until: Mapped[dt.date] = mapped_column(comment="Last day on which its prices hold")
    total: Mapped[Money] = mapped_column(info=NOT_NEGATIVE, comment="Total with tax, in soles")
    cart: Mapped[Json] = mapped_column(comment="Lines and discounts")
    priced: Mapped[Json] = mapped_column(comment="What each line costs, and why")
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(ORDERS), unique=True, comment="The sale that came of it"
    )
