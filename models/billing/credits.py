"""Credit notes and the invoices they were applied to."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    READONLY,
    Base,
    CreatedAt,
    Info,
    Money,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.billing.columns import HAS_CUSTOMER, ToInvoice
from models.columns import Creator, Currency, DerivedAmount, ToCompany, ToContact

REASONS: Info = choices(
    "return", "discount", "cancellation", "correction", "overpayment", "refund", "goodwill"
)
STATUSES: Info = choices("draft", "open", "used", "expired", "void")


class CreditNote(UuidKey, Timestamps, Base):
    __tablename__ = "credit_notes"
    __table_args__ = table_args(
        "billing",
        sa.Index(None, "credit_date", "id"),
        sa.Index(None, "expires_at", postgresql_where=sa.text("status = 'open'")),
        sa.CheckConstraint(HAS_CUSTOMER, name="has_customer"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("balance_remaining <= amount", name="balance_within_amount"),
        sa.CheckConstraint("expires_at >= credit_date", name="expires_after_issue"),
        *trigram("credit_notes", "credit_number"),
        comment="Credit in favour of customers",
    )
    __title__ = ("credit_number",)
    __owners__ = ("created_by",)
    credit_number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number of the credit note"
    )
    customer_company_id: Mapped[ToCompany | None] = mapped_column(comment="Company credited")
    customer_contact_id: Mapped[ToContact | None] = mapped_column(comment="Contact credited")
    amount: Mapped[Money] = mapped_column(
        info={"currency": "currency"}, comment="Amount credited, tax included"
    )
    currency: Mapped[Currency]
    reason: Mapped[str] = mapped_column(info=REASONS, comment="Why it was given")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="The reason in detail, as printed"
    )
    credit_date: Mapped[dt.date] = mapped_column(comment="Date of issue")
    expires_at: Mapped[dt.date | None] = mapped_column(
        comment="Last day it can be applied; empty for never"
    )
    balance_remaining: Mapped[DerivedAmount] = mapped_column(
        comment="Credit not yet applied to an invoice"
    )
    is_fully_used: Mapped[bool] = mapped_column(
        sa.Boolean,
        sa.Computed("balance_remaining = 0", persisted=True),
        info=READONLY,
        comment="Nothing of it is left",
    )
    invoice_id: Mapped[ToInvoice | None] = mapped_column(comment="Invoice it corrects")
    refund_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.refunds.id"), index=True, comment="Refund it documents"
    )
    status: Mapped[str] = mapped_column(
        default="draft",
        server_default="draft",
        info=READONLY | STATUSES,
        comment="Whether it can be applied",
    )
    created_by: Mapped[Creator | None]
    applications: Mapped[list[CreditApplication]] = relationship(
        back_populates="credit_note",
        foreign_keys="CreditApplication.credit_note_id",
        order_by="CreditApplication.created_at, CreditApplication.id",
    )


class CreditApplication(UuidKey, CreatedAt, Base):
    __tablename__ = "credit_applications"
    __table_args__ = table_args(
        "billing",
        *trigram("credit_applications", "notes"),
        sa.Index(None, "applied_date", "id"),
        sa.CheckConstraint("amount_applied > 0", name="amount_positive"),
        comment="Credit applied to invoices",
    )
    __title__ = ("notes",)
    __parents__ = ("credit_note_id", "invoice_id")
    credit_note_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("billing.credit_notes.id"), index=True, comment="Credit note"
    )
    invoice_id: Mapped[ToInvoice] = mapped_column(comment="Invoice it was applied to")
    amount_applied: Mapped[Money] = mapped_column(comment="Amount applied, in the currency of both")
    applied_date: Mapped[dt.date] = mapped_column(comment="When it was applied")
    applied_by: Mapped[Creator | None] = mapped_column(comment="Who applied it")
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks")
    credit_note: Mapped[CreditNote] = relationship(
        back_populates="applications", foreign_keys=[credit_note_id]
    )
