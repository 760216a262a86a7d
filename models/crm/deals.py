"""Deals, the stages of the pipeline and what is offered in each deal."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    PERCENT,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Money,
    Percent,
    SoftDelete,
    Timestamps,
    UuidKey,
    now,
    table_args,
    trigram,
)
from models.columns import (
    COLOR,
    Amount,
    Currency,
    LineAmount,
    LinePrice,
    LineQuantity,
    No,
    Person,
    SortOrder,
    ToCompany,
    ToContact,
    ToServiceProduct,
    Yes,
)
from models.defaults import ZERO


class DealStage(IdentityKey, CreatedAt, Base):
    __tablename__ = "deal_stages"
    __table_args__ = table_args(
        "crm",
        sa.CheckConstraint("is_closed OR NOT is_won", name="won_is_closed"),
        comment="Stages of the deal pipeline",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the stage")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What must be true of a deal in this stage"
    )
    probability: Mapped[Percent] = mapped_column(
        default=ZERO,
        server_default="0",
        info=PERCENT,
        comment="Chance of winning that deals get on entering the stage, percent",
    )
    display_order: Mapped[SortOrder]
    is_closed: Mapped[No] = mapped_column(comment="Deals in this stage are decided")
    is_won: Mapped[No] = mapped_column(comment="Deals in this stage are won")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the column")
    rotting_after_days: Mapped[int | None] = mapped_column(
        info={"min": 1}, comment="Days after which a deal is marked as stale; empty for never"
    )


class DealType(IdentityKey, CreatedAt, Base):
    __tablename__ = "deal_types"
    __table_args__ = table_args("crm", comment="Types of deal")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the type")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What counts as this type"
    )
    is_active: Mapped[Yes] = mapped_column(comment="Offered on deals")


class Deal(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "deals"
    __table_args__ = table_args(
        "crm",
        sa.Index(None, "created_at", "id"),
        sa.Index(
            "ix_deals_pipeline",
            "stage_id",
            "expected_close_date",
            postgresql_where=sa.text("closed_at IS NULL AND deleted_at IS NULL"),
        ),
        sa.CheckConstraint("closed_at IS NOT NULL OR NOT is_won", name="won_is_closed"),
        *trigram("deals", "name"),
        comment="Sales in progress, from first offer to won or lost",
    )
    __title__ = ("name",)
    __owners__ = ("owner_id",)
    name: Mapped[str] = mapped_column(comment="What is being sold to whom, in one line")
    company_id: Mapped[ToCompany | None] = mapped_column(comment="Company that would buy")
    contact_id: Mapped[ToContact | None] = mapped_column(comment="Who decides or asks")
    lead_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("crm.leads.id"), index=True, comment="Lead that the deal came from"
    )
    owner_id: Mapped[Person | None] = mapped_column(comment="Who works on the deal")
    stage_id: Mapped[int] = mapped_column(
        sa.ForeignKey("crm.deal_stages.id"), index=True, comment="Stage of the pipeline"
    )
    stage_changed_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, info=READONLY, comment="When the deal entered its stage"
    )
    type_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("crm.deal_types.id"), index=True, comment="Type of deal"
    )
    amount: Mapped[Amount] = mapped_column(
        comment="Value of the deal; the sum of its products when it has any"
    )
    currency: Mapped[Currency]
    probability: Mapped[Percent] = mapped_column(
        default=ZERO, server_default="0", info=PERCENT, comment="Chance of winning, percent"
    )
    probability_is_manual: Mapped[No] = mapped_column(
        comment="The chance was set by hand and no longer follows the stage"
    )
    expected_close_date: Mapped[dt.date | None] = mapped_column(
        index=True, comment="When the customer is expected to decide"
    )
    actual_close_date: Mapped[dt.date | None] = mapped_column(comment="When it was decided")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What is known of the deal"
    )
    requirements: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the customer needs"
    )
    competitors: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Who else is bidding")
    next_steps: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What has to happen next, and by whom"
    )
    is_won: Mapped[No] = mapped_column(info=READONLY, comment="The customer said yes")
    lost_reason: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Why the customer said no"
    )
    closed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the deal was marked won or lost"
    )
    last_activity_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Latest activity on the deal"
    )
    products: Mapped[list[DealProduct]] = relationship(
        back_populates="deal",
        foreign_keys="DealProduct.deal_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="DealProduct.created_at, DealProduct.id",
    )


class DealProduct(UuidKey, Timestamps, Base):
    __tablename__ = "deal_products"
    __table_args__ = table_args(
        "crm",
        *trigram("deal_products", "notes"),
        sa.CheckConstraint("line_total >= 0", name="line_total_not_negative"),
        comment="Services offered in each deal",
    )
    __title__ = ("notes",)
    __parents__ = ("deal_id",)
    deal_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("crm.deals.id", ondelete="CASCADE"), index=True, comment="Deal"
    )
    product_id: Mapped[ToServiceProduct] = mapped_column(comment="Service offered")
    quantity: Mapped[LineQuantity] = mapped_column(comment="Units or hours")
    unit_price: Mapped[LinePrice] = mapped_column(comment="Price of one unit before discounts")
    discount_percent: Mapped[Percent] = mapped_column(
        default=ZERO, server_default="0", info=PERCENT, comment="Discount on the line, percent"
    )
    discount_amount: Mapped[LineAmount] = mapped_column(
        comment="Further discount on the line, as an amount"
    )
    line_total: Mapped[Money] = mapped_column(
        sa.Numeric(14, 2),
        sa.Computed(
            "round(quantity * unit_price * (1 - discount_percent / 100), 2) - discount_amount",
            persisted=True,
        ),
        info=READONLY,
        comment="Quantity times price less both discounts, before tax",
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks on the line")
    deal: Mapped[Deal] = relationship(back_populates="products", foreign_keys=[deal_id])
