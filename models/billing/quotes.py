"""Quotes and their lines."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
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
from models.billing.columns import HAS_CUSTOMER, LINE_TYPES, LineUnit, ToInvoice, ToTemplate
from models.columns import (
    COLOR,
    Creator,
    Currency,
    DerivedAmount,
    DerivedLineAmount,
    Editor,
    LineAmount,
    LinePrice,
    LineQuantity,
    No,
    Person,
    SortOrder,
    ToCompany,
    ToContact,
    ToDeal,
    ToJob,
    ToServiceProduct,
    Yes,
)


class QuoteStatus(IdentityKey, CreatedAt, Base):
    __tablename__ = "quote_statuses"
    __table_args__ = table_args(
        "billing",
        sa.CheckConstraint("NOT (is_approved AND is_rejected)", name="approved_or_rejected"),
        comment="Statuses that a quote goes through",
    )
    __title__ = ("name",)
    # The two flags can't tell draft, sent, viewed, expired and superseded apart.
    code: Mapped[str | None] = mapped_column(
        unique=True,
        info=READONLY
        | choices("draft", "sent", "viewed", "accepted", "rejected", "expired", "superseded"),
        comment="What the system takes the status for; empty for one added by hand",
    )
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the status")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What a quote in this status means"
    )
    is_active: Mapped[Yes] = mapped_column(comment="Offered on quotes")
    is_approved: Mapped[No] = mapped_column(comment="The customer accepted the quote")
    is_rejected: Mapped[No] = mapped_column(comment="The customer rejected the quote")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the status")


class Quote(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "quotes"
    __table_args__ = table_args(
        "billing",
        sa.UniqueConstraint("parent_quote_id", "version_number"),
        sa.Index(None, "quote_date", "id"),
        sa.CheckConstraint(HAS_CUSTOMER, name="has_customer"),
        sa.CheckConstraint("valid_until >= quote_date", name="valid_after_issue"),
        sa.CheckConstraint("expiry_date >= quote_date", name="expires_after_issue"),
        sa.CheckConstraint("parent_quote_id <> id", name="not_its_own_parent"),
        sa.CheckConstraint(
            "converted_invoice_id IS NOT NULL OR NOT converted_to_invoice",
            name="converted_has_invoice",
        ),
        sa.CheckConstraint("signed_at IS NULL OR signed_by_name IS NOT NULL", name="signed_by"),
        *trigram("quotes", "quote_number", "title"),
        comment="Offers to customers; each revision is a quote of its own",
    )
    __title__ = ("quote_number", "title")
    __owners__ = ("created_by",)
    quote_number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number, with the version from the second one on"
    )
    title: Mapped[str] = mapped_column(comment="What is offered, in one line")
    customer_company_id: Mapped[ToCompany | None] = mapped_column(comment="Company it is made to")
    customer_contact_id: Mapped[ToContact | None] = mapped_column(
        comment="Contact it is made to, or who decides at the company"
    )
    deal_id: Mapped[ToDeal | None] = mapped_column(comment="Deal it belongs to")
    job_id: Mapped[ToJob | None] = mapped_column(comment="Job it is for, or that came of it")
    quote_date: Mapped[dt.date] = mapped_column(comment="Date of issue")
    valid_until: Mapped[dt.date | None] = mapped_column(comment="Last day to accept, as printed")
    expiry_date: Mapped[dt.date | None] = mapped_column(
        index=True, comment="Day after which the system marks it as expired"
    )
    template_id: Mapped[ToTemplate | None] = mapped_column(
        comment="Layout of the PDF; empty for the default"
    )
    currency: Mapped[Currency]
    subtotal: Mapped[DerivedAmount] = mapped_column(
        comment="Sum of the lines before tax, options not chosen left out"
    )
    discount_amount: Mapped[DerivedAmount] = mapped_column(comment="Sum of the discounts")
    tax_amount: Mapped[DerivedAmount] = mapped_column(comment="Sum of the taxes")
    total_amount: Mapped[DerivedAmount] = mapped_column(comment="What the customer would pay")
    status_id: Mapped[int] = mapped_column(
        sa.ForeignKey("billing.quote_statuses.id"), index=True, comment="Status"
    )
    terms_and_conditions: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Terms printed at the end"
    )
    scope_of_work: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the work covers"
    )
    assumptions: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the price takes for granted"
    )
    exclusions: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the price does not cover"
    )
    payment_schedule: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="When which part is to be paid"
    )
    public_notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Notes that the customer reads"
    )
    private_notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Notes that stay in the business"
    )
    sent_to_customer: Mapped[No] = mapped_column(info=READONLY, comment="It was sent")
    viewed_by_customer: Mapped[No] = mapped_column(
        info=READONLY, comment="The customer opened it in the portal"
    )
    customer_signature: Mapped[dict[str, Any] | None] = mapped_column(
        info=READONLY,
        comment="Drawn or typed signature, address, time and SHA-256 of the PDF signed",
    )
    signed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the customer signed"
    )
    signed_by_name: Mapped[str | None] = mapped_column(info=READONLY, comment="Who signed")
    signed_by_email: Mapped[str | None] = mapped_column(
        info=READONLY, comment="E-mail address of who signed"
    )
    converted_to_invoice: Mapped[No] = mapped_column(
        info=READONLY, comment="At least a part of it was invoiced"
    )
    converted_invoice_id: Mapped[ToInvoice | None] = mapped_column(
        info=READONLY, comment="First invoice made from it"
    )
    converted_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was first invoiced"
    )
    version_number: Mapped[int] = mapped_column(
        default=1, server_default="1", info=READONLY | {"min": 1}, comment="Version, from 1"
    )
    parent_quote_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.quotes.id"),
        info=READONLY,
        comment="Version it revises; empty on the first",
    )
    revision_reason: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Why it was revised"
    )
    created_by: Mapped[Creator | None]
    updated_by: Mapped[Editor | None]
    sent_by: Mapped[Person | None] = mapped_column(info=READONLY, comment="Who sent it")
    sent_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was first sent"
    )
    lines: Mapped[list[QuoteLineItem]] = relationship(
        back_populates="quote",
        foreign_keys="QuoteLineItem.quote_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="QuoteLineItem.sort_order, QuoteLineItem.id",
    )


class QuoteLineItem(UuidKey, CreatedAt, Base):
    __tablename__ = "quote_line_items"
    __table_args__ = table_args(
        "billing",
        *trigram("quote_line_items", "name"),
        sa.Index(None, "quote_id", "sort_order"),
        sa.CheckConstraint("alternative_to_line_id <> id", name="not_its_own_alternative"),
        comment="Lines of quotes",
    )
    __title__ = ("name",)
    __parents__ = ("quote_id",)
    quote_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("billing.quotes.id", ondelete="CASCADE"), comment="Quote"
    )
    product_id: Mapped[ToServiceProduct | None] = mapped_column(comment="Service offered")
    item_type: Mapped[str] = mapped_column(
        default="service", server_default="service", info=LINE_TYPES, comment="What the line offers"
    )
    name: Mapped[str] = mapped_column(comment="Name, as printed")
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Text below the name")
    quantity: Mapped[LineQuantity] = mapped_column(comment="Units or hours")
    unit: Mapped[LineUnit]
    unit_price: Mapped[LinePrice] = mapped_column(comment="Price of one unit before discounts")
    discount_amount: Mapped[LineAmount] = mapped_column(comment="Discount on the line")
    tax_amount: Mapped[DerivedLineAmount] = mapped_column(comment="Sum of the taxes on the line")
    line_total: Mapped[DerivedLineAmount] = mapped_column(
        comment="Quantity times price less the discount, rounded half up"
    )
    is_optional: Mapped[No] = mapped_column(comment="The customer may leave it out")
    alternative_to_line_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.quote_line_items.id", ondelete="CASCADE"),
        index=True,
        comment="Line that it can be chosen in place of",
    )
    notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Remarks that stay in the business"
    )
    sort_order: Mapped[SortOrder]
    quote: Mapped[Quote] = relationship(back_populates="lines", foreign_keys=[quote_id])
