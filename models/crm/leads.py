"""Leads: interest that may become a deal."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    PERCENT,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    SoftDelete,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.columns import COLOR, Amount, Currency, No, Person, SortOrder, ToContact, Yes


class LeadSource(IdentityKey, CreatedAt, Base):
    __tablename__ = "lead_sources"
    __table_args__ = table_args("crm", comment="Where leads come from")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the source")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What counts as this source"
    )
    is_active: Mapped[Yes] = mapped_column(comment="Offered on new leads")


class LeadStatus(IdentityKey, CreatedAt, Base):
    __tablename__ = "lead_statuses"
    __table_args__ = table_args("crm", comment="Statuses that a lead goes through")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the status")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What a lead in this status means"
    )
    is_active: Mapped[Yes] = mapped_column(comment="Offered on leads")
    is_converted: Mapped[No] = mapped_column(comment="Given to a lead that became a deal")
    display_order: Mapped[SortOrder]
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the status")


class Lead(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "leads"
    __table_args__ = table_args(
        "crm",
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint(
            "(converted_at IS NULL) = (converted_to_deal_id IS NULL)", name="converted_to_a_deal"
        ),
        *trigram("leads", "title"),
        comment="Interest that may become a deal",
    )
    __title__ = ("title",)
    __owners__ = ("owner_id",)
    title: Mapped[str] = mapped_column(comment="What the lead is interested in, in one line")
    contact_id: Mapped[ToContact | None] = mapped_column(
        comment="Who is interested; may be empty until the lead is converted"
    )
    status_id: Mapped[int] = mapped_column(
        sa.ForeignKey("crm.lead_statuses.id"), index=True, comment="Status"
    )
    source_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("crm.lead_sources.id"), index=True, comment="Where the lead came from"
    )
    owner_id: Mapped[Person | None] = mapped_column(comment="Who works on the lead")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What is known of the lead"
    )
    estimated_value: Mapped[Amount] = mapped_column(comment="Value of the deal it may become")
    currency: Mapped[Currency]
    probability: Mapped[int] = mapped_column(
        default=0, server_default="0", info=PERCENT, comment="Chance of winning, percent"
    )
    expected_close_date: Mapped[dt.date | None] = mapped_column(
        index=True, comment="When the customer is expected to decide"
    )
    lead_score: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=READONLY | NOT_NEGATIVE,
        comment="Points by the scoring rules of the settings; more is better",
    )
    temperature: Mapped[str] = mapped_column(
        default="cold",
        server_default="cold",
        info=choices("cold", "warm", "hot"),
        comment="How keen the lead is",
    )
    requirements: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the customer needs"
    )
    budget_range: Mapped[str | None] = mapped_column(
        comment="Budget as the customer put it, such as 5,000 to 10,000"
    )
    decision_timeframe: Mapped[str | None] = mapped_column(
        comment="When the customer wants to decide, such as within 3 months"
    )
    decision_makers: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Who decides at the customer"
    )
    last_activity_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Latest activity on the lead"
    )
    converted_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the lead became a deal"
    )
    # Deals point to leads too, so this key is added after both tables exist.
    converted_to_deal_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("crm.deals.id", use_alter=True),
        unique=True,
        info=READONLY,
        comment="Deal that the lead became",
    )
