"""Promotions, the coupons that start them, and what each took off an order."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    NOT_NEGATIVE,
    READONLY,
    Base,
    IdentityKey,
    Json,
    Money,
    SoftDelete,
    UnitPrice,
    choices,
    now,
    table_args,
    trigram,
)
from models.defaults import EMPTY_OBJECT, ZERO
from models.sales.orders import ORDERS, Order


class Promotion(IdentityKey, SoftDelete, Base):
    __tablename__ = "promotions"
    __table_args__ = table_args(
        "sales",
        sa.CheckConstraint("end_date > start_date", name="ends_later"),
        sa.CheckConstraint("type <> 'percent' OR value <= 100", name="percent_range"),
        sa.Index(None, "start_date", "id"),
        sa.Index(
            "ix_promotions_live",
            "priority",
            "id",
            postgresql_where=sa.text("is_active AND deleted_at IS NULL"),
        ),
        *trigram("promotions", "name"),
        comment="Discounts that apply by themselves or with a coupon",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(comment="Name shown on the receipt")
    type: Mapped[str] = mapped_column(
        info=choices(
            "percent",
            "fixed_amount",
            "bundle_price",
            "free_shipping",
            buy_x_get_y="Buy X get Y",
            nth_item="Nth item at a discount",
        ),
        comment="How the discount is computed",
    )
    value: Mapped[UnitPrice] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Percent, amount in soles or price of the bundle, as the type says",
    )
    start_date: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="From when it applies"
    )
    end_date: Mapped[dt.datetime | None] = mapped_column(
        comment="Until when it applies; empty for no end"
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="Applied to sales"
    )
    priority: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="Lower numbers are applied first"
    )
    conditions: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        comment="What must hold: amounts, goods, customers, places, days and hours",
    )


class Coupon(IdentityKey, Base):
    __tablename__ = "coupons"
    __table_args__ = table_args(
        "sales",
        sa.CheckConstraint("used_count <= max_uses", name="uses_left"),
        sa.CheckConstraint("code = upper(code)", name="code_upper_case"),
        sa.Index(None, "expires_at"),
        sa.Index(None, "batch", "id", postgresql_where=sa.text("batch IS NOT NULL")),
        *trigram("coupons", "code"),
        comment="Codes that start a promotion",
    )
    __title__ = ("code",)
    code: Mapped[str] = mapped_column(unique=True, comment="Code in capital letters")
    promotion_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sales.promotions.id"), index=True, comment="Promotion it starts"
    )
    max_uses: Mapped[int | None] = mapped_column(
        info={"min": 1}, comment="How often it may be used; empty for no limit"
    )
    max_uses_per_customer: Mapped[int | None] = mapped_column(
        info={"min": 1}, comment="How often one customer may use it; empty for no limit"
    )
    used_count: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | READONLY,
        comment="How often it was used; cancelled orders give it back",
    )
    expires_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it stops working; empty for as long as the promotion"
    )
    batch: Mapped[str | None] = mapped_column(
        info=READONLY, comment="Name of the batch that it was generated with"
    )


class OrderPromotion(IdentityKey, Base):
    __tablename__ = "order_promotions"
    __table_args__ = table_args("sales", comment="What each promotion took off an order")
    __title__ = ("promotion", "amount_discounted")
    __parents__ = ("order_id",)
    order_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ORDERS, ondelete="CASCADE"), index=True, comment="Order"
    )
    promotion_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sales.promotions.id"), index=True, comment="Promotion"
    )
    coupon_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.coupons.id"), index=True, comment="Coupon that started it"
    )
    amount_discounted: Mapped[Money] = mapped_column(
        info=NOT_NEGATIVE, comment="Amount taken off, in the order's currency"
    )
    order: Mapped[Order] = relationship(back_populates="promotions", foreign_keys=[order_id])
